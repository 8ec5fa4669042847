from __future__ import annotations

import contextlib
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # it has no types
from hypothesis import given
from hypothesis import strategies as st

from config.calendarfaults import CalendarError
from config.ical import events
from config.icalbounds import LARGEST_BYTES, MOST_EVENTS

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN, END = 1_790_000_000.0, 1_800_000_000.0


def read(*lines: str) -> list[str]:
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])
    return [event.title for event in events(text.encode(), BERLIN, BEGIN, END)]


def repeated(rule: str) -> list[str]:
    return read("BEGIN:VEVENT", "UID:a", "DTSTART:20261001T080000Z", f"RRULE:{rule}", "SUMMARY:anna", "END:VEVENT")


@pytest.mark.parametrize("content", [b"", b"hello", b"<html></html>", b"BEGIN:VCALENDAR\r\nfoo\r\n", b"\x00\xff\xfe"])
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(CalendarError):
        events(content, BERLIN, BEGIN, END)


def test_a_component_that_is_no_calendar_is_refused() -> None:
    with pytest.raises(CalendarError, match="no calendar"):
        events(b"BEGIN:VEVENT\r\nSUMMARY:BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", BERLIN, BEGIN, END)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;BYSECOND=1,2,3",
    ],
)
def test_what_would_never_end_is_refused(rule: str) -> None:
    with pytest.raises(CalendarError, match="repeated"):
        repeated(rule)


def test_an_event_that_cannot_be_read_is_refused_and_not_quoted() -> None:
    with pytest.raises(CalendarError) as caught:
        read("BEGIN:VEVENT", "DTSTART:Mustermann", "SUMMARY:Mustermann", "END:VEVENT")
    assert "Mustermann" not in str(caught.value)


def test_too_large_and_too_many_are_refused() -> None:
    with pytest.raises(CalendarError, match="larger than"):
        events(b"BEGIN:VCALENDAR" + b" " * LARGEST_BYTES, BERLIN, BEGIN, END)
    one = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTART:20261001T080000Z\r\nSUMMARY:a\r\nEND:VEVENT"
    with pytest.raises(CalendarError, match="more than"):
        read(*(one.format(number) for number in range(MOST_EVENTS + 1)))


def test_a_local_time_without_a_zone_is_one_of_the_municipality() -> None:
    text = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261101T080000\r\nSUMMARY:a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    (event,) = events(text.replace(b"SUMMARY:a", b"DTEND:20261101T090000\r\nSUMMARY: a \\n b"), BERLIN, BEGIN, END)
    assert (event.title, event.start, event.end) == ("a b", 1_793_516_400.0, 1_793_520_000.0)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    with contextlib.suppress(CalendarError):
        events(b"BEGIN:VCALENDAR\r\n" + noise + b"\r\nEND:VCALENDAR\r\n", BERLIN, BEGIN, END)


@given(
    st.lists(
        st.sampled_from(
            [
                "DTSTART:20261001T080000Z",
                "DTSTART;VALUE=DATE:20261001",
                "DTEND:20261001",
                "SUMMARY:a",
                "RRULE:FREQ=DAILY",
                "RRULE:FREQ=WEEKLY;BYDAY=XX",
                "EXDATE:x",
                "RDATE:20261001",
                "UID:a",
                "RECURRENCE-ID:20261002",
                "DURATION:-P1D",
                "DTSTART;TZID=Nowhere:20261001T080000",
                "RRULE:FREQ=DAILY;UNTIL=x",
                "STATUS:CANCELLED",
            ]
        ),
        max_size=7,
    )
)
def test_any_lines_of_an_event_are_read_or_refused(lines: list[str]) -> None:
    with contextlib.suppress(CalendarError):
        read("BEGIN:VEVENT", *lines, "END:VEVENT")


def hostile(
    name: str, *, zone: str = "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", count: int = 1, start: str = "20261001"
) -> bytes:
    observance = f"BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:{zone}"
    head = f"BEGIN:VTIMEZONE\r\nTZID:X\r\n{observance}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    one = f"DTSTART;TZID=X:{start}T080000\r\nSUMMARY:a\r\n{name}\r\nEND:VEVENT\r\n"
    entries = "".join(f"BEGIN:VEVENT\r\nUID:{number}\r\n{one}" for number in range(count))
    return f"BEGIN:VCALENDAR\r\n{head}{entries}END:VCALENDAR\r\n".encode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (hostile("STATUS:CONFIRMED", zone="FREQ=SECONDLY"), "time zone"),
        (hostile("STATUS:CONFIRMED", zone="FREQ=DAILY"), "time zone"),
        (hostile("STATUS:CONFIRMED", zone="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "not known to come again"),
        (hostile("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "not known to come again"),
        (hostile("RRULE:FREQ=MONTHLY;BYMONTH=2", start="20260131"), "not known to come again"),
        (hostile("RRULE:FREQ=MONTHLY;INTERVAL=12;BYMONTH=2"), "not known to come again"),
        (hostile("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6"), "not known to come again"),
        (hostile("RRULE:FREQ=YEARLY;BYWEEKNO=53"), "not known to come again"),
        (hostile("RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=MO"), "not known to come again"),
        (hostile("RRULE:FREQ=DAILY", start="00010101"), "more than 50 years"),
        (hostile("RRULE:FREQ=DAILY", start="16010101"), "more than 50 years"),
        (hostile("RRULE:FREQ=DAILY", start="19800101", count=50), "too long ago"),
        (hostile("RRULE:FREQ=DAILY", count=99), "too many"),
        (hostile("RRULE:FREQ=WEEKLY", count=101), "more than"),
        (hostile("RRULE:FREQ=DAILY\r\nDURATION:P9000D"), "longer than a year"),
        (hostile("RECURRENCE-ID:20261002T080000Z", start="95000101"), "longer than a year"),
        (hostile("RDATE:" + ",".join(["20261002T080000Z"] * 2000)), "more than"),
        (b"BEGIN:VCALENDAR\r\n" * 100_000, "more than"),
    ],
)
def test_what_would_take_long_is_refused_before_it_is_expanded(content: bytes, why: str) -> None:
    with pytest.raises(CalendarError, match=why):
        events(content, BERLIN, BEGIN, END)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=14",
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU;WKST=MO",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYDAY=-1SU",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
        "FREQ=YEARLY;BYDAY=4TH;BYMONTH=11",
        "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=MO;BYMONTH=11;BYSETPOS=2",
    ],
)
def test_what_calendar_programs_write_is_expanded(rule: str) -> None:
    assert set(repeated(rule)) == {"anna"}
    assert len(repeated(rule)) > 1


@given(
    st.fixed_dictionaries(
        {"FREQ": st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])},
        optional={
            "INTERVAL": st.integers(0, 14),
            "BYMONTH": st.integers(0, 13),
            "BYMONTHDAY": st.integers(-32, 32),
            "BYDAY": st.sampled_from(["MO", "5MO", "-5SU", "1FR", "MO,TU,WE", "53SU"]),
            "BYSETPOS": st.integers(-8, 8),
        },
    ),
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
)
def test_what_is_not_refused_comes_again_within_thirty_years(parts: dict[str, str | int], start: date) -> None:
    rule = ";".join(f"{key}={value}" for key, value in parts.items())
    with contextlib.suppress(CalendarError):
        read("BEGIN:VEVENT", "UID:a", f"DTSTART:{start:%Y%m%d}T080000Z", f"RRULE:{rule}", "END:VEVENT")
        begin = datetime(start.year, start.month, start.day, 8)  # noqa: DTZ001  # as the library calls it
        assert next(iter(rrulestr(rule, dtstart=begin))).year <= start.year + 30


def test_descriptions_pictures_and_who_takes_part_are_not_read() -> None:
    noise = "DESCRIPTION:" + "x" * 100_000
    assert read(
        "BEGIN:VEVENT", "DTSTART:20261101T080000Z", noise, "ATTENDEE;;;", "SUMMARY:a", " nna", "END:VEVENT"
    ) == ["anna"]

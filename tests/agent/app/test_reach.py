"""What ``check`` warns of where a message crosses what it is about."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import config
from agent.app.loading import prepare
from agent.app.reach import reach_remarks
from agent.app.rosters import offline_roster
from agent.risk.rules import RULE_OPTIONS
from config.errors import Problem
from config.loader import Loaded, load

Remarks = Callable[..., list[str]]

NOW = 1_800_000_000.0  # 15 January 2027

EXAMPLES = Path(config.__file__).parent / "examples"
COUNTY = """\
defaults: {needs: [home]}
uplink: {site: home}
sites: {home: {}, hub: {}, b: {}, c: {}}
links:
  way: {kind: fibre, ends: [home, hub]}
  on: {kind: fibre, ends: [hub, b]}
  near: {kind: fibre, ends: [home, c], shared_risk: [duct]}
  lte: {kind: mobile, ends: [home, c], standby: true, shared_risk: [duct]}
"""
CRITICAL = "routes: [{match: {severity: critical}, receivers: [on-call]}]"
WARNING = "name a second receiver in the route, or as its fallback"

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise


def _remarks(loaded: Loaded) -> Iterator[Problem]:
    return reach_remarks(loaded, offline_roster(loaded.settings, NOW), NOW)


@pytest.fixture
def remarks(tmp_path: Path) -> Remarks:
    (tmp_path / "apprise").write_text("json://127.0.0.1:9", encoding="utf-8")

    def remarks_on(receivers: str, routes: str = CRITICAL, county: str = COUNTY) -> list[str]:
        told = receivers.replace("URL", "apprise: [{file: apprise}]")
        text = f"{county}alerting: {{receivers: {{{told}}}, {routes}}}\n"
        (tmp_path / "ringwacht.yml").write_text(text, encoding="utf-8")
        return [str(one).replace(f"{tmp_path}/", "") for one in _remarks(load(tmp_path, {}, RULE_OPTIONS))]

    return remarks_on


def test_who_names_no_way_is_not_remarked_upon(remarks: Remarks) -> None:
    assert remarks("on-call: {URL}") == []


def test_a_message_over_the_link_that_it_is_about(remarks: Remarks) -> None:
    assert remarks("on-call: {URL, via: [way]}") == [
        "ringwacht.yml:9:67: alerting.receivers.on-call.via: if link:way fails, site_isolated is told to on-call "
        "(alerting.routes[0]) over what has failed, and to nobody else (add a second receiver that is reached another "
        "way, e.g. over an SMS modem or a mobile router)"
    ]


def test_a_way_that_begins_beyond_what_failed_is_cut_with_it(remarks: Remarks) -> None:
    (line,) = remarks("on-call: {URL, via: [on]}")
    assert "if link:way or link:on fails" in line


def test_a_way_that_is_left_to_where_it_begins_is_not_cut(remarks: Remarks) -> None:
    round_trip = COUNTY + "  back: {kind: fibre, ends: [hub, c]}\n"
    (line,) = remarks("on-call: {URL, via: [on]}", county=round_trip)
    assert "if link:on fails" in line


def test_where_the_daemon_stands_is_not_known_only_the_way_itself_counts(remarks: Remarks) -> None:
    (line,) = remarks("on-call: {URL, via: [on]}", county=COUNTY.replace("uplink: {site: home}\n", ""))
    assert "if link:on fails" in line


def test_what_only_fails_together_is_named_by_what_it_shares(remarks: Remarks) -> None:
    (line,) = remarks("on-call: {URL, via: [lte]}")
    assert "if group:duct fails, site_isolated is told to on-call" in line, "a single link of the two isolates nobody"


def test_the_alert_about_the_link_itself_counts_by_its_own_severity(remarks: Remarks) -> None:
    (line,) = remarks("on-call: {URL, via: [lte]}", "routes: [{match: {severity: warning}, receivers: [on-call]}]")
    assert "if link:lte fails, link_down is told to on-call" in line


def test_an_escalation_over_another_way_is_too_late(remarks: Remarks) -> None:
    routes = "routes: [{receivers: [on-call], escalate: [{after: 1h, to: [on-call]}, {after: 15m, to: [head]}]}]"
    (line,) = remarks("on-call: {URL, via: [way]}, head: {URL, via: [near]}", routes)
    assert "if link:way fails, link_down and site_isolated are told to on-call" in line
    assert "and to head only after 15m" in line
    assert line.endswith(f"({WARNING}, e.g. head)")


def test_an_escalation_that_begins_at_once_is_none(remarks: Remarks) -> None:
    routes = "routes: [{receivers: [on-call], escalate: [{after: 0s, to: [head]}]}]"
    assert remarks("on-call: {URL, via: [way]}, head: {URL, via: [near]}", routes) == []


def test_an_escalation_over_the_same_way_is_none(remarks: Remarks) -> None:
    routes = "routes: [{match: {severity: critical}, receivers: [on-call], escalate: [{after: 15m, to: [head]}]}]"
    (line,) = remarks("on-call: {URL, via: [way]}, head: {URL, via: [way]}, it: {URL}", routes)
    assert "and to nobody else" in line
    assert line.endswith(f"({WARNING}: it, if it is reached another way)")


@pytest.mark.parametrize(
    "receivers",
    [
        "on-call: {URL, via: [way], fallback: modem}, modem: {URL}",
        "on-call: {URL, via: [way], fallback: second}, second: {URL, via: [way], fallback: modem}, modem: {URL}",
    ],
)
def test_a_fallback_over_another_way_is_a_way(receivers: str, remarks: Remarks) -> None:
    assert remarks(receivers) == []


@pytest.mark.parametrize(
    ("fallback", "heard"),
    [
        ("fallback: modem, fallback_after: 1d}", "1d"),
        ("fallback: second, fallback_after: 8m}, second: {URL, via: [way], fallback: modem}", "13m"),
    ],
)
def test_a_fallback_that_takes_its_time_is_too_late(fallback: str, heard: str, remarks: Remarks) -> None:
    (line,) = remarks(f"on-call: {{URL, via: [way], {fallback}, modem: {{URL}}")
    assert f"and to modem only after {heard}" in line
    assert line.endswith("(name modem in the route, or shorten fallback_after)")


def test_a_fallback_over_the_same_way_is_none(remarks: Remarks) -> None:
    assert len(remarks("on-call: {URL, via: [way], fallback: second}, second: {URL, via: [way]}")) == 1


def test_a_second_receiver_over_another_way_is_enough(remarks: Remarks) -> None:
    routes = "routes: [{receivers: [on-call, modem]}]"
    assert remarks("on-call: {URL, via: [way]}, modem: {URL}", routes) == []


def test_who_has_duty_is_one_of_those_who_are_told_while_nobody_has(remarks: Remarks, tmp_path: Path) -> None:
    (tmp_path / "duty.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n", encoding="utf-8")
    duty = "on-call: {duty: {file: duty.ics, otherwise: [a]}}, a: {URL%s}"
    assert remarks(duty % "") == []
    (line,) = remarks(duty % ", via: [way]")
    assert "is told to on-call" in line


CALENDAR = """\
BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:%s
DTEND;VALUE=DATE:%s
SUMMARY:a
END:VEVENT
END:VCALENDAR
"""
DUTY = "on-call: {duty: {%s, otherwise: [b]}}, a: {URL%s}, b: {URL%s}"
BEHIND = (", via: [way]", "")


@pytest.mark.parametrize(
    ("days", "ways", "when"),
    [
        (("20260101", "20300101"), BEHIND, "when a has duty"),
        (("20270301", "20270302"), BEHIND, "when a has duty"),
        (("20270301", "20270302"), BEHIND[::-1], "when b has duty"),  # it leaves gaps
        (("20260101", "20300101"), BEHIND[::-1], None),
    ],
)
def test_a_duty_is_judged_by_whom_the_calendar_names(
    days: tuple[str, str], ways: tuple[str, str], when: str | None, remarks: Remarks, tmp_path: Path
) -> None:
    (tmp_path / "duty.ics").write_text(CALENDAR % days, encoding="utf-8")
    lines = remarks(DUTY % ("file: duty.ics", *ways))
    told = [line.partition("is told to ")[2].partition(" (alerting")[0] for line in lines]
    assert told == ([] if when is None else [f"on-call ({when})"])


def test_whom_a_calendar_elsewhere_names_is_not_known_so_it_may_be_anybody(remarks: Remarks, tmp_path: Path) -> None:
    (tmp_path / "calendar").write_text("https://calendar.example/duty.ics", encoding="utf-8")
    (line,) = remarks(DUTY % ("url: {file: calendar}", *BEHIND))
    assert "alerting.receivers.a.via" in line
    assert "is told to on-call (when a has duty)" in line


SWITCHED = """\
defaults: {needs: [home]}
uplink: {site: home}
sites: {home: {}, hub: {}}
devices: {sw-home: {site: home, address: 127.0.0.1}, sw-hub: {site: hub, address: 127.0.0.1}}
links: {way: {kind: fibre, ends: [sw-home/1, sw-hub/1]}}
"""
RING = """\
defaults: {needs: [home]}
uplink: {site: home}
sites: {home: {}, a: {}, b: {}}
rings: {r: {}}
links:
  l1: {kind: fibre, ends: [home, a], ring: r, shared_risk: [duct]}
  l2: {kind: fibre, ends: [a, b], ring: r, shared_risk: [duct]}
  l3: {kind: fibre, ends: [b, home], ring: r}
  beside: {kind: fibre, ends: [home, a]}
"""
ONLY = "routes: [{match: {rule: %s}, receivers: [on-call]}, {receivers: [it]}]"


def test_a_device_that_takes_the_way_along_is_told_over_it(remarks: Remarks) -> None:
    (line,) = remarks("on-call: {URL, via: [way]}, it: {URL}", ONLY % "device_unreachable", SWITCHED)
    assert "if device:sw-home or device:sw-hub fails, device_unreachable is told to on-call" in line


def test_a_device_is_not_told_beside_its_link(remarks: Remarks) -> None:
    (line,) = remarks("on-call: {URL, via: [way]}", "routes: [{receivers: [on-call]}]", SWITCHED)
    assert "if link:way fails, link_down and site_isolated are told" in line


def test_a_way_that_is_lost_is_told_over_it(remarks: Remarks) -> None:
    (line,) = remarks("on-call: {URL, via: [beside]}, it: {URL}", ONLY % "redundancy_lost", RING)
    assert "if link:beside fails, redundancy_lost is told to on-call" in line


def test_what_crosses_a_ring_goes_round_it_as_long_as_it_carries(remarks: Remarks) -> None:
    (line,) = remarks("on-call: {URL, via: [l2]}", "routes: [{match: {rule: link_down}, receivers: [on-call]}]", RING)
    assert "if group:duct or site:b fails, link_down is told" in line, "one link of the ring cuts nobody off"


def test_what_was_accepted_is_told_to_nobody(remarks: Remarks) -> None:
    routes = "routes: [{receivers: [on-call]}], accept: [%s]"
    accept = ", ".join(
        f"{{match: {{{one}}}, until: 2027-01-31, reason: x}}" for one in ("link: near", "link: lte", "site: c")
    )
    assert remarks("on-call: {URL, via: [lte]}", routes % accept) == []
    assert remarks("on-call: {URL, via: [lte]}", routes % accept.replace("2027", "2026")) != []


def test_what_nobody_is_to_be_told_of_is_not_remarked_upon(remarks: Remarks) -> None:
    assert remarks("on-call: {URL, via: [way]}", "routes: [{match: {rule: leak}, receivers: [on-call]}]") == []


def test_what_takes_the_daemon_along_is_nobodys_to_tell(remarks: Remarks) -> None:
    (line,) = remarks("on-call: {URL, via: [way]}")
    assert "site:home" not in line


def test_of_many_the_first_ones_are_named(remarks: Remarks) -> None:
    star = "defaults: {needs: [home]}\nsites: {home: {}, a: {}, b: {}, c: {}, d: {}, e: {}}\nlinks:\n" + "".join(
        f"  to-{name}: {{kind: fibre, ends: [home, {name}]}}\n" for name in "abcde"
    )
    (line,) = remarks("on-call: {URL, via: [to-a, to-b, to-c, to-d, to-e]}", county=star)
    assert "if link:to-a, link:to-b, link:to-c or 2 more fails" in line


def test_the_reference_is_warned_of_its_on_call_and_check_prints_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", "x")
    folder = shutil.copytree(EXAMPLES / "reference", tmp_path / "reference")
    (line,) = [one for one in prepare(folder).plan.warnings if "receivers" in one]
    assert "if link:kh-citeq fails, site_isolated is told to on-call (alerting.routes[0])" in line
    assert "and to head-of-it only after 15m" in line
    assert line.endswith(
        "(name a second receiver in the route, or as its fallback: it-team, if it is reached another way)"
    )

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.layout import clean_text
from collectors.plugin.parse import harvested, masked, split_output
from collectors.plugin.perfdata import MAX_ITEMS, MAX_LABELS, read_perfdata

GIB = 2.0**30


def read(text: str) -> dict[str, tuple[str, float]]:
    found = read_perfdata([text])
    assert found.broken == text.count(" %")
    return {one.label: (one.unit, one.value) for one in found.measures}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # as plug-ins of Debian's monitoring-plugins print them
        ("time=0.000130s;;;0.000000;10.000000", {"time": ("seconds", 0.00013)}),
        ("rta=0.061000ms;1.0;2.0;0.0 pl=0%;1;2;0;", {"rta": ("seconds", 6.1e-5), "pl": ("ratio", 0.0)}),
        ("/=26497515520B;243497277849;257024904396;0;270552530944", {"/": ("bytes", 26497515520.0)}),
        ("swap=2048MB;0;0;0;4095", {"swap": ("bytes", 2 * GIB)}),
        (" load1=0.370;1.000;4.000;0; load5=.220;2;5;0; ", {"load1": ("", 0.37), "load5": ("", 0.22)}),
        ("procs=83;1:;;0;", {"procs": ("", 83.0)}),
        ("offset=-0.000012s;60.0;120.0; stratum=3", {"offset": ("seconds", -1.2e-5), "stratum": ("", 3.0)}),
        ("size=7324B;;;0 time=0,012s;;;0,0", {"size": ("bytes", 7324.0), "time": ("seconds", 0.012)}),
        # as others do
        ("'C:\\ used'=57%;80;90;0;100 'C:\\'=12GiB", {"C:\\ used": ("ratio", 0.57), "C:\\": ("bytes", 12 * GIB)}),
        ("'it''s here'=1 'a=b'=2 ''''=3", {"it's here": ("", 1.0), "a=b": ("", 2.0), "'": ("", 3.0)}),
        ("in=1234567c out=1.5E+3c", {"in": ("total", 1234567.0), "out": ("total", 1500.0)}),
        ("wait=12us lag=250µs", {"wait": ("seconds", 1.2e-5), "lag": ("seconds", 2.5e-4)}),
        ("jitter=40ns idle=99.5 %", {"jitter": ("seconds", 4e-8), "idle": ("", 99.5)}),
        ("temp=21.5°C hum=45% power=+1.2kW", {"temp": ("°C", 21.5), "hum": ("ratio", 0.45), "power": ("kW", 1.2)}),
        ("a=1, b=2ms,", {"a": ("", 1.0), "b": ("seconds", 0.002)}),
        ("unknown=U;1;2 known=0", {"known": ("", 0.0)}),
        ("users=3;;;;; connections=5|", {"users": ("", 3.0), "connections": ("|", 5.0)}),
        ("twice=1 twice=2ms once=3", {"twice": ("", 1.0), "once": ("", 3.0)}),
    ],
)  # fmt: skip
def test_the_zoo(text: str, expected: dict[str, tuple[str, float]]) -> None:
    found = read(text)
    assert {label: unit for label, (unit, _) in found.items()} == {label: unit for label, (unit, _) in expected.items()}
    assert [value for _, value in found.values()] == pytest.approx([value for _, value in expected.values()])


@pytest.mark.parametrize(
    "text",
    ["text", "=1", "''=1", "a=", "a=b", "a=1.2.3", "a=1,2,3", "a=nan", "a=inf", "a=1e999", "'open=1", "a=1s2", "a=;1"],
)
def test_what_cannot_be_read_is_counted_and_spoils_nothing(text: str) -> None:
    found = read_perfdata([f"before=1 {text} after=2"])
    assert {"before", "after"} <= {one.label for one in found.measures}
    assert found.broken == 1
    assert found.quoted


@pytest.mark.parametrize(
    ("text", "beyond"),
    [
        ("a=5;4;6", "warning 4"),
        ("a=7;4;6", "critical 6"),
        ("a=4;4;6", ""),
        ("a=-1;4", "warning 4"),
        ("a=9;10:", "warning 10:"),
        ("a=10;10:", ""),
        ("a=-5;~:10;", ""),
        ("a=11;~:10", "warning ~:10"),
        ("a=15;@10:20", "warning @10:20"),
        ("a=21;@10:20", ""),
        ("a=0,5s;;0,1:0,4", "critical 0,1:0,4"),
        ("a=5;x;y:z;;", ""),
        ("a=5;;;0;100", ""),
        ("a=5;@;~", ""),
    ],
)
def test_thresholds_of_its_own(text: str, beyond: str) -> None:
    (one,) = read_perfdata([text]).measures
    value = text.partition(";")[0]
    assert one.beyond == (f"{value} ({beyond})" if beyond else "")


def test_labels_are_bounded() -> None:
    found = read_perfdata([" ".join(f"l{number}=1" for number in range(MAX_LABELS + 7))])
    assert (len(found.measures), found.surplus) == (MAX_LABELS, 7)
    broken = read_perfdata(["x " * 50_000])
    assert (broken.broken, broken.surplus, len(broken.quoted)) == (MAX_ITEMS, 1, 3)


def test_labels_that_are_the_same_once_they_are_clean() -> None:
    (one,) = read_perfdata(["a\x1b=1 a\x07=2"]).measures
    assert (one.label, one.value) == ("a\ufffd", 1.0)


def test_text_and_data_are_told_apart() -> None:
    raw = b"\nDISK OK - free | /=1MB;2;3\r\nlong one\n\nlong two | a=1\nb=2 c=3\nd=4 | e=5"
    said = split_output(raw)
    assert (said.text, said.details) == ("DISK OK - free", ("long one", "long two"))
    assert [one.label for one in read_perfdata(said.perfdata).measures] == ["/", "a", "b", "c", "d", "e"]
    assert split_output(b"") == ("", (), ("",))


def test_facts() -> None:
    _, facts, partial = harvested(b"LOAD WARNING | load1=5;4;6 rest= \nline 1\nline 2", b"", 1)
    assert facts == {
        "plugin_output": "LOAD WARNING",
        "plugin_details": "line 1 / line 2",
        "plugin_beyond": "load1=5 (warning 4)",
    }
    assert partial == ("1 items of performance data cannot be read: rest=",)


@pytest.mark.parametrize(
    ("raw", "secrets", "expected"),
    [
        (b"a secret, twice secret", [b"secret"], b"a ***, twice ***"),
        (b"secretary", [b"secret", b"secretary"], b"***"),
        (b"a=1 b=12", [b"1", b"12"], b"a=1 b=12"),
    ],
)
def test_secrets_are_blotted_out(raw: bytes, secrets: list[bytes], expected: bytes) -> None:
    assert masked(raw, secrets) == expected


@given(st.binary(max_size=2000) | st.text("ab='|;,.0123456789%\n µB", max_size=500).map(str.encode), st.integers())
def test_whatever_it_writes_is_bounded_and_clean(raw: bytes, exit_status: int) -> None:
    samples, facts, partial = harvested(raw, raw, exit_status)
    assert samples[0].value in {0, 1, 2, 3}
    assert len({sample.labels for sample in samples[1:]}) == len(samples) - 1 <= MAX_LABELS
    assert all(math.isfinite(sample.value) for sample in samples)
    texts = [*facts.values(), *partial, *(label for sample in samples for label in sample.labels)]
    assert all(text == clean_text(text, 1024) for text in texts)


@given(
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="="), min_size=1, max_size=40),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_a_label_and_a_value_come_back(label: str, value: float) -> None:
    quoted = label.replace("'", "''")
    (one,) = read_perfdata([f"'{quoted}'={value!r};1;2"]).measures
    assert (one.label, one.value) == (label, value)

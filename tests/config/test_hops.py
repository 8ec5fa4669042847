"""What is said of a radio hop's data that is probably a slip, and what is refused at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.loader import Loaded
from config.topology import topology_remarks

Problems = Callable[..., list[str]]
Load = Callable[..., Loaded]

HEAD = "sites: {a: {}, b: {}}\nlinks:\n  l:\n    kind: radio\n    ends: [a, b]\n    radio: "


@pytest.fixture
def remarks(loaded: Load, tmp_path: Path) -> Problems:
    def remarks_on(radio: str) -> list[str]:
        made = loaded(HEAD + radio)
        found = topology_remarks(made.inventory, made.positions)
        return [str(problem).replace(f"{tmp_path}/", "") for problem in found]

    return remarks_on


@pytest.mark.parametrize(
    ("radio", "expected"),
    [
        ("{distance: 21.3}", "distance: a hop of 21.3 m (did you mean 21.3km?)"),
        ("{threshold: -30dBm}", "threshold: no receiver fails at -30 dBm (the data sheet says e.g. -78dBm)"),
        (
            "{thresholds: {4QAM: -65dBm, 64QAM: -60dBm, 1024QAM: -88dBm}}",
            "thresholds: 1024QAM at -88 dBm would need less than 64QAM at -60 dBm "
            "(the higher the modulation, the higher its threshold)",
        ),
        (
            "{commissioned_level: [-38dBm, -80dBm], threshold: -78dBm}",
            "commissioned_level: -80 dBm is not above the threshold, -78 dBm: the hop would carry nothing "
            "(one of the two is wrong)",
        ),
    ],
)
def test_a_likely_slip_is_told_with_its_place(radio: str, expected: str, remarks: Problems) -> None:
    (line,) = remarks(radio)
    place, _, said = line.partition(": links.l.radio.")
    assert place.startswith("ringwacht.yml:6:")
    assert said == expected


def test_a_sound_plan_has_no_remark(remarks: Problems) -> None:
    table = "{4QAM: -88dBm, 256QAM: -71dBm, 1024QAM: -65dBm}"
    plan = f"{{distance: 60m, commissioned_level: [-38dBm, -39dBm], threshold: -88dBm, thresholds: {table}}}"
    assert remarks(plan) == []


@pytest.mark.parametrize(
    ("radio", "said"),
    [
        ("{frequency: 18}", "18 Hz is no radio hop's frequency (with its unit, e.g. 18GHz)"),
        ("{frequency: 18000GHz}", "1.8e+13 Hz is no radio hop's frequency (with its unit, e.g. 18GHz)"),
        ("{commissioned_level: [38dBm, -38dBm]}", "38 dBm is never received (such levels are negative, e.g. -38dBm)"),
        ("{threshold: 78dBm}", "78 dBm is never received (such levels are negative, e.g. -38dBm)"),
        ("{thresholds: {4QAM: -150dBm}}", "-150 dBm is never received (such levels are negative, e.g. -38dBm)"),
    ],
)
def test_what_no_radio_hop_has_is_refused(radio: str, said: str, problems: Problems) -> None:
    (line,) = problems(HEAD + radio)
    assert line.endswith(said)

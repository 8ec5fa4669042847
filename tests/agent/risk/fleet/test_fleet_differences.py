"""Whoever subtracts one published figure from another learns of no group that is small."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.contract import Measure
from agent.estate import Managed
from agent.layout import Sample
from agent.risk.assets.book import AssetBook
from agent.risk.fleet.listed import Register
from agent.risk.fleets import FleetBook
from agent.risk.sight import Sight
from agent.risk.versions import VersionBook
from collectors.mdm.aggregate import grouped
from config.units import DAY
from tests.agent.risk.fleet.managing import FRIDAY, says, school, tablets
from tests.agent.risk.scene import NOW

FLOOR = 5
FLEETS = {
    "tablets": {"site": "afg", "source": "jamf", "kind": "tablet"},
    "screens": {"site": "afg", "source": "jamf", "kind": "apple_tv"},
    "rest": {"site": "afg", "source": "jamf", "kind": "other"},
}
RELEASES = {
    "10.0.19045.1": "10 22H2",
    "10.0.19045.2": "10 22H2",
    "10.0.26100.1": "11 24H2",
    "10.0.26100.2": "11 24H2",
}
KINDS = st.sampled_from(["tablet"] * 4 + ["apple_tv", "other"])
DEVICE = st.builds(
    Managed,
    kind=KINDS,
    site=st.just("afg"),
    model=st.sampled_from(["A", "B", ""]),
    os=st.just("Windows"),
    os_version=st.sampled_from(sorted(RELEASES)),
    enrolment=st.sampled_from(["", "automatic", "manual", "removed"]),
    compliance=st.sampled_from(["", "compliant", "noncompliant"]),
    checked_in_at=st.none() | st.integers(0, 60).map(lambda days: FRIDAY - days * DAY - 60),
    storage_free_ratio=st.none() | st.floats(0, 1),
)
FACETS = ("", "_by_os", "_by_enrolment", "_by_compliance", "_by_checkin", "_by_storage")
Figures = dict[tuple[str, ...], float]


def judged(devices: list[Managed], now: float = FRIDAY) -> list[Measure]:
    scene = school(FLEETS).jobs(says(devices))
    sight = Sight.of(scene.inventory, scene.settings, scene.view(now), scene.windows())
    versions = VersionBook(Register(AssetBook()))
    return [one for one in chain(FleetBook().look(sight), versions.look(sight)) if isinstance(one, Measure)]


def of_judgement(judgement: list[Measure], name: str) -> Figures:
    return {one.labels: one.value for one in judgement if one.family.name == name}


def of_source(samples: list[Sample], name: str) -> Figures:
    return {one.labels: one.value for one in samples if one.family.name == name}


def named(figures: Figures) -> Figures:
    """All but what is merged of all labels: of the source, that holds its small kinds as well."""
    return {labels: count for labels, count in figures.items() if set(labels) != {"other"}}


def is_told(count: float) -> bool:
    return count == 0 or count >= FLOOR


ALIKE = st.tuples(DEVICE, st.sampled_from([1, 2, 4, 8, 16])).map(lambda alike: [alike[0]] * alike[1])


@given(st.lists(ALIKE, min_size=2, max_size=8).map(lambda lots: [*chain.from_iterable(lots)]))
@settings(max_examples=150, deadline=None)
def test_no_difference_of_figures_of_source_fleet_and_versions_tells_of_a_few(devices: list[Managed]) -> None:
    samples, judgement = list(grouped(devices, FLOOR, NOW)), judged(devices)
    large = Counter(one.kind for one in devices if one.enrolment != "removed")
    for fleet, keys in FLEETS.items():
        if large[kind := keys["kind"]] < FLOOR:
            continue
        for suffix in FACETS:
            whole = of_source(samples, f"ringwacht_mdm_devices{suffix}")
            part = of_judgement(judgement, f"ringwacht_fleet_devices{suffix or '_by_model'}")
            mine = {labels[2:]: count for labels, count in whole.items() if labels[:2] == ("afg", kind)}
            theirs = {labels[3:]: count for labels, count in part.items() if labels[1] == fleet}
            assert named(mine) == named(theirs)
    releases(samples, judgement, large)
    late(samples, judgement)


def releases(samples: list[Sample], judgement: list[Measure], large: Counter[str]) -> None:
    """A release less its builds that are told leaves none, or many."""
    builds = of_source(samples, "ringwacht_mdm_devices_by_os")
    found: Counter[tuple[str, str]] = Counter()
    for (_, kind, system, version, _), count in of_judgement(judgement, "ringwacht_os_devices").items():
        if system == "Windows":
            found[kind, version] += int(count)
    for (kind, release), count in found.items():
        assert large[kind] >= FLOOR
        parts = (builds.get(("afg", kind, "Windows", one), 0.0) for one, name in RELEASES.items() if name == release)
        assert is_told(count - sum(parts))


def late(samples: list[Sample], judgement: list[Measure]) -> None:
    """Those that are late less those that are so old leave none, or many."""
    ages = of_source(samples, "ringwacht_mdm_devices_by_checkin")
    for (_, _, kind), count in of_judgement(judgement, "ringwacht_fleet_late_devices").items():
        assert is_told(count)
        if ("afg", kind, "other") in ages:
            continue
        older = ages.get(("afg", kind, "older"), 0.0)
        for shown in (older, older + ages.get(("afg", kind, "30d"), 0.0)):
            assert is_told(abs(count - shown))


def test_how_many_are_late_is_not_told_where_ages_of_check_ins_would_tell_a_few_by_it() -> None:
    lots = ((20, 0), (6, 60), (6, 20))  # by days; late is what is older than 36
    devices = list(chain.from_iterable(tablets(count, checked_in_at=NOW - days * DAY) for count, days in lots))
    mine = ("afg", "tablets", "tablet")
    for few, told in ((0, 6.0), (2, None), (5, 6.0)):
        added = tablets(few, checked_in_at=NOW - 33 * DAY)
        assert of_judgement(judged([*devices, *added]), "ringwacht_fleet_late_devices").get(mine) == told


def test_between_two_readings_nobody_sees_when_a_device_was_used() -> None:
    edge: dict[str, Any] = {"checked_in_at": NOW - DAY + 90}
    devices = list(chain(tablets(20), tablets(20, checked_in_at=NOW - 3 * DAY), tablets(1, **edge)))
    first, later = (of_judgement(judged(devices, at), "ringwacht_fleet_devices_by_checkin") for at in (NOW, NOW + 120))
    assert (
        first
        == later
        == {
            ("afg", "tablets", "tablet", "1d"): 21,
            ("afg", "tablets", "tablet", "7d"): 20,
        }
    )

"""What is exported of a fleet tells of no small group, and nothing but counts."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import MetricFamily
from agent.estate import Managed
from agent.facets import age_of
from agent.layout import Sample
from collectors.mdm.aggregate import grouped
from collectors.mdm.families import BATTERY, BY_CHECKIN, BY_ENROLMENT, DEVICES, GROUPS, LEFT_OUT, MANAGED
from collectors.mdm.singles import by_hash, by_tag, singles
from config.units import DAY

NOW = 1_800_000_000.0
DEVICE = st.builds(
    Managed,
    kind=st.sampled_from(["tablet", "notebook", "other"]),
    site=st.sampled_from([None, "afg", "bsh"]),
    model=st.sampled_from(["", "A", "B", "other"]),
    os=st.sampled_from(["iPadOS", "Windows"]),
    os_version=st.sampled_from(["1", "2", "3"]),
    enrolment=st.sampled_from(["", "automatic"]),
    checked_in_at=st.none() | st.floats(NOW - 60 * DAY, NOW),
    storage_free_ratio=st.none() | st.floats(0, 1),
    battery_ratio=st.none() | st.floats(0, 1),
)


@given(st.lists(DEVICE, max_size=60), st.integers(2, 8))
def test_no_group_is_smaller_than_the_floor_and_no_device_is_lost(devices: list[Managed], floor: int) -> None:
    by_family: dict[str, list[Sample]] = defaultdict(list)
    for sample in grouped(devices, floor, NOW):
        by_family[sample.family.name].append(sample)
    assert [sample.value for sample in by_family[MANAGED.name]] == [len(devices)]
    for family in GROUPS:
        found = by_family[family.name]
        assert sum(sample.value for sample in found) == len(devices)
        assert len({sample.labels for sample in found}) == len(found)
        few = [sample.labels for sample in found if sample.value < floor]
        assert all(set(labels[1:]) == {"other"} for labels in few)
    for sample in by_family[BATTERY.name]:
        location, kind, _ = sample.labels
        members = [one for one in devices if (one.site or "", one.kind) == (location, kind)]
        assert sum(one.battery_ratio is not None for one in members) >= floor
        assert 0 <= sample.value <= 1


def counts(devices: list[Managed], floor: int = 5) -> dict[tuple[str, ...], float]:
    return {one.labels: one.value for one in grouped(devices, floor, NOW) if one.family is DEVICES}


def test_small_groups_become_other_of_their_kind() -> None:
    devices = [Managed("tablet", "afg", model=model) for model in "A" * 9 + "B" * 3 + "C" * 2]
    assert counts(devices) == {("afg", "tablet", "A"): 9, ("afg", "tablet", "other"): 5}


def test_what_the_total_would_tell_of_one_small_group_is_hidden_in_a_larger_one() -> None:
    devices = [Managed("tablet", "afg", model=model) for model in "A" * 9 + "B" * 6 + "C"]
    assert counts(devices) == {("afg", "tablet", "A"): 9, ("afg", "tablet", "other"): 7}


def odd(devices: list[Managed], family: MetricFamily) -> dict[tuple[str, ...], float]:
    return {one.labels: one.value for one in grouped(devices, 5, NOW) if one.family is family}


def test_one_odd_device_hides_nothing_of_the_others_of_its_site() -> None:
    tablets = [Managed("tablet", "afg", checked_in_at=NOW - days * DAY) for days in [0] * 400 + [60] * 40]
    school = [*tablets, Managed("apple_tv", "afg", model="TV", checked_in_at=NOW), Managed("tablet", "bsh")]
    assert odd(school, BY_CHECKIN) == {
        ("afg", "tablet", "1d"): 400,
        ("afg", "tablet", "older"): 40,
        ("afg", "other", "other"): 1,
        ("bsh", "other", "other"): 1,
    }


def test_what_was_removed_from_management_is_told_of_by_its_number_only_and_only_where_it_is_not_few() -> None:
    held = [Managed("tablet", "afg", model="A", enrolment="automatic")] * 9
    for count, told in ((4, {}), (5, {("afg", "tablet", "removed"): 5.0})):
        devices = [*held, *[Managed("tablet", "afg", model="B", enrolment="removed", battery_ratio=0.1)] * count]
        assert odd(devices, BY_ENROLMENT) == {("afg", "tablet", "automatic"): 9, **told}
        assert odd(devices, DEVICES) == {("afg", "tablet", "A"): 9}
        assert odd(devices, MANAGED) == {(): 9}
        assert odd(devices, BATTERY) == {}


def test_quantiles_lie_between_the_values() -> None:
    devices = [Managed("tablet", "afg", battery_ratio=number / 10) for number in range(11)]
    found = {one.labels[2]: one.value for one in grouped(devices, 5, NOW) if one.family is BATTERY}
    assert found == {"0.1": pytest.approx(0.1), "0.5": pytest.approx(0.5), "0.9": pytest.approx(0.9)}


@pytest.mark.parametrize(
    ("days", "age"), [(0, "1d"), (0.99, "1d"), (1, "7d"), (6.9, "7d"), (7, "30d"), (29, "30d"), (30, "older")]
)
def test_ages_go_by_whole_steps(days: float, age: str) -> None:
    assert age_of(NOW - days * DAY, NOW) == age
    assert age_of(None, NOW) == "never"


def test_single_devices_go_by_their_asset_tag_or_by_a_keyed_hash() -> None:
    devices = [
        Managed("tablet", serial="dmpx1", asset_tag="T1", checked_in_at=5.0, storage_free_ratio=0.5, battery_ratio=0.1),
        Managed("tablet", serial="DMPX2"),
        Managed("tablet"),
        *[Managed("tablet", asset_tag="T2", battery_ratio=0.2)] * 2,
    ]
    tagged = {(one.family.name, one.labels): one.value for one in singles(devices, by_tag)}
    assert tagged == {
        ("ringwacht_mdm_device_last_checkin_timestamp_seconds", ("T1",)): 5.0,
        ("ringwacht_mdm_device_storage_free_ratio", ("T1",)): 0.5,
        ("ringwacht_mdm_device_battery_ratio", ("T1",)): 0.1,
        (LEFT_OUT.name, ()): 4.0,
    }
    key = b"sixteen characters"
    expected = hmac.new(key, b"DMPX1", hashlib.sha256).hexdigest()[:16]
    hashed = list(singles(devices, by_hash(key)))
    assert {one.labels for one in hashed if one.labels} == {(expected,)}
    assert hashed[-1].value == 3.0

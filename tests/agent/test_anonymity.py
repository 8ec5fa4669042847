"""No count of a few devices leaves the daemon, and no difference of counts tells one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.anonymity import OTHER, merged_devices, merged_small


def test_a_small_group_becomes_other() -> None:
    assert merged_small({("A",): 20, ("B",): 3, ("C",): 2}, 5) == {("A",): 20, (OTHER,): 5}


def test_where_the_rest_itself_is_small_the_next_smallest_joins_it() -> None:
    """Else the total of 37 less 20 and 14 would tell of the three."""
    assert merged_small({("A",): 20, ("B",): 14, ("C",): 3}, 5) == {("A",): 20, (OTHER,): 17}


def test_versions_are_merged_before_what_they_are_versions_of() -> None:
    counts: dict[tuple[str, ...], int] = {
        ("tablet", "17.1"): 20,
        ("tablet", "16.0"): 4,
        ("tablet", "15.0"): 4,
        ("pc", "11"): 3,
        ("pc", "10"): 3,
    }
    assert merged_small(counts, 5) == {("pc", OTHER): 6, ("tablet", OTHER): 8, ("tablet", "17.1"): 20}


def test_what_is_small_as_a_whole_is_merged_with_others_of_the_next_level() -> None:
    counts: dict[tuple[str, ...], int] = {("tablet", "17.1"): 20, ("notebook", "11"): 6, ("pc", "11"): 2}
    assert merged_small(counts, 5) == {(OTHER, OTHER): 8, ("tablet", "17.1"): 20}


def test_kept_labels_stay_however_few_there_are() -> None:
    assert merged_small({("afg", "A"): 1, ("rathaus", "A"): 9}, 5, kept=1) == {
        ("afg", OTHER): 1,
        ("rathaus", "A"): 9,
    }


def test_nothing_is_merged_where_all_groups_are_large_and_none_is_empty() -> None:
    assert merged_small({("A",): 5, ("B",): 0, ("C",): 7}, 5) == {("A",): 5, ("C",): 7}
    assert merged_small({}, 5) == {}


def test_a_kind_of_which_there_are_few_becomes_other_and_hides_no_larger_one() -> None:
    counts: dict[tuple[str, ...], int] = {
        ("afg", "tablet", "A"): 20,
        ("afg", "tablet", "B"): 2,
        ("afg", "tablet", "C"): 6,
        ("afg", "apple_tv", "TV"): 1,
        ("bsh", "other", "X"): 4,
    }
    assert merged_devices(counts, 5) == {
        ("afg", OTHER, OTHER): 1,
        ("afg", "tablet", "A"): 20,
        ("afg", "tablet", OTHER): 8,
        ("bsh", OTHER, OTHER): 4,
    }


LABELS = st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from("123"))


@given(st.dictionaries(LABELS, st.integers(0, 12)), st.integers(2, 10), st.integers(0, 2))
def test_all_are_counted_and_no_group_is_small(counts: dict[tuple[str, ...], int], floor: int, kept: int) -> None:
    merged = merged_small(counts, floor, kept)
    for prefix in {labels[:kept] for labels in counts}:
        before = sum(count for labels, count in counts.items() if labels[:kept] == prefix)
        shown = {labels: count for labels, count in merged.items() if labels[:kept] == prefix}
        assert sum(shown.values()) == before
        assert min(shown.values(), default=floor) >= min(floor, before)

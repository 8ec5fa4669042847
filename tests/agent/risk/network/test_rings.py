from __future__ import annotations

from agent.risk.network.memory import RingMemory
from agent.risk.network.rings import LONGEST_GAP_SECONDS, remember, ring_links, segments, sites_of
from config.inventory import Inventory

RING = Inventory.model_validate(
    {
        "sites": {site: {} for site in ("kh", "a", "b", "c")},
        "rings": {"r": {}},
        "links": {
            f"{one}-{other}": {"kind": "radio", "ring": "r", "ends": [one, other]}
            for one, other in (("kh", "a"), ("a", "b"), ("b", "c"), ("c", "kh"))
        },
    }
)
LINKS = ring_links(RING.links)["r"]


def looks(*opens: tuple[float, bool | None]) -> RingMemory:
    memory, last = RingMemory(), None
    for now, is_open in opens:
        closed = None if is_open is None else not is_open
        memory = remember(memory, closed=closed, last_look=last, now=now)
        last = now
    return memory


def test_time_counts_while_the_ring_is_open_at_two_looks_in_a_row() -> None:
    assert looks((0, False), (1, True), (3, True), (4, False), (9, True), (10, True)) == RingMemory(9, 3.0)


def test_while_it_is_not_known_nothing_counts_and_nothing_is_forgotten() -> None:
    assert looks((0, True), (1, True), (2, None), (5, None)) == RingMemory(0, 1.0)


def test_a_gap_that_nobody_watched_does_not_count() -> None:
    assert looks((0, True), (LONGEST_GAP_SECONDS + 1, True)).open_seconds == 0


def test_a_clock_that_stepped_back_takes_nothing_away() -> None:
    assert looks((100, True), (105, True), (50, True), (51, True)) == RingMemory(50, 6.0)


def test_with_two_cuts_the_part_without_home_is_cut_off() -> None:
    assert sites_of(LINKS.values()) == ("kh", "a", "b", "c")
    assert segments(LINKS, {"kh-a", "b-c"}, {"kh"}) == (("a", "b"),)
    assert segments(LINKS, {"kh-a", "a-b"}, {"kh"}) == (("a",),)
    assert segments(LINKS, {"kh-a"}, {"kh"}) == ()

from __future__ import annotations

import pytest

from agent.demo.cast import CUT_HOP, CUT_OFF, HOPS, KREISHAUS, NORDHEIM, OSTFELD, REMOTE_SITES, SITES, SUEDHAGEN, Site
from agent.demo.ring import QUIET_RING, SWITCHING, Ring, Way, ring_at, ways
from agent.demo.scenario import Scenario, What, story

STORY = story(Scenario.RING)


def at(what: What, plus: float = 0.0) -> Ring:
    return ring_at(STORY, next(event.at for event in STORY.events if event.what is what) + plus)


def reached(ring: Ring) -> set[Site]:
    return {site for site in SITES if ring.reaches(site)}


def test_each_site_has_two_ways_that_share_no_hop_and_make_up_the_ring() -> None:
    for site in REMOTE_SITES:
        forward, backward = (set(way.hops(site)) for way in Way)
        assert not forward & backward
        assert forward | backward == set(HOPS)


def test_while_the_ring_is_closed_nobody_uses_its_protection_hop() -> None:
    assert {site: QUIET_RING.way_to(site) for site in REMOTE_SITES} == {
        NORDHEIM: Way.FORWARD,
        OSTFELD: Way.FORWARD,
        SUEDHAGEN: Way.BACKWARD,
    }


def test_the_sites_behind_a_cut_are_silent_until_the_ring_has_switched() -> None:
    assert reached(at(What.CUT, -0.1)) == set(SITES)
    assert reached(at(What.CUT)) == set(SITES) - {OSTFELD}
    assert reached(at(What.CUT, SWITCHING)) == set(SITES)
    assert at(What.CUT, SWITCHING).way_to(OSTFELD) is Way.BACKWARD


def test_a_second_cut_cuts_one_site_off_until_it_is_repaired() -> None:
    for plus in (0, SWITCHING, 20):
        assert reached(at(What.SECOND_CUT, plus)) == set(SITES) - {CUT_OFF}
    assert reached(at(What.SECOND_REPAIRED)) == set(SITES)


@pytest.mark.parametrize("plus", [0, SWITCHING / 2, SWITCHING, 10])
def test_the_last_repair_silences_nobody(plus: float) -> None:
    assert reached(at(What.REPAIRED, plus)) == set(SITES)


def test_in_the_end_the_protection_hop_is_blocked_again() -> None:
    assert at(What.REPAIRED, SWITCHING) == QUIET_RING


def test_the_first_site_always_hears_itself() -> None:
    assert Ring(frozenset(HOPS), blocked=False).reaches(KREISHAUS)


def test_the_seconds_of_both_ways_and_of_silence_make_up_the_round() -> None:
    spans = ways(STORY)
    carried = {site: sum(stop - start for way in Way for start, stop in spans[site, way]) for site in REMOTE_SITES}
    second = next(stop - start for start, stop in STORY.spans(What.SECOND_CUT, What.SECOND_REPAIRED))
    assert carried == pytest.approx(
        {NORDHEIM: STORY.length, OSTFELD: STORY.length - SWITCHING - second, SUEDHAGEN: STORY.length}
    )


def test_the_hop_that_is_cut_first_is_on_the_way_that_is_used() -> None:
    assert CUT_HOP in Way.FORWARD.hops(OSTFELD)

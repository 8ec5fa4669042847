from __future__ import annotations

import pytest

from agent.contract import Consequence, UnknownElement
from agent.risk.network.failure import Demand, Load, consequence, every_failure, loads
from agent.risk.topology import element_of
from tests.agent.risk.county import MBIT, declared_load, topology

NONE: frozenset[str] = frozenset()


def after(*failed: str, down: frozenset[str] = NONE, load: Load | None = None) -> Consequence:
    return consequence(topology(), load or declared_load(), down, [element_of(text) for text in failed])


def test_while_the_ring_is_closed_its_protection_link_carries_nothing() -> None:
    assert loads(topology(), declared_load(), NONE) == {
        "rf-kh-wad": 60 * MBIT,
        "rf-sas-kh": 60 * MBIT,
        "rh-fibre": 120 * MBIT,
    }


def test_after_a_cut_the_protection_link_carries_and_nobody_is_cut_off() -> None:
    found = after("link:rf-kh-wad")
    assert found.isolated == ()
    assert found.utilisation == {"rf-sas-kh": 0.3, "rh-fibre": 0.12, "rf-wad-sas": 0.3}
    assert found.by_site == {"rathaus": 0.12, "wadersloh": 0.3, "sassenberg": 0.3}
    assert found.paths["wadersloh"] == 1


def test_a_mast_that_two_hops_share_cuts_its_site_off() -> None:
    found = after("group:mast")
    assert found.isolated == ("wadersloh",)
    assert "wadersloh" not in found.by_site


def test_who_was_cut_off_before_is_not_cut_off_by_it() -> None:
    assert after("link:rf-wad-sas", down=frozenset({"rf-kh-wad"})).isolated == ("wadersloh",)
    assert after("link:ev-vdsl", down=frozenset({"rf-kh-wad", "rf-wad-sas"})).isolated == ("everswinkel",)


def test_a_site_that_fails_is_not_isolated_and_needs_nothing_any_more() -> None:
    found = after("site:wadersloh")
    assert found.isolated == ()
    assert found.utilisation == {"rf-sas-kh": 0.15, "rh-fibre": 0.12}
    everyone = after("site:kreishaus")
    assert set(everyone.isolated) == {"rathaus", "wadersloh", "sassenberg", "everswinkel", "afg", "rz"}
    assert (everyone.utilisation, everyone.worst) == ({}, None)


def test_a_standby_link_takes_declared_demand_only() -> None:
    assert after("link:rh-fibre").worst == ("rh-lte", 2.4)
    measured = Load({"rathaus": Demand(1000 * MBIT, False)}, {"rh-lte": 50 * MBIT})
    assert after("link:rh-fibre", load=measured).utilisation == {}


def test_without_a_capacity_there_is_a_load_but_no_utilisation() -> None:
    load = Load({"afg": Demand(5 * MBIT, True)}, {})
    assert loads(topology(), load, NONE) == {"afg-fibre": 5 * MBIT}
    assert after("link:rf-kh-wad", load=load).utilisation == {}


def test_every_single_failure_is_judged_as_if_it_were_asked_for() -> None:
    found = [one for one in every_failure(topology(), declared_load(), NONE) if one is not None]
    for one in found:
        single = after(str(one.failed[0]))
        assert (one.isolated, one.utilisation, one.by_site) == (single.isolated, single.utilisation, single.by_site)
        assert one.paths == {}


def test_an_unknown_element_is_refused() -> None:
    with pytest.raises(UnknownElement):
        after("link:nothing")

from __future__ import annotations

from hypothesis import given, settings

from agent.contract import ElementState, LinkVerdict, Network, SiteVerdict
from agent.risk.network.failure import Load
from agent.risk.network.failure_answer import Answer, Case, answer, elements, ranked
from agent.risk.network.spare import Spare
from agent.risk.network.ways import all_ways
from agent.risk.topology import Topology, element_of
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.risk.county import county, topology
from tests.agent.risk.network.test_brute_force import cases


def live(*down: str, dark: tuple[str, ...] = ()) -> Case:
    """All links up but these; at these sites nothing answers."""
    inventory = county()
    links = {
        name: LinkVerdict(name, (link.ends[0].site, link.ends[1].site), ElementState("down" if name in down else "up"))
        for name, link in inventory.links.items()
    }
    sites = {name: SiteVerdict(name, "isolated") for name in dark}
    return Case.live(inventory, topology(inventory), Network(0.0, links, sites=sites))


def asked(case: Case, *failed: str) -> Answer:
    return answer(case, [element_of(text) for text in failed])


def test_a_site_where_nothing_answers_is_cut_off_already_whatever_the_links_say() -> None:
    found = asked(live(dark=("everswinkel",)), "link:ev-vdsl")
    assert (found.isolated_sites, found.isolated_before) == ((), ("everswinkel",))
    assert found.sites["everswinkel"].paths == 0
    assert asked(live(), "link:ev-vdsl").isolated_sites == ("everswinkel",)


def test_a_dark_site_and_those_behind_a_cut_stand_in_the_order_of_the_file() -> None:
    found = asked(live("ev-vdsl", dark=("afg", "rathaus")), "link:rf-kh-wad")
    assert found.isolated_before == ("rathaus", "everswinkel", "afg")


def test_no_row_tells_anew_of_a_dark_site() -> None:
    case = live(dark=("wadersloh",))
    found = ranked(case)
    assert found.isolated_before == ("wadersloh",)
    assert all("wadersloh" not in {*row.isolated_sites, *row.fewer_paths} for row in found.failures)
    told = {row.element: row for row in elements(case)}["group:mast"]
    assert (told.isolates_by_design, told.isolates_now) == (("wadersloh",), ())


def test_what_fails_twice_fails_once() -> None:
    assert asked(live(), "link:ev-vdsl", "site:afg", "link:ev-vdsl").fail == ("link:ev-vdsl", "site:afg")


def test_a_site_that_no_declared_way_leads_from_is_not_judged_and_said_so() -> None:
    inventory = Inventory.model_validate({"sites": {"a": {"core": True}, "b": {}}})
    found = asked(Case.declared(inventory, Topology.of(inventory, Settings())), "site:a")
    assert found.isolated_sites == ()
    assert found.sites["b"].paths is None
    assert found.unknown.needs == {"b": ("a",)}


@settings(max_examples=100)
@given(cases())
def test_ways_left_after_each_failure_are_those_counted_anew(case: tuple[Topology, frozenset[str], Load]) -> None:
    network, down, load = case
    before = all_ways(network, down)
    for row in ranked(Case(network, dict.fromkeys(network.sites, 1), load, down)).failures:
        left = all_ways(network, down | network.loss([element_of(row.fail[0])]).links)
        assert row.fewer_paths == {site: count for site, count in left.items() if 0 < count < before[site]}


@settings(max_examples=60)
@given(cases())
def test_ways_left_after_any_loss_are_those_counted_anew(case: tuple[Topology, frozenset[str], Load]) -> None:
    network, lost, _ = case
    left, fewer = all_ways(network, lost), Spare.of(network, frozenset()).fewer(lost)
    designed = all_ways(network, frozenset())
    assert {site: count for site, count in left.items() if 0 < count < designed[site]} == {
        site: count for site, count in fewer.items() if left[site]
    }

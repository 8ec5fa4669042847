from __future__ import annotations

from dataclasses import replace

import pytest

from agent.contract import ElementState, FindingKey, LinkVerdict, Measure, Network, Severity
from agent.risk.catalogue.usage import LINE_BELOW_CONTRACT, PARTNER_OVER_RENTED
from agent.risk.sight import Outcome, Sight
from agent.risk.usage.book import UsageBook
from tests.agent.risk.scene import NOW, Scene, subject_of, the
from tests.agent.risk.usage.town import INVENTORY, PARTNER, USED, UTILISATION, figures, scene
from tests.agent.risk.usage.traffic import MEGABIT, flows

# --- percentiles and utilisation -------------------------------------------------------------------------------------


def test_the_percentile_of_a_link_is_told_for_each_direction_by_where_it_flows_to() -> None:
    found = figures(flows(scene(), "core-sw/1", 7 * MEGABIT, 20 * MEGABIT), USED)
    assert found == pytest.approx({("core-town", "core"): 7 * MEGABIT, ("core-town", "town"): 20 * MEGABIT})


def test_within_a_site_a_direction_is_called_after_its_end() -> None:
    links = {"patch": {"kind": "fibre", "ends": ["core-sw/1", "core-sw/2"]}}
    found = figures(flows(scene(links=links, partners={}), "core-sw/1", MEGABIT, MEGABIT), USED)
    assert set(found) == {("patch", "core-sw/1"), ("patch", "core-sw/2")}


def test_without_a_day_of_history_there_is_no_percentile() -> None:
    assert figures(flows(scene(), "core-sw/1", 1.0, 1.0, begin=NOW - 40000), USED) == {}


def test_utilisation_is_the_load_of_the_last_minutes_by_the_capacity() -> None:
    found = figures(flows(scene(), "core-sw/1", 5 * MEGABIT, 50 * MEGABIT, begin=NOW - 900), UTILISATION)
    assert found == pytest.approx({("core-town", "core"): 0.05, ("core-town", "town"): 0.5})


def test_utilisation_is_against_what_the_link_can_carry_now() -> None:
    made = flows(scene(), "core-sw/1", 0.0, 50 * MEGABIT, begin=NOW - 900)
    sight = Sight.of(made.inventory, made.settings, made.view(), made.windows())
    verdict = LinkVerdict("core-town", ("core", "town"), ElementState("up"), capacity=50 * MEGABIT)
    found = list(UsageBook().look(replace(sight, network=Network(NOW, {"core-town": verdict}))))
    shown = {one.labels: one.value for one in found if isinstance(one, Measure) and one.family.name == UTILISATION}
    assert shown["core-town", "town"] == pytest.approx(1.0)


# --- partners --------------------------------------------------------------------------------------------------------


def test_a_partner_that_uses_more_than_it_rents_is_told_as_information() -> None:
    made = flows(scene(), "town-sw/1", 60 * MEGABIT, 10 * MEGABIT)
    found = the(made.finding(PARTNER_OVER_RENTED))
    assert (str(found.subject), found.severity, found.site) == ("partner:gem", Severity.INFO, "town")
    assert found.summary == "Gemeinde uses 60 Mbit/s downwards; 50 Mbit/s are rented"
    assert found.evidence[0] == "95th percentile of the last 11 days downwards: 60 Mbit/s"
    assert figures(made, PARTNER) == pytest.approx({("gem", "down"): 60 * MEGABIT, ("gem", "up"): 10 * MEGABIT})


def test_it_is_said_in_german_too() -> None:
    made = flows(scene("de"), "town-sw/1", 1.0, 60.5 * MEGABIT)
    assert the(made.finding(PARTNER_OVER_RENTED)).summary == (
        "Gemeinde nutzt 60,5 Mbit/s im Versand, gemietet sind 50 Mbit/s"
    )


def test_what_passes_through_the_partners_site_is_not_the_partners() -> None:
    partner = {"gem": {"site": "town", "rented": "50Mbit/s", "links": ["core-town", "town-farm"]}}
    made = flows(scene(partners=partner), "town-sw/1", 90 * MEGABIT, 5 * MEGABIT)
    flows(made, "town-sw/2", 5 * MEGABIT, 60 * MEGABIT)
    assert made.finding(PARTNER_OVER_RENTED) is None
    assert figures(made, PARTNER)["gem", "down"] == pytest.approx(30 * MEGABIT)


def test_where_the_partner_is_connected_follows_from_its_links() -> None:
    partner = {"gem": {"rented": "50Mbit/s", "links": ["core-town"]}}
    assert the(flows(scene(partners=partner), "town-sw/1", 6e7, 0.0).finding(PARTNER_OVER_RENTED)).site == "town"


@pytest.mark.parametrize("links", [[], ["town-farm", "line"], ["line"]])
def test_a_usage_that_nobody_can_see_is_unknown(links: list[str]) -> None:
    made = flows(scene(partners={"gem": {"rented": "50Mbit/s", "links": links}}), "town-sw/1", 6e7, 0.0)
    assert made.finding(PARTNER_OVER_RENTED) is None
    assert made.unverified(PARTNER_OVER_RENTED, "partner:gem")
    assert figures(made, PARTNER) == {}


def test_a_partner_without_a_figure_in_the_contract_is_only_measured() -> None:
    made = flows(scene(partners={"gem": {"site": "town", "links": ["core-town"]}}), "town-sw/1", 6e7, 0.0)
    assert figures(made, PARTNER)
    assert made.finding(PARTNER_OVER_RENTED) is None
    assert not made.unverified(PARTNER_OVER_RENTED, "partner:gem")


# --- what lines deliver ----------------------------------------------------------------------------------------------


def speed(made: Scene, device: str, port: str, megabit: float) -> Scene:
    return made.shows("ifHighSpeed", f"device:{device}", megabit, ifName=port, ifIndex="101")


def test_a_port_that_negotiated_less_than_the_contract_says_is_a_finding() -> None:
    made = speed(scene(), "core-sw", "9", 10)
    found = the(made.finding(LINE_BELOW_CONTRACT))
    assert (str(found.subject), found.severity) == ("link:line", Severity.WARNING)
    assert found.summary == "link line delivers 10 Mbit/s instead of the contracted 100 Mbit/s"
    assert found.evidence == ("agreed: 100 Mbit/s down, 40 Mbit/s up", "circuit VDSL-4711")
    agreed = figures(made, "ringwacht_link_contracted_bits_per_second")
    assert (agreed["line", "down"], agreed["line", "up"]) == (100 * MEGABIT, 40 * MEGABIT)
    assert figures(made, "ringwacht_link_delivered_bits_per_second") == {("line",): 10 * MEGABIT}


def test_without_a_contract_the_declared_capacity_counts() -> None:
    made = speed(speed(scene("de"), "core-sw", "1", 1000), "town-sw", "1", 10)
    assert the(made.finding(LINE_BELOW_CONTRACT)).summary == "Strecke core-town läuft mit 10 Mbit/s statt 100 Mbit/s"


@pytest.mark.parametrize("megabit", [96, 100, 10_000])
def test_what_is_good_enough_is_no_finding(megabit: float) -> None:
    made = speed(scene(), "core-sw", "9", megabit)
    assert made.finding(LINE_BELOW_CONTRACT) is None
    assert not made.unverified(LINE_BELOW_CONTRACT, "link:line")


def test_the_share_is_an_option() -> None:
    made = Scene(INVENTORY, {"alerting": {"rules": {"line_below_contract": {"below": "10%"}}}})
    assert speed(made, "core-sw", "9", 10).finding(LINE_BELOW_CONTRACT) is None


def test_a_line_of_which_nothing_is_read_is_not_judged() -> None:
    assert scene().unverified(LINE_BELOW_CONTRACT, "link:line")
    assert not scene().unverified(LINE_BELOW_CONTRACT, "link:town-farm"), "nothing was agreed"
    links = {"vdsl": {"kind": "leased", "ends": ["farm-sw", "core"], "contract": "carrier"}}
    assert not scene(links=links, partners={}).unverified(LINE_BELOW_CONTRACT, "link:vdsl"), "nothing could ever tell"
    made = speed(scene(), "core-sw", "9", 0)
    assert made.unverified(LINE_BELOW_CONTRACT, "link:line"), "0 is IF-MIB's word for unknown"


def test_a_line_that_is_down_is_told_as_that() -> None:
    made = speed(scene(), "core-sw", "9", 10)
    sight = Sight.of(made.inventory, made.settings, made.view(), made.windows())
    verdict = LinkVerdict("line", ("core", "farm"), ElementState("down"))
    found = list(UsageBook().look(replace(sight, network=Network(NOW, {"line": verdict}))))
    assert FindingKey(LINE_BELOW_CONTRACT, subject_of("link:line")) in found


def test_a_radio_hop_of_our_own_is_judged_with_the_radio() -> None:
    made = scene().shows("ringwacht_radio_capacity_bits_per_second", "device:core-sw", 9e6, port="8", direction="send")
    assert made.finding(LINE_BELOW_CONTRACT) is None
    assert figures(made, "ringwacht_link_delivered_bits_per_second") == {("hop",): 9e6}


@pytest.mark.parametrize("contract", [{}, {"contract": "outsourcer"}])
def test_a_fade_of_a_hop_without_an_agreed_bandwidth_is_no_line_below_contract(contract: dict[str, str]) -> None:
    hop = {**INVENTORY["links"]["hop"], **contract}
    made = speed(scene(links={"hop": hop}, partners={}), "core-sw", "8", 10)
    for device in ("core-sw", "farm-sw"):
        for way in ("receive", "send"):
            made.shows("ringwacht_radio_capacity_bits_per_second", f"device:{device}", 20e6, port="8", direction=way)
    assert made.finding(LINE_BELOW_CONTRACT) is None


def test_a_rented_radio_hop_is_judged_by_its_contract() -> None:
    links = {"hop": {"kind": "radio", "ends": ["core-sw/8", "farm-sw/8"], "contract": "carrier"}}
    for up, found in ((40e6, None), (20e6, "link hop delivers 20 Mbit/s instead of the contracted 40 Mbit/s")):
        made = scene(links=links, partners={})
        for way, rate in (("receive", 100e6), ("send", up)):
            made.shows("ringwacht_radio_capacity_bits_per_second", "device:core-sw", rate, port="8", direction=way)
        told = made.finding(LINE_BELOW_CONTRACT)
        assert (told and told.summary) == found


# --- costs -----------------------------------------------------------------------------------------------------------


def test_costs_are_told_by_contract_and_by_megabit() -> None:
    assert figures(scene(), "ringwacht_contract_monthly_cost") == {("carrier",): 320, ("outsourcer",): 2400}
    assert figures(scene(), "ringwacht_contract_monthly_cost_per_megabit") == {("carrier",): 3.2}


def test_a_contract_for_two_lines_costs_half_as_much_by_megabit() -> None:
    links = {name: {"kind": "leased", "ends": [f"core-sw/{name}", "farm"], "contract": "carrier"} for name in "12"}
    found = figures(scene(links=links, partners={}), "ringwacht_contract_monthly_cost_per_megabit")
    assert found == {("carrier",): 1.6}


def test_a_contract_without_a_rate_costs_by_the_capacity_of_its_lines() -> None:
    lines = [{"kind": "leased", "ends": ["core", "farm"], "contract": "outsourcer", "capacity": "1Gbit/s"}]
    per = "ringwacht_contract_monthly_cost_per_megabit"
    assert figures(scene(links={"a": lines[0]}, partners={}), per)["outsourcer",] == 2.4
    service = {"portal": {"url": "https://127.0.0.1/", "contract": "outsourcer"}}
    assert ("outsourcer",) not in figures(scene(links={"a": lines[0]}, partners={}, services=service), per)


def test_what_a_partner_saves_is_told() -> None:
    partner = {"gem": {"rented": "50Mbit/s", "saved_line_cost": 410}}
    assert figures(scene(partners=partner), "ringwacht_partner_saved_monthly_cost") == {("gem",): 410}
    assert figures(scene(partners=partner), "ringwacht_partner_saved_monthly_cost_per_megabit") == {("gem",): 8.2}
    assert figures(scene(partners=partner), "ringwacht_partner_rented_bits_per_second") == {("gem",): 5e7}


# --- the book --------------------------------------------------------------------------------------------------------


def look(book: UsageBook, made: Scene, after: float = 0.0) -> list[Outcome]:
    sight = Sight.of(made.inventory, made.settings, made.view(NOW + after), made.windows())
    return [one for one in book.look(sight) if one is not None]


def used(found: list[Outcome]) -> int:
    return sum(isinstance(one, Measure) and one.family.name == USED for one in found)


def test_percentiles_are_worked_out_anew_after_some_minutes_only() -> None:
    book, made = UsageBook(), flows(scene(), "core-sw/1", MEGABIT, MEGABIT)
    assert used(look(book, made)) == 2
    made.remembered.clear()
    assert used(look(book, made, 299)) == 2
    assert used(look(book, made, 300)) == 0


def test_another_configuration_is_looked_at_at_once() -> None:
    book = UsageBook()
    assert used(look(book, flows(scene(), "core-sw/1", MEGABIT, MEGABIT))) == 2
    assert used(look(book, scene())) == 0


def test_a_look_is_bounded_and_what_it_did_not_reach_is_unjudged() -> None:
    links = {
        f"l{number}": {"kind": "leased", "ends": [f"core-sw/{number}", "farm"], "capacity": "1Gbit/s"}
        for number in range(120)
    }
    made = speed(scene(links=links, partners={}), "core-sw", "119", 10)
    book, key = UsageBook(), FindingKey(LINE_BELOW_CONTRACT, subject_of("link:l119"))
    assert key in look(book, made)
    assert key in look(book, made, 1)
    assert key not in look(book, made, 2)


def test_the_demand_says_where_it_is_from() -> None:
    made = scene()
    sight = Sight.of(made.inventory, made.settings, made.view(), made.windows())
    network = Network(NOW, demand={"town": (6e7, True), "farm": (1e6, False)})
    found = [one for one in UsageBook().look(replace(sight, network=network)) if isinstance(one, Measure)]
    shown = {one.labels: one.value for one in found if one.family.name == "ringwacht_site_demand_bits_per_second"}
    assert shown == {("town", "declared"): 6e7, ("farm", "measured"): 1e6}


def test_the_look_pauses_after_each_port() -> None:
    made = flows(scene(), "core-sw/1", MEGABIT, MEGABIT)
    sight = Sight.of(made.inventory, made.settings, made.view(), made.windows())
    assert sum(one is None for one in UsageBook().look(sight)) >= 2 * len(made.inventory.links)

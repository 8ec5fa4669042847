"""The section on the network: rings, sites, what one more failure would do, and the page that they stand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import Consequence, Muted, Network, Severity, Subject
from agent.risk.catalogue.network import FAILOVER_OVERLOAD
from agent.risk.rules import RULE_OPTIONS
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from exporters.web.network import MAX_FAILURES, MAX_SITES
from exporters.web.network_words import LABELS, TEXTS
from exporters.web.ways import SiteRow
from tests.exporters.county import NOW, alert, html, make_inventory, make_settings, page, snapshot
from tests.exporters.fakes import FakeCommands
from tests.exporters.ringcounty import (
    NAMES,
    closed,
    isolated,
    judged,
    link,
    opened,
    ring_inventory,
    ring_network,
    section,
    site,
)
from tests.exporters.test_web_html import outline
from tests.exporters.webserver import serve
from tests.harness.devtools import Screen, browser_tab

COUNTY = ring_inventory()
LINKS = tuple(name for name, one in COUNTY.links.items() if one.ring == "sued")


def row(network: Network, name: str) -> SiteRow:
    return next(one for one in section(network, COUNTY).sites if one.name == name)


# --- sites -----------------------------------------------------------------------------------------------------------


def test_sites_stand_with_their_ways_the_worst_first() -> None:
    rows = section(isolated(COUNTY), COUNTY).sites
    assert [(one.name, one.mark.tone, one.mark.word, one.ways.replace("\u00a0", "")) for one in rows] == [
        ("Rathaus Nordheim", "critical", "abgeschnitten", "0/2/2"),
        ("Jobcenter Ostfeld", "warning", "weniger Wege als verlangt", "1/2/2"),
        ("Bauhof Südhagen", "warning", "weniger Wege als verlangt", "1/2/2"),
        ("Gemeinschaftsgrundschule Westerloh am Kanal", "warning", "weniger Wege als verlangt", "1/2/2"),
        ("Rechenzentrum", "unknown", "nicht geprüft", "0/1/1"),
    ]
    assert rows[0].why == (
        "kein Weg zu: Kreishaus; dort antwortet nichts seit 3 min (15.01.2027 08:57); "
        "wegen Funkstrecke Rathaus Nordheim–Jobcenter Ostfeld, Funkstrecke Kreishaus–Rathaus Nordheim"
    )
    assert rows[4].why == "1 weiterer Weg ist unbekannt"
    assert (rows[0].load.mark, rows[0].load.note) == (None, "–")  # nothing is left that could be full


@pytest.mark.parametrize(
    ("verdict", "tone", "word", "why"),
    [
        (site("nordheim"), "ok", "wie vorgesehen", ""),
        (site("nordheim", "redundancy_lost", 1, paths_required=1), "warning", "Redundanz verloren", ""),
        (site("nordheim", "ok", 1, paths_designed=1), "info", "weniger Wege als verlangt", "schon so aufgebaut"),
        (
            site("nordheim", "unverified", 0, paths_possible=2),
            "unknown",
            "nicht geprüft",
            "2 weitere Wege sind unbekannt",
        ),
    ],
)
def test_a_site_says_how_it_stands(verdict: Any, tone: str, word: str, why: str) -> None:
    network = ring_network(COUNTY, sites={"nordheim": verdict})
    shown = row(network, "Rathaus Nordheim")
    assert (shown.mark.tone, shown.mark.word, shown.why) == (tone, word, why)


def test_the_load_after_one_more_failure_is_judged_by_the_rules_own_bound() -> None:
    network = ring_network(COUNTY, site_utilisation={"nordheim": 0.7, "ostfeld": 0.85})
    loads = {one.name: one.load for one in section(network, COUNTY).sites}
    assert [loads[name].mark for name in ("Bauhof Südhagen", "Rechenzentrum")] == [None, None]
    assert loads["Bauhof Südhagen"].note == "unbekannt"
    told = [(mark.tone, mark.word) for name in ("Rathaus Nordheim", "Jobcenter Ostfeld") if (mark := loads[name].mark)]
    assert told == [("ok", "70 %"), ("warning", "85 %")]
    raw = {"alerting": {"rules": {FAILOVER_OVERLOAD: {"above": 0.5}}}}
    strict = section(network, COUNTY, settings=Settings.model_validate(raw, context=Kinds.of({}, RULE_OPTIONS))).sites
    assert [one.load.mark.tone for one in strict if one.load.mark is not None] == ["warning", "warning"]


def test_a_site_that_needs_nobody_is_left_out_unless_it_is_dark() -> None:
    assert "Kreishaus" not in [one.name for one in section(closed(COUNTY), COUNTY).sites]
    dark = replace(site("kreishaus", "isolated", 0, silent_since=NOW - 60), needs=())
    shown = row(ring_network(COUNTY, sites={"kreishaus": dark}), "Kreishaus")
    assert (shown.mark.word, shown.ways, shown.load.note) == ("abgeschnitten", "–", "–")


def test_the_card_of_a_site_is_as_bad_as_its_verdict() -> None:
    marks = {one.name: one.mark.tone for one in page(judged(COUNTY, isolated(COUNTY)), COUNTY).places}
    assert (marks["Rathaus Nordheim"], marks["Rechenzentrum"]) == ("critical", "unknown")


# --- one more failure ------------------------------------------------------------------------------------------------


def test_single_failures_stand_the_worst_first_and_say_whether_they_always_would() -> None:
    rows = section(opened(COUNTY), COUNTY).failures
    told = [(one.name, one.mark.word, one.cut_off) for one in rows]
    assert told == [
        (
            "Funkstrecke Gemeinschaftsgrundschule Westerloh am Kanal–Kreishaus",
            "nur zurzeit",
            "Rathaus Nordheim, Jobcenter Ostfeld, Bauhof Südhagen, Gemeinschaftsgrundschule Westerloh am Kanal",
        ),
        ("Funkstrecke Rathaus Nordheim–Jobcenter Ostfeld", "nur zurzeit", "Rathaus Nordheim"),
        ("Strecke Kreishaus–Rechenzentrum", "immer: so aufgebaut", "Rechenzentrum"),
        ("Gerät sw-westerloh", "überlastet", "niemand"),
    ]
    full = rows[3].load
    assert full.mark is not None
    assert (full.mark.word, full.note) == (
        "93 %",
        "auf Bauhof Südhagen–Gemeinschaftsgrundschule Westerloh am Kanal",
    )


def test_a_link_that_is_full_already_is_no_news_of_any_failure() -> None:
    full = link(COUNTY, "rf-2", load=372e6)  # of 400 Mbit/s
    failures = (
        Consequence((Subject("link", "rf-1"),), worst=("rf-2", 0.93)),
        Consequence((Subject("link", "rf-3"),), worst=("rf-2", 1.2)),
    )
    shown = section(ring_network(COUNTY, [full], failures=failures), COUNTY).failures
    assert [one.name for one in shown] == ["Funkstrecke Jobcenter Ostfeld–Bauhof Südhagen"]


@pytest.mark.parametrize(
    ("failures", "told"),
    [
        ((), "Noch nicht berechnet."),
        ((Consequence((Subject("link", "rf-1"),)),), "Kein einzelner weiterer Ausfall schneidet einen Standort ab"),
    ],
)
def test_no_harm_is_not_the_same_as_not_computed(failures: tuple[Consequence, ...], told: str) -> None:
    network = ring_network(COUNTY, failures=failures)
    assert told in html(page(judged(COUNTY, network), COUNTY))


def test_groups_power_and_parts_of_a_contract_have_names() -> None:
    named = {
        Subject("group", "mast-nord"): "gemeinsames Risiko mast-nord",
        Subject("group", "provider/Stadtnetz"): "Anbieter Stadtnetz",
        Subject("group", "room/keller"): "Raum keller",
        Subject("power", "sw-ostfeld"): "Stromversorgung sw-ostfeld",
    }
    failures = tuple(Consequence((subject,), ("rz",)) for subject in named)
    (shown,) = section(ring_network(COUNTY, failures=failures), COUNTY).failures
    assert shown.name == ", ".join(named.values())


def test_what_does_the_same_harm_is_one_row_the_link_first() -> None:
    harm: dict[str, Any] = {"isolated": ("nordheim",), "worst": ("rf-3", 0.5)}
    failures = (
        Consequence((Subject("device", "sw-nordheim"),), **harm),
        Consequence((Subject("link", "rf-1"),), **harm),
        Consequence((Subject("site", "kreishaus"),), ("nordheim", "ostfeld")),  # that it is needed is no news
    )
    (shown,) = section(ring_network(COUNTY, failures=failures), COUNTY).failures
    assert shown.name == "Funkstrecke Kreishaus–Rathaus Nordheim, Gerät sw-nordheim"


def test_lists_are_bounded_and_say_what_is_left_out() -> None:
    names = {"kreishaus": "Kreishaus", **{f"s-{number}": f"Ort {number}" for number in range(MAX_SITES + 4)}}
    inventory = ring_inventory(names)
    failures = tuple(Consequence((Subject("link", name),), (name,)) for name in list(names)[: MAX_FAILURES + 3])
    shown = section(ring_network(inventory, failures=failures), inventory)
    assert (len(shown.sites), shown.more_sites) == (MAX_SITES, "und 5 weitere")
    assert (len(shown.failures), shown.failures_count) == (MAX_FAILURES, MAX_FAILURES + 3)
    assert shown.more_failures == "und 3 weitere"
    assert shown.rings[0].drawing is None


@pytest.mark.parametrize(
    ("made", "tone", "sentence"),
    [
        (closed, "info", "Keine offene Meldung"),
        (opened, "warning", "Netz: Warnung"),
        (isolated, "critical", "Netz: kritisch, 1 unbekannt"),
    ],
)
def test_the_headline_is_no_better_than_the_network(
    made: Callable[[Inventory], Network], tone: str, sentence: str
) -> None:
    muted = Muted("accepted", "bekannt", "30.06.2027")
    alerts = [alert("link_down", Subject("link", name), muted=muted) for name in ("rf-1", "rf-2", "rf-4")]
    shown = page(judged(COUNTY, made(COUNTY), alerts=alerts), COUNTY)
    assert (shown.overall.tone, shown.overall.word) == (tone, f"{sentence}, 3 stummgeschaltet")


def test_a_headline_that_is_as_bad_already_says_nothing_of_the_network() -> None:
    alerts = [alert("link_down", Subject("link", "rf-1"), Severity.WARNING)]
    shown = page(judged(COUNTY, opened(COUNTY), alerts=alerts), COUNTY)
    assert (shown.overall.tone, shown.overall.word.startswith("1 Störung")) == ("warning", True)


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("network", [None, Network(NOW)])
def test_without_a_network_there_is_no_section(network: Network | None) -> None:
    shown = page(snapshot(network=network))
    assert shown.network is None
    assert 'id="network"' not in html(shown)


@pytest.mark.parametrize("made", [closed, opened, isolated])
def test_the_section_nests_and_its_picture_says_in_words_what_it_shows(made: Callable[[Inventory], Network]) -> None:
    text = html(page(judged(COUNTY, made(COUNTY)), COUNTY))
    shown = outline(text)
    assert shown.tags.count("svg") == 1
    assert shown.values("svg", "role") == ["img"]
    ids = [value for _, name, value in shown.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    (labelled,) = shown.values("svg", "aria-labelledby")
    assert set((labelled or "").split()) <= set(ids)
    assert "#network" in shown.values("a", "href")
    assert "Kreishaus–Rathaus Nordheim: " in text[text.index("<desc") : text.index("</desc>")]


def test_an_inventory_that_was_loaded_since_the_last_look_does_no_harm() -> None:
    """What was judged may name links, sites and rings that are no longer there."""
    shown = page(judged(COUNTY, isolated(COUNTY)), make_inventory()).network
    assert shown is not None
    assert shown.rings[0].drawing is None
    assert outline(html(page(judged(COUNTY, opened(COUNTY)), make_inventory()))).open == []


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_whatever_a_site_is_called_stays_text(name: str) -> None:
    def shown(called: str) -> list[str]:
        names = {**NAMES, "nordheim": called}
        inventory = ring_inventory(names, rings={"sued": {"name": called}})
        network = opened(inventory)
        ring = replace(network.rings["sued"], protocol=(called,))
        return outline(html(page(judged(inventory, replace(network, rings={"sued": ring})), inventory))).tags

    hostile = [tag for tag in shown(f"<b>{name}</b>\"'><script>") if tag != "text"]
    assert hostile == [tag for tag in shown("so") if tag != "text"]  # a longer name has more lines


def test_every_word_is_there_in_both_languages() -> None:
    for german, english in (*TEXTS.values(), *LABELS.values()):
        assert german
        assert english


@pytest.mark.integration
@pytest.mark.parametrize("made", [closed, opened, isolated])
async def test_the_section_fits_a_phone_and_a_desk(made: Callable[[Inventory], Network], tmp_path: Path) -> None:
    long = {**NAMES, "ostfeld": "Donaudampfschifffahrtsgesellschaftsverwaltungsgebäude"}
    inventory = ring_inventory(long)
    commands = FakeCommands(judged(inventory, made(inventory)), inventory, make_settings())
    inside = "[...document.querySelectorAll('svg.plan text')].every(text => { const box = text.getBoundingClientRect();"
    inside += " return box.left >= 0 && box.right <= innerWidth && box.width > 0; })"
    async with serve(commands) as client, browser_tab(tmp_path) as tab:
        for width in (360, 1280):
            await tab.load(f"{client.url}/?open=all&refresh=off", Screen(width))
            assert await tab.value("document.documentElement.scrollWidth") == width
            assert await tab.value(inside)
        assert tab.complaints == []

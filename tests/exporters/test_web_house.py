"""The page with its sections on rooms and functions: it nests, stays text, fits a phone, a desk and paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import House, Leg, RiskFactor, SharedRisk, Subject
from exporters.web.page import Look
from exporters.web.rooms_words import LABELS, TEXTS
from tests.exporters.county import html, job, make_settings, page
from tests.exporters.fakes import FakeCommands
from tests.exporters.housecounty import (
    ROOM,
    alarming,
    coverage,
    factor,
    figures,
    function,
    healthy,
    house,
    house_inventory,
    room,
    seen,
    sensed,
    supply,
    unknown,
)
from tests.exporters.test_web_html import outline
from tests.exporters.webserver import serve
from tests.harness.devtools import Screen, browser_tab

# Tiles whose content is wider than they are.
WIDER = (
    "[...document.querySelectorAll('.tiles .card')].filter(one => one.scrollWidth > one.clientWidth).map(one => one.id)"
)
Made = Callable[[], House]
EVERY = pytest.mark.parametrize("made", [healthy, alarming, unknown])


def hostile_factor(said: str) -> RiskFactor:
    return factor("leak_missing", 12.0, said, title=said, remedy=said, subject=Subject("device", said))


def full(said: str) -> str:
    """A page with one text in every place where a device, an editor or a provider could put it."""
    state = house(
        rooms={
            "serverraum": room(
                temperatures=(sensed(said, position=said),),
                humidities=(sensed(said, 0.4, said),),
                cooling_failed=(said,),
                cooling_running=(said,),
            )
        },
        power={"usv-1": supply(), "usv-2": supply(device=said, room=None)},
        functions={
            "fachverfahren": function(
                primary=Leg(Subject("device", said), "up", said),
                shared=(SharedRisk("provider", said, ()), SharedRisk("room", said, ())),
            ),
        },
        risks=figures(hostile_factor(said)),
    )
    return html(page(seen(state), house_inventory(said[:60]), look=Look(unfolded=True)))


def crowded() -> House:
    """Two tiles side by side, with names as long as they come."""
    names = tuple(
        f"klima-untergeschoss/CMC III PU {number} Sammelstörung aller Kälteanlagen im Haus" for number in "123"
    )
    gaps = tuple(one._replace(state="silent", by=names) if one.quantity == "leak" else one for one in coverage())
    state = room(cooling_failed=names, cooling_state="failed", cooling_running=names, leak=None, coverage=gaps)
    return replace(alarming(), rooms={"serverraum": state})


@EVERY
def test_the_sections_nest_and_every_link_leads_somewhere(made: Made) -> None:
    shown = outline(html(page(seen(made()), house_inventory())))
    ids = [value for _, name, value in shown.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {"rooms", "functions", "room-serverraum"} <= set(ids)
    assert {link[1:] for link in shown.values("a", "href") if link and link.startswith("#")} <= set(ids)
    assert {"/api/v1/rooms", "/api/v1/functions", "/api/v1/risk"} <= set(shown.values("a", "href"))


def test_a_reader_who_sees_no_colour_is_told_what_is_measured() -> None:
    text = html(page(seen(healthy()), house_inventory()))
    assert text.count('<span class="unseen">: gemessen</span>') == 6


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_whatever_a_sensor_a_room_or_a_provider_is_called_stays_text(said: str) -> None:
    plain, hostile = outline(full("so")), outline(full(f"<b>{said}</b>\"'><script>"))
    assert hostile.tags == plain.tags


def test_control_and_bidirectional_characters_are_gone() -> None:
    shown = full("\u202e\x07" + "x" * 50)
    assert not any(bad in shown for bad in ("\u202e", "\x07"))


def test_unfolding_everything_unfolds_risks_and_sensors() -> None:
    shown = outline(html(page(seen(alarming()), house_inventory(), look=Look(unfolded=True))))
    assert shown.tags.count("details") == len(shown.values("details", "open"))


def test_the_headline_is_no_better_than_the_rooms() -> None:
    inventory = house_inventory()
    jobs = [job("device", name, site=device.site) for name, device in inventory.devices.items()]
    well = page(seen(healthy(), jobs=jobs), inventory).overall
    assert (well.tone, well.word) == ("ok", "Alles in Ordnung")
    dark = page(seen(unknown(), jobs=jobs), inventory).overall
    assert (dark.tone, dark.word) == ("unknown", "Räume und Strom: unbekannt, Notfallredundanz: unbekannt")


def test_a_factor_about_the_room_itself_is_named() -> None:
    text = html(page(seen(house(risks=figures(factor(subject=ROOM)))), house_inventory()))
    assert "<bdi>Raum Serverraum Rathaus</bdi> · Eintritt 2 von 4, Wirkung 3 von 4" in text
    assert text.count("docs/risk.md") == 1


def test_every_word_is_there_in_both_languages() -> None:
    for german, english in (*TEXTS.values(), *LABELS.values()):
        assert german
        assert english


@pytest.mark.integration
@pytest.mark.parametrize("made", [healthy, alarming, unknown, crowded])
async def test_the_sections_fit_a_phone_a_desk_and_paper(made: Made, tmp_path: Path) -> None:
    inventory = house_inventory("Donaudampfschifffahrtsgesellschaftsverwaltungsgebäude")
    answers = [job("device", "klima-untergeschoss")]  # so that each of its sensors is named
    commands = FakeCommands(seen(made(), jobs=answers), inventory, make_settings())
    async with serve(commands) as client, browser_tab(tmp_path) as tab:
        await tab.load(f"{client.url}/?refresh=off", Screen(1280))
        assert await tab.value(WIDER) == []
        for width, media in ((360, "screen"), (1280, "screen"), (800, "print")):
            await tab.load(f"{client.url}/?open=all&refresh=off", Screen(width, media=media))
            assert await tab.value("document.documentElement.scrollWidth") == width, media
        assert tab.complaints == []

"""Each ring in words and as a picture."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import RingVerdict
from exporters.web.ringdrawing import FEWEST, MOST, Drawing, Section, Stop, draw, labels
from exporters.web.words import Mark
from tests.exporters.county import NOW
from tests.exporters.ringcounty import (
    NAMES,
    closed,
    isolated,
    link,
    opened,
    ring_inventory,
    ring_network,
    section,
    site,
)

COUNTY = ring_inventory()
LINKS = tuple(name for name, one in COUNTY.links.items() if one.ring == "sued")
UP = Mark("ok", "in Betrieb")


def test_a_closed_ring_says_that_every_link_carries() -> None:
    shown = section(closed(COUNTY), COUNTY)
    (ring,) = shown.rings
    assert (ring.name, ring.mark.tone, ring.mark.word) == ("Richtfunkring Süd", "ok", "geschlossen")
    assert (ring.says, ring.since, ring.open_for) == (("Jede Strecke trägt.",), None, "")
    assert shown.mark.tone == "ok"


@pytest.mark.parametrize(
    ("language", "word", "says", "since", "open_for"),
    [
        (
            "de",
            "offen",
            (
                "Offen zwischen Kreishaus und Rathaus Nordheim.",
                "Eingeschränkt: Bauhof Südhagen–Gemeinschaftsgrundschule Westerloh am Kanal.",
            ),
            "seit 12 min (15.01.2027 08:48)",
            "26 h",
        ),
        (
            "en",
            "open",
            (
                "Open between Kreishaus and Rathaus Nordheim.",
                "Degraded: Bauhof Südhagen–Gemeinschaftsgrundschule Westerloh am Kanal.",
            ),
            "for 12 min (2027-01-15 08:48)",
            "26 h",
        ),
    ],
)
def test_an_open_ring_says_between_whom_and_since_when(
    language: Literal["de", "en"], word: str, says: tuple[str, ...], since: str, open_for: str
) -> None:
    (ring,) = section(opened(COUNTY), COUNTY, language=language).rings
    assert (ring.mark.tone, ring.mark.word, ring.says, ring.open_for) == ("warning", word, says, open_for)
    assert ring.since is not None
    assert ring.since.text == since
    assert ring.protocol == ("rr-kreishaus-a 1: protection",)


def test_two_cuts_say_who_is_cut_off_and_are_critical_if_nothing_else_leads_there() -> None:
    network = isolated(COUNTY)
    (ring,) = section(network, COUNTY).rings
    assert (ring.mark.tone, ring.mark.word) == ("critical", "2 Schnitte")
    assert ring.says == (
        "Ausgefallen: Kreishaus–Rathaus Nordheim, Rathaus Nordheim–Jobcenter Ostfeld.",
        "Über den Ring nicht mehr erreichbar: Rathaus Nordheim.",
        "Unbekannt: Jobcenter Ostfeld–Bauhof Südhagen.",
    )
    taken_over = replace(network, sites={**network.sites, "nordheim": site("nordheim", "redundancy_lost", 1)})
    assert section(taken_over, COUNTY).rings[0].mark.tone == "warning"


def test_a_ring_that_carries_with_a_weak_link_is_degraded() -> None:
    (ring,) = section(ring_network(COUNTY, [link(COUNTY, "rf-2", "degraded")]), COUNTY).rings
    assert (ring.mark.tone, ring.mark.word) == ("warning", "eingeschränkt")
    assert ring.says == ("Jede Strecke trägt, aber eingeschränkt: Rathaus Nordheim–Jobcenter Ostfeld.",)


def test_a_ring_of_which_nobody_knows_is_unverified_and_says_why() -> None:
    doubtful = ring_network(COUNTY, [link(COUNTY, "rf-2", "unknown")], rings={"sued": RingVerdict("sued", None, LINKS)})
    (ring,) = section(doubtful, COUNTY).rings
    assert (ring.mark.tone, ring.mark.word) == ("unknown", "nicht geprüft")
    assert ring.says == ("Unbekannt: Rathaus Nordheim–Jobcenter Ostfeld.",)


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.0, ""), (59.0, "59 s"), (7199.0, "119 min"), (7200.0, "2 h"), (400_000.0, "111 h")]
)
def test_time_without_redundancy_is_told_in_hours_at_most(seconds: float, told: str) -> None:
    ring = RingVerdict("sued", True, LINKS, open_seconds_total=seconds)
    assert section(ring_network(COUNTY, rings={"sued": ring}), COUNTY).rings[0].open_for == told


def test_a_ring_cut_within_one_site_names_the_link() -> None:
    inner = {"kind": "copper", "ring": "sued", "ends": ["sw-ostfeld/1", "sw-two/1"], "name": "Patchkabel"}
    devices = {f"sw-{name}": {"site": name} for name in NAMES} | {
        "sw-two": {"site": "ostfeld"},
        "sw-rz": {"site": "rz"},
    }
    links = {**COUNTY.model_dump()["links"], "inner": inner}
    inventory = ring_inventory(devices=devices, links=links)
    ring = RingVerdict("sued", False, (*LINKS, "inner"), ("inner",), NOW - 60)
    cut = ring_network(inventory, [link(inventory, "inner", "down")], rings={"sued": ring})
    (shown,) = section(cut, inventory).rings
    assert shown.says == ("Ausgefallen: Patchkabel.",)
    assert shown.drawing is None  # the picture has no place for a cut within a site


def test_the_picture_shows_every_link_and_site_with_a_sign_of_its_own() -> None:
    (ring,) = section(opened(COUNTY), COUNTY).rings
    assert ring.drawing is not None
    assert [(arc.kind, arc.sign) for arc in ring.drawing.arcs] == [
        ("down", "✕"),
        ("up", "✓"),
        ("up", "✓"),
        ("degraded", "▲"),
        ("up", "✓"),
    ]
    assert [node.stop.name for node in ring.drawing.nodes] == list(NAMES.values())
    assert [node.stop.mark.symbol for node in ring.drawing.nodes] == ["✓", "▲", "▲", "▲", "▲"]
    assert [arc.mark.word for arc in ring.drawing.legend] == ["ausgefallen", "in Betrieb", "eingeschränkt"]
    (healthy,) = section(closed(COUNTY), COUNTY).rings
    assert healthy.drawing is not None
    assert [arc.sign for arc in healthy.drawing.arcs] == ["✓", "✓", "‖", "✓", "✓"]


# --- the geometry ----------------------------------------------------------------------------------------------------


def sections(*pairs: tuple[str, str]) -> list[Section]:
    return [Section(pair, "up", UP, "–".join(pair)) for pair in pairs]


def drawn(given: list[Section], core: str = "") -> Drawing | None:
    names = {name for one in given for name in one.sites}
    return draw(given, {name: Stop(f"Rathaus {name}", UP, name == core) for name in names})


@given(st.integers(FEWEST, MOST), st.randoms(use_true_random=False))
def test_any_order_of_a_rings_links_gives_one_circle_from_the_core_on(count: int, chance: random.Random) -> None:
    names = [f"s{number}" for number in range(count)]
    pairs = [(names[place], names[(place + 1) % count]) for place in range(count)]
    mixed = [pair if chance.random() < 0.5 else (pair[1], pair[0]) for pair in pairs]
    chance.shuffle(mixed)
    picture = drawn(sections(*mixed), core="s2")
    assert picture is not None
    around = [node.stop.name.removeprefix("Rathaus ") for node in picture.nodes]
    assert around[0] == "s2"
    assert sorted(around) == sorted(names)
    for place, arc in enumerate(picture.arcs):
        assert set(arc.title.split("–")) == {around[place], around[(place + 1) % count]}


def test_names_that_begin_alike_are_told_apart_by_their_ends() -> None:
    schools = {"gs-1": "Grundschule am Dreifaltigkeitsplatz", "gs-2": "Grundschule am Krankenhausberg"}
    assert labels(schools) == {"gs-1": ("…am", "…igkeitsplatz"), "gs-2": ("…am", "…nkenhausberg")}
    gardens = {"gs-1": "Grundschule am Schlossgarten West", "gs-2": "Grundschule am Schlossgarten Ost"}
    assert labels(gardens) == {"gs-1": ("…Schlossgarten", "West"), "gs-2": ("…Schlossgarten", "Ost")}
    long = {"gs-1": "Gemeinschaftsgrundschule Westerloh am Kanal", "rh": "Rathaus"}
    assert labels(long) == {"gs-1": ("Gemeinschaft…", "Westerloh am…"), "rh": ("Rathaus",)}


def test_names_that_are_alike_give_way_to_the_ids() -> None:
    alike = {"mast-nord-bei-wadersloh-2": "Mast", "mast-sued": "Mast", "rh": "Rathaus"}
    assert labels(alike) == {
        "mast-nord-bei-wadersloh-2": ("mast-nord-", "bei-", "wadersloh-2"),
        "mast-sued": ("mast-sued",),
        "rh": ("rh",),
    }


@given(st.dictionaries(st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True), st.text(max_size=60), max_size=MOST))
def test_no_two_sites_have_the_same_label(names: dict[str, str]) -> None:
    shown = labels(names)
    assert shown.keys() == names.keys()
    assert len({*shown.values()}) == len(names)


@given(st.integers(FEWEST, MOST), st.text(min_size=1, max_size=40))
def test_all_that_is_drawn_lies_within_the_picture(count: int, name: str) -> None:
    pairs = [(f"s{place}", f"s{(place + 1) % count}") for place in range(count)]
    picture = draw(sections(*pairs), {f"s{place}": Stop(name, UP, place == 0) for place in range(count)})
    assert picture is not None
    left, top, width, height = map(float, picture.box.split())
    places = [(node.x, node.y) for node in picture.nodes] + [(arc.x, arc.y) for arc in picture.arcs]
    places += [(line.x, line.y) for node in picture.nodes for line in node.lines]
    assert all(left <= x <= left + width and top <= y <= top + height for x, y in places)
    radii = {round(math.hypot(node.x, node.y)) for node in picture.nodes}
    assert len(radii) == 1


@pytest.mark.parametrize(
    "pairs",
    [
        [("a", "b"), ("b", "a")],
        [("a", "b"), ("b", "c")],
        [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")],
        [("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")],
        [("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "f"), ("f", "d")],
        [("a", "a"), ("b", "c"), ("c", "b")],
        [(f"s{place}", f"s{(place + 1) % 13}") for place in range(13)],
        [],
    ],
    ids=["two", "chain", "spur", "parallel", "two circles", "loop", "thirteen", "none"],
)
def test_what_is_no_circle_of_three_to_twelve_sites_is_not_drawn(pairs: list[tuple[str, str]]) -> None:
    assert drawn(sections(*pairs)) is None

"""Links in the tables of the sites: as they were judged."""

from __future__ import annotations

import pytest

from agent.contract import ElementState, LinkVerdict, Network
from exporters.web.page import Page
from exporters.web.places import Place
from tests.exporters.county import NOW, make_inventory, page, snapshot

ROOMS = {"keller": {"site": "rathaus", "name": "Serverraum"}, "lager": {"site": "schule"}}
LINK = {"kind": "radio", "ends": ["sw-1/1", "sw-2/2"], "name": "Rathaus–Schule"}


def place(shown: Page, name: str) -> Place:
    return next(one for one in shown.places if one.name == name)


def with_link(state: ElementState | None, **more: bool) -> Page:
    """The page about one link that was judged so, or not yet."""
    verdicts = {} if state is None else {"rf": LinkVerdict("rf", ("rathaus", "schule"), state, **more)}
    return page(snapshot(network=Network(NOW, verdicts)), make_inventory(links={"rf": LINK}))


@pytest.mark.parametrize(
    ("state", "off", "shown_as", "tone", "detail"),
    [
        (ElementState("up", "beide Enden", NOW - 720), False, "up", "ok", "beide Enden"),
        (
            ElementState("down", "sw-1/1 sagt es", NOW - 720),
            False,
            "down",
            "critical",
            "sw-1/1 sagt es; seit 12 min (15.01.2027 08:48)",
        ),
        (ElementState("degraded", "halbe Kapazität"), False, "degraded", "warning", "halbe Kapazität"),
        (ElementState("unknown", "keine Sicht"), False, "unknown", "unknown", "keine Sicht"),
        (ElementState("down", "abgeschaltet"), True, "off", "off", "abgeschaltet"),
        (None, False, "unknown", "unknown", "noch nicht beurteilt"),
    ],
)
def test_a_link_stands_at_both_sites_as_it_was_judged(
    state: ElementState | None, off: bool, shown_as: str, tone: str, detail: str
) -> None:
    shown = with_link(state, off=off)
    for name in ("Rathaus", "Gesamtschule"):
        (row,) = place(shown, name).tables[1].rows
        assert (row.name, row.state, row.mark.tone, row.detail) == ("Rathaus–Schule", shown_as, tone, detail)
        assert row.note == "Rathaus – Gesamtschule"
    assert shown.overall.word.startswith("1 unbekannt") is (shown_as == "unknown")


def test_a_link_that_its_ring_holds_back_says_so() -> None:
    (row,) = place(with_link(ElementState("up"), blocked=True), "Rathaus").tables[1].rows
    assert (row.state, row.detail) == ("up", "vom Ring zurückgehalten, das ist gesund")


def test_a_device_says_in_which_room_it_stands() -> None:
    devices = {
        "sw-1": {"site": "rathaus", "room": "keller"},
        "sw-2": {"site": "schule", "room": "lager"},
        "sw-3": {"site": "schule"},
    }
    shown = page(snapshot(), make_inventory(devices=devices, rooms=ROOMS))
    rooms = {row.subject.id: row.room for one in shown.places for table in one.tables for row in table.rows}
    assert rooms == {"sw-1": "Serverraum", "sw-2": "lager", "sw-3": ""}

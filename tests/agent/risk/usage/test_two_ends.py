"""What flows over a link is counted at two ends, of which one may be silent, wrong, or not the one that is meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.contract import ElementState, LinkVerdict, Measure, Network
from agent.risk.sight import Sight
from agent.risk.usage.book import UsageBook
from tests.agent.risk.scene import NOW, Scene
from tests.agent.risk.usage.town import USED, UTILISATION, figures, scene
from tests.agent.risk.usage.traffic import MEGABIT, octets

HOUR, DAY = 3600.0, 86400.0


def history(made: Scene, port: str, family: str, *parts: tuple[float, float, float]) -> Scene:
    """Let a port have counted: (bits per second, from, to), in seconds before now."""
    device, _, name = port.partition("/")
    points: list[tuple[float, float]] = []
    for rate, begin, end in parts:
        counted = points[-1][1] if points else 0.0
        points += [(at, counted + value) for at, value in octets(rate, NOW - begin, NOW - end)]
    return made.remembers(family, f"device:{device}", points, ifName=name)


def test_an_end_that_fell_silent_does_not_outrank_the_one_that_is_read() -> None:
    made = history(scene(), "town-sw/1", "ifHCInOctets", (10 * MEGABIT, 10 * DAY, 26 * HOUR))
    history(made, "core-sw/1", "ifHCOutOctets", (50 * MEGABIT, 26 * HOUR, 0))
    assert figures(made, UTILISATION)["core-town", "town"] == pytest.approx(0.5)
    assert figures(made, USED)["core-town", "town"] == pytest.approx(50 * MEGABIT)


def test_what_each_end_counted_while_the_other_was_silent_is_put_together() -> None:
    made = history(scene(), "town-sw/1", "ifHCInOctets", (10 * MEGABIT, 26 * HOUR, 13 * HOUR))
    history(made, "core-sw/1", "ifHCOutOctets", (20 * MEGABIT, 13 * HOUR, 0))
    assert figures(made, USED)["core-town", "town"] == pytest.approx(20 * MEGABIT)


def test_the_utilisation_is_told_by_the_end_that_was_read_last() -> None:
    made = history(scene(), "town-sw/1", "ifHCInOctets", (10 * MEGABIT, HOUR, 600))
    history(made, "core-sw/1", "ifHCOutOctets", (60 * MEGABIT, HOUR, 0))
    assert figures(made, UTILISATION)["core-town", "town"] == pytest.approx(0.6)


def test_a_counter_that_fell_and_came_back_is_no_utilisation() -> None:
    glitch = [(NOW - 360, 0.0), (NOW - 60, 1e14)]
    made = scene().remembers("ifHCInOctets", "device:town-sw", glitch, ifName="1")
    assert figures(made, UTILISATION) == {}
    history(made, "core-sw/1", "ifHCOutOctets", (60 * MEGABIT, HOUR, 300))
    assert figures(made, UTILISATION)["core-town", "town"] == pytest.approx(0.6)


def test_where_no_capacity_is_declared_a_glitch_is_told_by_what_the_ports_negotiated() -> None:
    glitch = [(NOW - 360, 0.0), (NOW - 60, 1e14)]
    made = scene().remembers("ifHCInOctets", "device:farm-sw", glitch, ifName="1")
    sight = Sight.of(made.inventory, made.settings, made.view(), made.windows())
    verdict = LinkVerdict("town-farm", ("town", "farm"), ElementState("up"), capacity=1e9)
    found = UsageBook().look(replace(sight, network=Network(NOW, {"town-farm": verdict})))
    assert not [one for one in found if isinstance(one, Measure) and one.family.name == UTILISATION]


@pytest.mark.parametrize("label", ["ifName", "ifDescr", "ifAlias"])
def test_a_radio_port_is_measured_where_an_interface_is_called_so(label: str) -> None:
    made = scene()
    made.remembers("ifHCInOctets", "device:core-sw", octets(40 * MEGABIT), **{"ifIndex": "101", label: "8"})
    assert figures(made, USED) == pytest.approx({("hop", "core"): 40 * MEGABIT})


def test_the_number_of_a_radio_port_is_no_ifindex() -> None:
    """Its interface of that number is another, e.g. the management port."""
    made = scene()
    made.remembers("ifHCInOctets", "device:core-sw", octets(40 * MEGABIT), ifIndex="8", ifName="mgmt")
    assert figures(made, USED) == figures(made, UTILISATION) == {}


def test_a_port_of_a_cable_is_measured_by_its_ifindex() -> None:
    made = scene()
    made.remembers("ifHCInOctets", "device:core-sw", octets(40 * MEGABIT), ifIndex="1", ifName="ge-1")
    assert figures(made, USED) == pytest.approx({("core-town", "core"): 40 * MEGABIT})

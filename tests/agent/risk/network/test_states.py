"""From what the ends say to where a link stands."""

from __future__ import annotations

from typing import Literal

import pytest

from agent.contract import Reason
from agent.risk.network.states import State, link_now, silent_since, since, with_hop
from agent.risk.network.witnesses import Says, Witness
from agent.risk.reachability import DeviceState
from agent.risk.sight import Sight
from tests.agent.risk.scene import Scene, Windows
from tests.harness.fakes import FakeView


def sight() -> Sight:
    made = Scene()
    return Sight.of(made.inventory, made.settings, FakeView(), Windows({}))


def told(*says: Says) -> tuple[Witness, ...]:
    return tuple(Witness(f"end-{number}", one) for number, one in enumerate(says))


@pytest.mark.parametrize(
    ("says", "before", "state"),
    [
        (("up", "up"), None, "up"),
        (("up", "down"), None, "down"),
        (("up", "unknown"), None, "up"),  # one silent end is not a cut link
        (("up", "unknown"), "up", "up"),
        (("up", "unknown"), "down", "unknown"),  # the silent one may have said so
        (("unknown", "unknown"), "up", "unknown"),
        (("missing", "up"), "up", "up"),
        (("unsaid", "unsaid"), None, "unknown"),
        (("unsaid", "up"), None, "up"),
        (("blocked", "up"), None, "up"),
        (("off", "down"), None, "down"),
        ((), None, "unknown"),
    ],
)
def test_both_ends_tell_where_a_link_stands(says: tuple[Says, ...], before: State | None, state: State) -> None:
    assert link_now(sight(), told(*says), before).state == state


def test_switched_off_on_purpose_outranks_what_the_far_end_sees() -> None:
    assert link_now(sight(), told("off", "down"), None).off
    assert not link_now(sight(), told("up", "down"), None).off


def test_switched_off_is_remembered_while_who_said_so_is_silent() -> None:
    assert link_now(sight(), told("unknown", "unknown"), "down", was_off=True).off
    assert link_now(sight(), told("unknown", "down"), "down", was_off=True).off
    assert not link_now(sight(), told("unknown", "up"), "down", was_off=True).off
    assert not link_now(sight(), told("down", "down"), "down", was_off=True).off


def test_a_link_that_its_ring_holds_back_is_healthy() -> None:
    assert link_now(sight(), told("blocked", "blocked"), None).blocked


@pytest.mark.parametrize(
    ("says", "hop", "several", "state"),
    [
        (("up",), "degraded", False, "degraded"),
        (("up",), "up", False, "up"),
        (("down",), "up", False, "down"),
        (("down",), "degraded", True, "degraded"),  # one of two carriers
        (("down",), "down", True, "down"),
        (("up",), "unknown", False, "up"),
        (("off",), "up", True, "down"),
    ],
)
def test_a_hop_with_more_than_one_carrier_outlives_one(
    says: tuple[Says, ...], hop: State, several: bool, state: Literal["up", "degraded", "down", "unknown"]
) -> None:
    assert with_hop(link_now(sight(), told(*says), None), hop, "why", 2e8, several=several).state == state


def test_a_state_keeps_its_beginning_until_it_changes() -> None:
    first = since(None, "up", "", 10.0)
    assert since(first, "up", "other words", 20.0).since == 10.0
    assert since(first, "down", "", 20.0).since == 20.0
    assert since(since(None, "up", "", 99.0), "up", "", 50.0).since == 50.0  # the clock stepped back


def test_a_site_is_silent_only_if_all_that_is_known_there_is_down() -> None:
    down, up, unknown = DeviceState("down", since=7.0), DeviceState("up", since=1.0), DeviceState("unknown")
    ours = DeviceState("unknown", Reason.CONFIG)
    assert silent_since([down, DeviceState("down", since=9.0), ours]) == 9.0
    assert silent_since([down, unknown]) is None  # it was not asked yet
    assert silent_since([down, up]) is None
    assert silent_since([unknown]) is None
    assert silent_since([]) is None

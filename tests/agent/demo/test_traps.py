from __future__ import annotations

import pytest
from pydantic import SecretStr

from agent.demo.cast import DEVICES
from agent.demo.mib_ceragon import RADIO_INDEX
from agent.demo.scenario import Scenario, What, story
from agent.demo.traps import Trap, datagram, traps
from agent.demo.world import State, World
from collectors.traps.receiver import Receiver
from config.credentials import SnmpCredential
from tests.agent.demo.test_ber import decoded

WORLD = World(story(Scenario.RING))
COMMUNITY = b"public"
LINK_DOWN, LINK_UP = "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.6.3.1.1.5.4"


def around(what: What) -> tuple[State, State]:
    moment = next(event.at for event in WORLD.story.events if event.what is what)
    return WORLD.at(moment - 0.05), WORLD.at(moment + 0.05)


@pytest.mark.parametrize(
    ("what", "sent"),
    [
        (What.RAIN, []),
        (What.CUT, [Trap("rr-nordheim-b", up=False)]),  # Ostfeld is silent until the ring has switched
        (What.SECOND_CUT, [Trap("rr-suedhagen-a", up=False)]),  # Ostfeld is cut off
        (What.SECOND_REPAIRED, [Trap("rr-ostfeld-b", up=True), Trap("rr-suedhagen-a", up=True)]),
        (What.REPAIRED, [Trap("rr-nordheim-b", up=True), Trap("rr-ostfeld-a", up=True)]),
    ],
)
def test_the_radios_of_a_hop_that_changes_say_so_if_anybody_can_hear_them(what: What, sent: list[Trap]) -> None:
    assert list(traps(*around(what))) == sent
    assert {trap.device for trap in sent} <= {device.id for device in DEVICES}


def test_as_long_as_nothing_changes_nothing_is_sent() -> None:
    _, after = around(What.CUT)
    assert list(traps(after, after)) == []


@pytest.mark.parametrize(("up", "name", "status"), [(False, LINK_DOWN, 2), (True, LINK_UP, 1)])
def test_the_message_is_what_the_daemon_reads(up: bool, name: str, status: int) -> None:
    message = datagram(Trap("rr-nordheim-b", up), COMMUNITY, number=7, uptime=12.34)
    receiver = Receiver([SnmpCredential(version="2c", community=SecretStr("public"))], lambda _message, _address: None)
    assert receiver.read(message, ("127.0.1.14", 1161), now=0.0) == [name]
    uptime, _, *about = decoded(message)
    assert int(uptime[1]) == 1234
    assert {oid[-2]: int(value) for oid, value in about} == {1: RADIO_INDEX, 7: 1, 8: status}
    assert {oid[-1] for oid, _ in about} == {RADIO_INDEX}

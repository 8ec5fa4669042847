"""The object table of every simulated device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from agent.demo.cast import CLIMATE, HOPS, RADIOS, SWITCHES, UPS, Hop, Switch
from agent.demo.mib_ceragon import CERAGON_IP20, RADIO_INDEX, ceragon
from agent.demo.mib_erp import erp
from agent.demo.mib_lldp import Neighbourhood, lldp
from agent.demo.mib_rittal import RITTAL_CMC_III, rittal
from agent.demo.mib_standard import ETHERNET, OTHER, PLAYPEN, Interface, Object, interfaces, system_group, ups
from agent.demo.snmp_agent import Table
from agent.demo.world import State, noise

_ETHERNET_INDEX, _MANAGEMENT_INDEX = 268500097, 268500161  # of the size that such radios use
_CARRIER, _ETHERNET_NAME = "1", "Ethernet: slot 1 port 1"  # names of a radio's ports
_SLOW, _ACCESS_SPEED, _UPLINK_SPEED = 1e8, 1e9, 1e10  # bit/s
_UNPLUGGED = -0.4  # of -1..1: about three ports of ten are empty


def tables() -> Mapping[str, Table[State]]:
    """Return each device's table by its name."""
    built: dict[str, Table[State]] = {UPS: Table(_ups()), CLIMATE: Table(_climate())}
    for hop in HOPS:
        for end in (0, 1):
            built[hop.radios[end]] = Table(_radio(hop, end))
    for switch in SWITCHES:
        built[switch.id] = Table(_switch(switch))
    return built


def _radio(hop: Hop, end: int) -> Iterator[Object]:
    name = hop.radios[end]
    yield from system_group(name, "High capacity packet radio outdoor unit", CERAGON_IP20, hop.ends[end].name)
    yield from ceragon(hop, end)
    yield from interfaces(
        (
            Interface(
                RADIO_INDEX,
                "Radio: slot 1 port 1",
                hop.name,
                OTHER,
                lambda state: state.hop_octets(hop, 1 - end),
                lambda state: state.hop_octets(hop, end),
                lambda state: state.radio(hop, end).up,
                lambda state: state.radio(hop, end).profile.bits_per_second,
            ),
            Interface(
                _ETHERNET_INDEX,
                _ETHERNET_NAME,
                "Switch",
                ETHERNET,
                lambda state: state.hop_octets(hop, end),
                lambda state: state.hop_octets(hop, 1 - end),
            ),
            _port(name, _MANAGEMENT_INDEX, "Management: slot 1 port 1", "Management", _SLOW),
        )
    )
    yield from lldp(name, tuple(_seen_by_radio(hop, end)))


def _seen_by_radio(hop: Hop, end: int) -> Iterator[Neighbourhood]:
    yield Neighbourhood(1, _CARRIER, hop.radios[1 - end], _CARRIER)
    for switch in SWITCHES:
        for port, radio in switch.radio_ports:
            if radio == hop.radios[end]:
                yield Neighbourhood(2, _ETHERNET_NAME, switch.id, str(port))


def _switch(switch: Switch) -> Iterator[Object]:
    yield from system_group(switch.id, f"Simulated switch, {switch.ports} ports", (*PLAYPEN, 1), switch.site.name)
    behind = dict(switch.radio_ports)
    yield from interfaces(
        _radio_port(number, behind[number]) if number in behind else _switch_port(switch, number)
        for number in range(1, switch.ports + 1)
    )
    yield from lldp(switch.id, [Neighbourhood(port, str(port), behind[port], _ETHERNET_NAME) for port in behind])
    yield from erp(switch)


def _radio_port(number: int, radio: str) -> Interface:
    """What it receives the radio has received, from the other end of the hop."""
    hop, end = RADIOS[radio]
    return Interface(
        number,
        str(number),
        radio,
        ETHERNET,
        lambda state: state.hop_octets(hop, 1 - end),
        lambda state: state.hop_octets(hop, end),
    )


def _switch_port(switch: Switch, number: int) -> Interface:
    if number == switch.ports:
        return _port(switch.id, number, str(number), "Uplink", _UPLINK_SPEED)
    port = _port(switch.id, number, str(number), f"Room {100 + number}", _ACCESS_SPEED)
    plugged_in = noise(f"plugged {switch.id}", number) > _UNPLUGGED
    return port if plugged_in else replace(port, octets_in=_nothing, octets_out=_nothing, up=_never)


def _nothing(_: State) -> float:
    return 0.0


def _never(_: State) -> bool:
    return False


def _port(device: str, index: int, name: str, alias: str, speed: float) -> Interface:
    return Interface(
        index,
        name,
        alias,
        ETHERNET,
        lambda state: state.port_octets(f"{device}/{name}/in"),
        lambda state: state.port_octets(f"{device}/{name}/out"),
        speed=lambda _: speed,
    )


def _ups() -> Iterator[Object]:
    yield from system_group(UPS, "Simulated UPS", (*PLAYPEN, 2), "Kreishaus")
    yield from interfaces([_port(UPS, 1, "eth0", "", _SLOW)])
    yield from ups()


def _climate() -> Iterator[Object]:
    yield from system_group(CLIMATE, "Rittal CMC III PU, simulated", RITTAL_CMC_III, "Kreishaus")
    yield from interfaces([_port(CLIMATE, 1, "eth0", "", _SLOW)])
    yield from rittal()

"""What the radios at the ends of a hop say, carrier by carrier; each device is read once a look."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from agent import neutral
from agent.contract import Subject, View
from config.inventory import Inventory
from config.network import End, Link

if TYPE_CHECKING:
    from agent.risk.hop.state import Hop

_LINK_UP = neutral.RADIO_LINK_UP.name
_RECEIVED = neutral.RADIO_RECEIVED_LEVEL.name
_TRANSMIT = neutral.RADIO_TRANSMIT_LEVEL.name
_MUTED = neutral.RADIO_TRANSMIT_MUTED.name
_MSE = neutral.RADIO_MSE.name
_SNR = neutral.RADIO_SNR.name
_EXPECTED = neutral.RADIO_EXPECTED_LEVEL.name
_MODULATION = neutral.RADIO_MODULATION.name
_CAPACITY = neutral.RADIO_CAPACITY.name
_FAMILIES = (_LINK_UP, _RECEIVED, _TRANSMIT, _MUTED, _MSE, _SNR, _EXPECTED, _MODULATION, _CAPACITY)

_Values = Mapping[tuple[str, str], float]  # by family and direction ("" where a family has none)


class Carrier(NamedTuple):
    """One radio port at an end: levels in dBm, ``clearness`` the signal to noise and interference ratio in dB.

    ``modulation``: constellation points, the fewest of both directions; ``capacity``: bits per second by direction.
    None and what is missing: the radio does not say.
    """

    port: str
    up: bool | None = None
    received: float | None = None
    transmit: float | None = None
    muted: bool | None = None
    clearness: float | None = None
    expected: float | None = None
    modulation: int | None = None
    capacity: Mapping[str, float] | None = None

    @property
    def sent(self) -> float | None:
        """Transmit level; None while the transmitter is muted."""
        return None if self.muted else self.transmit


class Radios:
    """What all radios say at one look. A device is read when somebody asks for it, and once: several hops share it.

    ``hops``: what ``agent.risk.hop.state.look`` made of it so far; links, lines and hops are judged from the same.
    """

    def __init__(self, inventory: Inventory, view: View) -> None:
        self.hops: dict[str, Hop | None] = {}
        self._inventory = inventory
        self._view = view
        self._families: Sequence[str] | None = None
        self._seen: dict[str, tuple[Carrier, ...]] = {}
        self._ends: Mapping[str, Sequence[tuple[str, Link, str | None]]] | None = None

    def carriers_of(self, name: str, link: Link, end: End) -> tuple[Carrier, ...]:
        """Return the carriers of the hop at this end, the one that the inventory names first; empty: none is seen.

        These are the port of the end and, where the hop has a second carrier, the radio ports that no other link names.
        An end without a port, or with a port that is none of the radio's (its Ethernet port), has all of them.
        """
        seen = () if end.device is None else self._carriers(end.device)
        if end.device is None or not seen:
            return ()
        first = tuple(carrier for carrier in seen if carrier.port == end.port)
        several = link.radio is not None and link.radio.protection != "none"
        if first and not several:
            return first
        others = [(other, port) for key, other, port in self._ends_at(end.device) if key != name]
        hops = {port for other, port in others if other.kind == "radio"}
        if end.port is not None and not first and hops and not (several and _all_seen(hops, seen)):
            return ()
        named = {end.port, *(port for _, port in others)}
        return (*first, *(carrier for carrier in seen if carrier.port not in named))

    def _ends_at(self, device: str) -> Sequence[tuple[str, Link, str | None]]:
        """Return the links that end at a device, each with its name and its port there."""
        if self._ends is None:
            ends: dict[str, list[tuple[str, Link, str | None]]] = {}
            for name, link in self._inventory.links.items():
                for end in link.ends:
                    if end.device is not None:
                        ends.setdefault(end.device, []).append((name, link, end.port))
            self._ends = ends
        return self._ends.get(device, ())

    def _carriers(self, device: str) -> tuple[Carrier, ...]:
        if device not in self._seen:
            self._seen[device] = tuple(self._read(Subject("device", device)))
        return self._seen[device]

    def _read(self, device: Subject) -> Sequence[Carrier]:
        """Ask only this device; its ports in the order of their names. What cannot be (inf, 300 dBm) was not said."""
        if self._families is None:
            known = set(self._view.families())
            self._families = [family for family in _FAMILIES if family in known]
        ports: dict[str, dict[tuple[str, str], float]] = {}
        for family in self._families:
            least, most = neutral.PLAUSIBLE[family]
            for series in self._view.series(family, device):
                said = ports.setdefault(series.labels.get("port", ""), {})
                if least <= series.value <= most:
                    said[family, series.labels.get("direction", "")] = series.value
        return [_carrier(port, values) for port, values in sorted(ports.items())]


def _all_seen(ports: Collection[str | None], seen: Sequence[Carrier]) -> bool:
    """Whether the ports are radio ports: then what nobody names is known to be nobody else's."""
    return {carrier.port for carrier in seen}.issuperset(ports)


def _carrier(port: str, values: _Values) -> Carrier:
    modulations = [value for (family, _), value in values.items() if family == _MODULATION]
    up, muted = values.get((_LINK_UP, "")), values.get((_MUTED, ""))
    mse = values.get((_MSE, ""))
    return Carrier(
        port,
        up=None if up is None else up == 1,
        received=values.get((_RECEIVED, "")),
        transmit=values.get((_TRANSMIT, "")),
        muted=None if muted is None else muted == 1,
        clearness=values.get((_SNR, ""), None if mse is None else -mse),
        expected=values.get((_EXPECTED, "")),
        modulation=int(min(modulations)) if modulations else None,
        capacity={direction: value for (family, direction), value in values.items() if family == _CAPACITY} or None,
    )

"""What the radios at the ends of a hop say, carrier by carrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent import neutral
from agent.contract import Subject
from agent.risk.sight import Sight
from config.network import End, Link

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


@dataclass(frozen=True, slots=True)
class Carrier:
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


def carriers_of(sight: Sight, name: str, link: Link, end: End) -> tuple[Carrier, ...]:
    """Return the carriers of the hop at this end, the one that the inventory names first; empty: none is seen.

    These are the port of the end and, where the hop has a second carrier, the radio ports that no other link names. An
    end without a port, or with a port that is none of the radio's (its Ethernet port), has all of them.
    """
    if end.device is None:
        return ()
    seen = _ports(sight, Subject("device", end.device))
    first = [carrier for carrier in seen if carrier.port == end.port]
    if first and (link.radio is None or link.radio.protection == "none"):
        return tuple(first)
    others = _other_links(sight, name, end.device)
    if end.port is not None and not first and any(other.kind == "radio" for other, _ in others):
        return ()
    named = {port for _, port in others}
    return (*first, *(carrier for carrier in seen if carrier.port not in named and carrier.port != end.port))


def _other_links(sight: Sight, name: str, device: str) -> Sequence[tuple[Link, str | None]]:
    links = sight.inventory.links.items()
    return [(link, end.port) for other, link in links if other != name for end in link.ends if end.device == device]


def _ports(sight: Sight, device: Subject) -> Sequence[Carrier]:
    """Ask only this device; its ports in the order of their names."""
    ports: dict[str, dict[tuple[str, str], float]] = {}
    for family in _FAMILIES:
        for series in sight.view.series(family, device):
            labels = series.labels
            ports.setdefault(labels.get("port", ""), {})[family, labels.get("direction", "")] = series.value
    return [_carrier(port, values) for port, values in sorted(ports.items())]


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

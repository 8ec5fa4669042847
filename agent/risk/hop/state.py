"""Where a radio hop stands at this look, told from both of its ends together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from agent.risk.hop.budget import Expectation, expectation, lowest_threshold
from agent.risk.hop.protection import Pair, pair
from agent.risk.hop.readings import Carrier
from agent.risk.hop.said import decibels
from agent.risk.sight import Sight
from agent.risk.usage.words import bit_rate
from config.network import Link, Radio

# Errors begin about so many dB above the threshold.
ERRORS_BEGIN_DB = 3.0
# So much of its reference capacity is full: radios state the bit rate of the air or of the payload.
FULL_SHARE = 0.95

State = Literal["up", "degraded", "down", "unknown"]

_UNPLANNED = Radio()


class HopEnd(NamedTuple):
    """One end: ``carrier`` is the working one that hears least, ``far`` what the other end sends to it.

    ``fade_depth_db``: expected less received level. ``margin_db``: what is left above the threshold of the lowest
    modulation; ``margin_now_db``: above that of the modulation in use. None: not known. ``carries``: whether the radio
    says that the hop is up. ``power_unknown``: its level must be compared with what the far end sends, which is not
    known.
    """

    place: str
    device: str | None
    carriers: tuple[Carrier, ...]
    pair: Pair
    carrier: Carrier | None
    far: Carrier | None
    carries: bool | None
    expected: Expectation | None
    fade_depth_db: float | None
    margin_db: float | None
    margin_now_db: float | None
    power_unknown: bool

    @property
    def clearness(self) -> float | None:
        """Signal to noise and interference ratio in dB."""
        return None if self.carrier is None else self.carrier.clearness

    @property
    def received(self) -> float | None:
        """Received level in dBm."""
        return None if self.carrier is None else self.carrier.received


@dataclass(frozen=True, slots=True)
class Hop:
    """A radio hop now. ``state`` is degraded where it carries less than it was bought for, or lost its second radio.

    ``capacity_bits_per_second``: measured, the fewest over ends and directions; None where it is not seen.
    ``fade_depth_db`` and ``margin_db`` are those of the worse end.
    """

    name: str
    link: Link
    radio: Radio
    ends: tuple[HopEnd, HopEnd]
    state: State
    reason: str
    capacity_bits_per_second: float | None
    fade_depth_db: float | None
    margin_db: float | None

    @property
    def title(self) -> str:
        """What people call it."""
        return self.link.name or self.name

    @property
    def unseen(self) -> tuple[str, ...]:
        """The ends of which no radio is seen."""
        return tuple(end.place for end in self.ends if not end.carriers)

    @property
    def several(self) -> bool:
        """Whether an end has, or should have, more than one carrier."""
        return self.radio.protection != "none" or any(len(end.carriers) > 1 for end in self.ends)

    @property
    def short_of_capacity(self) -> bool:
        """Whether it carries less than its reference: its declared bit rate, or the modulation it was planned for."""
        used = [carrier.modulation for end in self.ends for carrier in end.pair.working if carrier.modulation]
        planned = self.radio.reference_modulation
        if planned is not None and used and min(used) < planned:
            return True
        capacity, bought = self.capacity_bits_per_second, self.link.capacity
        return capacity is not None and bought is not None and capacity < FULL_SHARE * bought


def look(sight: Sight, name: str, link: Link) -> Hop | None:
    """Return the hop as it is seen now; None where the link is no radio hop, or no radio of it is seen."""
    if link.kind != "radio":
        return None
    hops = sight.radios.hops
    if name not in hops:
        hops[name] = _look(sight, name, link)
    return hops[name]


def _look(sight: Sight, name: str, link: Link) -> Hop | None:
    carriers = [sight.radios.carriers_of(name, link, end) for end in link.ends]
    if not any(carriers):
        return None
    radio = link.radio or _UNPLANNED
    pairs = [pair(radio.protection, end.port, seen) for end, seen in zip(link.ends, carriers, strict=True)]
    first, second = (_end(link, radio, number, carriers[number], pairs) for number in (0, 1))
    fades = [end.fade_depth_db for end in (first, second) if end.fade_depth_db is not None]
    margins = [end.margin_db for end in (first, second) if end.margin_db is not None]
    capacity = _capacity(pairs)
    hop = Hop(
        name, link, radio, (first, second), "up", "", capacity, max(fades, default=None), min(margins, default=None)
    )
    return _told(sight, hop)


def _end(link: Link, radio: Radio, number: int, carriers: tuple[Carrier, ...], pairs: Sequence[Pair]) -> HopEnd:
    end, here, there = link.ends[number], pairs[number], pairs[1 - number]
    carrier = min((one for one in here.working if one.received is not None), key=_level, default=None)
    carrier = carrier or next(iter(here.working), None)
    far = _opposite(carrier, here, there)
    sent, own = None if far is None else far.sent, None if carrier is None else carrier.expected
    due = expectation(radio, number, sent, own)
    received = None if carrier is None else carrier.received
    floor = lowest_threshold(radio)
    used = None if carrier is None or carrier.modulation is None else radio.thresholds.get(carrier.modulation)
    return HopEnd(
        str(end),
        end.device,
        carriers,
        here,
        carrier,
        far,
        _carries(carriers),
        due,
        fade_depth_db=None if due is None or received is None else due.level - received,
        margin_db=None if floor is None or received is None else received - floor,
        margin_now_db=None if used is None or received is None else received - used,
        power_unknown=radio.commissioned_transmit is not None and sent is None,
    )


def _level(carrier: Carrier) -> float:
    return 0.0 if carrier.received is None else carrier.received


def _opposite(carrier: Carrier | None, here: Pair, there: Pair) -> Carrier | None:
    """The far end's carrier that this one hears: carriers of both ends stand in the same order."""
    if carrier is None or not there.working:
        return None
    place = here.working.index(carrier)
    return there.working[place] if len(here.working) == len(there.working) else there.working[0]


def _carries(carriers: Sequence[Carrier]) -> bool | None:
    said = [carrier.up for carrier in carriers]
    return True if True in said else None if None in said or not said else False


def _capacity(pairs: Sequence[Pair]) -> float | None:
    """Fewest over ends and directions, carriers added up; an end at which one does not say is left out."""
    totals: list[float] = []
    for one in pairs:
        said = [carrier.capacity for carrier in one.working if carrier.capacity]
        if said and len(said) == len(one.working):
            totals.extend(sum(rates.get(way, 0.0) for rates in said) for way in said[0])
    least = min(totals, default=0.0)
    return least if least > 0 else None


def _told(sight: Sight, hop: Hop) -> Hop:
    """Put in the state: an end that says down outranks all; one that is not seen leaves it to the other."""
    cut = [end.place for end in hop.ends if end.carries is False]
    if cut:
        reason = sight.words.say("hop_down", ends=sight.words.joined(cut))
        return replace(hop, state="down", reason=reason, capacity_bits_per_second=None)
    faults = tuple(_faults(sight, hop))
    unsaid = [end.place for end in hop.ends if end.carries is None]
    if not faults and not unsaid:
        return hop
    remarks = (*faults, *([sight.words.say("hop_unsaid", ends=sight.words.joined(unsaid))] if unsaid else []))
    if len(unsaid) == len(hop.ends):
        return replace(hop, state="unknown", reason="; ".join(remarks))
    return replace(hop, state="degraded" if faults else "up", reason="; ".join(remarks))


def _faults(sight: Sight, hop: Hop) -> Iterator[str]:
    """Say why the hop is less than it should be."""
    words = sight.words
    for end in hop.ends:
        lost = [carrier.port for carrier in end.pair.failed]
        if lost and hop.several:
            yield words.say("hop_carrier_failed", end=end.place, ports=words.joined(lost))
        if end.pair.missing:
            yield words.say("hop_carrier_missing", end=end.place, count=end.pair.missing)
    if hop.short_of_capacity:
        yield said_capacity(sight, hop)
    if hop.margin_db is not None and hop.margin_db < ERRORS_BEGIN_DB:
        yield words.say("hop_margin", margin=decibels(words, hop.margin_db))


def said_capacity(sight: Sight, hop: Hop) -> str:
    """Return what the hop carries, of what it was bought or planned for, and in which modulation."""
    words, capacity, bought = sight.words, hop.capacity_bits_per_second, hop.link.capacity
    used = [carrier.modulation for end in hop.ends for carrier in end.pair.working if carrier.modulation]
    planned = hop.radio.reference_modulation
    in_use = words.say("hop_modulation", order=min(used)) if used else ""
    if used and planned is not None and min(used) < planned:
        in_use = words.say("hop_modulation_low", order=min(used), planned=planned)
    if capacity is None:
        return in_use
    rate = bit_rate(words, capacity)
    said = rate if bought is None else words.say("hop_capacity", rate=rate, bought=bit_rate(words, bought))
    return f"{said} ({in_use})" if in_use else said

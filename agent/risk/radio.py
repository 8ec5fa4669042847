"""Is a radio hop what it was built to be? Its level, clearness, second radio, capacity and availability."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from agent.contract import Finding, FindingKey, Severity, Subject
from agent.risk.catalogue.radio import (
    RADIO_AVAILABILITY_MISSED,
    RADIO_CAPACITY_LOW,
    RADIO_FADING,
    RADIO_INTERFERENCE,
    RADIO_LEVEL_LOW,
    RADIO_PROTECTION_LOST,
)
from agent.risk.hop.availability import UNAVAILABLE, allowed_seconds, counted
from agent.risk.hop.clearness import clearness_unsure, least_clearness, level_good
from agent.risk.hop.diagnosis import Side, Symptoms, coupled, lasting, needed_clearness, passing
from agent.risk.hop.evidence import evidence
from agent.risk.hop.figures import figures
from agent.risk.hop.history import DEEP_DB, FADE_DB
from agent.risk.hop.margin import HYSTERESIS_DB, RECOVERED_DB, dry_margin, short_of_margin
from agent.risk.hop.said import decibels, less_than
from agent.risk.hop.state import ERRORS_BEGIN_DB, Hop, look, said_capacity
from agent.risk.hop.symptoms import SMALL_MARGIN_DB, faded, symptoms_of, troubled
from agent.risk.hop.weather import Weather
from agent.risk.sight import Outcome, Sight

HOPS_AT_ONCE = 20

_OF_LEVEL = (RADIO_FADING, RADIO_LEVEL_LOW, RADIO_INTERFERENCE)
_ALL = (*_OF_LEVEL, RADIO_CAPACITY_LOW, RADIO_PROTECTION_LOST, RADIO_AVAILABILITY_MISSED)


def judge_radio(sight: Sight) -> Iterator[Outcome | None]:
    """Yield what is to be said of each radio hop of which a radio is seen, and the figures of it."""
    hops: dict[str, Hop] = {}
    for number, (name, link) in enumerate(sight.inventory.links.items(), start=1):
        hop = look(sight, name, link)
        if hop is not None:
            hops[name] = hop
        elif link.kind == "radio":
            yield from _unknown(name, _ALL)
        if number % HOPS_AT_ONCE == 0:
            yield None
    weather = Weather(sight, hops)
    if any(troubled(hop) for hop in hops.values()):
        for name in hops:  # a front has all of them asked for: better one by one, with pauses
            weather.ask(name)
            yield None
    rain: dict[str, Finding] = {}
    for hop in hops.values():
        yield from figures(sight, hop)
        yield from _judge_level(sight, hop, weather, rain)
        yield from _protection(sight, hop)
        yield from _availability(sight, hop)
        yield None
    yield from _told_once(rain, weather)


def _unknown(name: str, rules: Iterable[str]) -> Iterator[FindingKey]:
    return (FindingKey(rule, Subject("link", name)) for rule in rules)


def _judge_level(sight: Sight, hop: Hop, weather: Weather, rain: dict[str, Finding]) -> Iterator[Outcome]:
    """One cause is told by one rule: what is low in dry weather, unclean, or fading is not also short of capacity."""
    if hop.state == "down":
        yield from _unknown(hop.name, (*_OF_LEVEL, RADIO_CAPACITY_LOW))
        return
    symptoms = symptoms_of(sight, hop, weather)
    low = _level_low(sight, hop, symptoms)
    unclean = None if low is not None else _interference(sight, hop, symptoms)
    fading, rains = _fading(sight, hop, symptoms, low)
    if fading is not None and rains:
        rain[hop.name] = fading
    elif fading is not None:
        yield fading
    yield from (finding for finding in (low, unclean) if finding is not None)
    capacity = _capacity_low(sight, hop, explained=bool(low or unclean or fading))
    if capacity is not None:
        yield capacity
    yield from _unknown(hop.name, _doubtful(hop, symptoms))


def _doubtful(hop: Hop, symptoms: Symptoms) -> Iterator[str]:
    """Name the rules that could not be judged at every end; what is found at the other one is found all the same.

    Nothing is over because it became worse, or because nobody can see it any more.
    """
    if any(end.device is not None and side.fade is None for end, side in zip(hop.ends, symptoms.sides, strict=True)):
        yield from _OF_LEVEL
    if _level_unsure(hop, symptoms):
        yield RADIO_LEVEL_LOW
    if clearness_unsure(hop, symptoms):
        yield RADIO_INTERFERENCE
    if hop.unseen or hop.capacity_bits_per_second is None or hop.short_of_capacity or any(map(faded, symptoms.sides)):
        yield RADIO_CAPACITY_LOW


def _level_unsure(hop: Hop, symptoms: Symptoms) -> bool:
    """Whether it is low and not known to be so in dry weather, or hardly any better than what is found."""
    short = short_of_margin(hop)
    known = [side.dry for side in symptoms.sides if side.dry is not None]
    if (short or any(map(faded, symptoms.sides))) and len(known) < len(symptoms.sides):
        return True
    if any(map(_low_now, symptoms.sides)) and max(known, default=0.0) >= FADE_DB - HYSTERESIS_DB:
        return True
    margin, required = dry_margin(hop, symptoms), hop.radio.fade_margin_required
    return short and margin is not None and required is not None and margin < required + HYSTERESIS_DB


def _low_now(side: Side) -> bool:
    return side.fade is not None and side.fade >= RECOVERED_DB


def _finding(rule: str, hop: Hop, severity: Severity, summary: str, seen: tuple[str, ...]) -> Finding:
    return Finding(rule, Subject("link", hop.name), severity, summary, seen, site=hop.link.ends[0].site)


def _level_low(sight: Sight, hop: Hop, symptoms: Symptoms) -> Finding | None:
    """Low now, and for hours in dry weather; or short of the required margin for as long."""
    words = sight.words
    if coupled(symptoms):
        return None
    diagnosis = lasting(symptoms, words)
    if diagnosis is None or not any(map(_low_now, symptoms.sides)):
        return _margin_low(sight, hop, symptoms)
    fade = max(side.dry for side in symptoms.sides if side.dry is not None)
    said = words.say("hop_level_low", name=hop.title, fade=decibels(words, fade), cause=diagnosis.text)
    if hop.short_of_capacity:
        said = words.say("hop_further", text=said, further=said_capacity(sight, hop))
    seen = (*evidence(sight, hop), *diagnosis.evidence)
    return _finding(RADIO_LEVEL_LOW, hop, Severity.WARNING, said, seen)


def _margin_low(sight: Sight, hop: Hop, symptoms: Symptoms) -> Finding | None:
    """Nothing is lost against what was commissioned, yet less is left than was asked for."""
    margin, required = dry_margin(hop, symptoms), hop.radio.fade_margin_required
    if margin is None or required is None or margin >= required or not short_of_margin(hop):
        return None
    left, wanted = less_than(sight.words, margin, required)
    said = sight.words.say("hop_margin_low", name=hop.title, margin=left, required=wanted)
    return _finding(RADIO_LEVEL_LOW, hop, Severity.WARNING, said, evidence(sight, hop))


def _fading(sight: Sight, hop: Hop, symptoms: Symptoms, low: Finding | None) -> tuple[Finding | None, bool]:
    """What passes: what is lost beyond that which is lost in dry weather as well; and whether rain does it."""
    lasting_db = max((side.dry or 0.0 for side in symptoms.sides), default=0.0) if low is not None else 0.0
    known = [side.fade for side in symptoms.sides if side.fade is not None]
    fade = max(known, default=0.0)
    matters = hop.short_of_capacity or (hop.margin_db is not None and hop.margin_db < SMALL_MARGIN_DB)
    if fade - lasting_db < (FADE_DB if matters and low is None else DEEP_DB):
        return None, False
    words = sight.words
    diagnosis = passing(symptoms, words)
    planned = any(end.expected is not None for end in hop.ends)
    said = words.say(
        "hop_fading" if planned else "hop_fading_usual",
        name=hop.title,
        fade=decibels(words, fade),
        cause=diagnosis.text,
    )
    reasons = tuple(_reasons(sight, hop))
    if reasons:
        said = words.say("hop_further", text=said, further=", ".join(reasons))
    severity = Severity.WARNING if reasons else Severity.INFO
    seen = (*evidence(sight, hop), *diagnosis.evidence)
    return _finding(RADIO_FADING, hop, severity, said, seen), diagnosis.cause == "rain"


def _reasons(sight: Sight, hop: Hop) -> Iterator[str]:
    """Say why somebody should know of a fade."""
    if hop.margin_db is not None and hop.margin_db < ERRORS_BEGIN_DB:
        yield sight.words.say("hop_margin", margin=decibels(sight.words, hop.margin_db))
    verdict = sight.network.links.get(hop.name)
    load, capacity = None if verdict is None else verdict.load, hop.capacity_bits_per_second
    if load is not None and capacity is not None and capacity < load:
        yield sight.words.say("hop_overloaded", capacity=said_capacity(sight, hop))


def _interference(sight: Sight, hop: Hop, symptoms: Symptoms) -> Finding | None:
    """A good level and a bad signal: at an end that is not faded and far from its threshold."""
    for end, side in zip(hop.ends, symptoms.sides, strict=True):
        clearness = end.clearness
        if clearness is None or clearness >= least_clearness(hop) or not level_good(end, side):
            continue
        words = sight.words
        value, needed = less_than(words, clearness, needed_clearness(hop.radio.reference_modulation))
        said = words.say("hop_interference", name=hop.title, end=end.place, value=value, needed=needed)
        if hop.short_of_capacity:
            said = words.say("hop_further", text=said, further=said_capacity(sight, hop))
        return _finding(RADIO_INTERFERENCE, hop, Severity.WARNING, said, evidence(sight, hop))
    return None


def _capacity_low(sight: Sight, hop: Hop, *, explained: bool) -> Finding | None:
    """A carrier that is down is told whatever else there is; the rest only where nothing else explains it."""
    words = sight.words
    lost = () if hop.radio.protection == "1+1" else tuple(_carriers_lost(sight, hop))
    if not lost and (explained or not hop.short_of_capacity or _rains(hop)):
        return None
    parts = (*lost, said_capacity(sight, hop)) if hop.capacity_bits_per_second is not None else lost
    said = words.say("hop_capacity_low", name=hop.title, what="; ".join(parts or (said_capacity(sight, hop),)))
    return _finding(RADIO_CAPACITY_LOW, hop, Severity.WARNING, said, evidence(sight, hop))


def _rains(hop: Hop) -> bool:
    return hop.fade_depth_db is not None and hop.fade_depth_db >= FADE_DB


def _carriers_lost(sight: Sight, hop: Hop) -> Iterator[str]:
    for end in hop.ends:
        if end.pair.failed:
            ports = sight.words.joined([carrier.port for carrier in end.pair.failed])
            yield sight.words.say("hop_carrier_failed", end=end.place, ports=ports)
        if end.pair.missing:
            yield sight.words.say("hop_carrier_missing", end=end.place, count=end.pair.missing)


def _protection(sight: Sight, hop: Hop) -> Iterator[Outcome]:
    if hop.radio.protection != "1+1":
        return
    if hop.state == "down":  # that is told by its link, and it need not be the radios
        yield from _unknown(hop.name, (RADIO_PROTECTION_LOST,))
        return
    words = sight.words
    lost = tuple(_carriers_lost(sight, hop))
    unsure = any(end.pair.unsure or (end.device is not None and not end.carriers) for end in hop.ends)
    switched = [end.place for end in hop.ends if end.pair.switched]
    if lost:
        said = words.say("hop_protection_lost", name=hop.title, what="; ".join(lost))
        yield _finding(RADIO_PROTECTION_LOST, hop, Severity.WARNING, said, evidence(sight, hop))
    elif switched:
        said = words.say(
            "hop_switched_unsure" if unsure else "hop_switched", name=hop.title, ends=words.joined(switched)
        )
        yield _finding(RADIO_PROTECTION_LOST, hop, Severity.INFO, said, evidence(sight, hop))
    elif unsure:
        yield from _unknown(hop.name, (RADIO_PROTECTION_LOST,))


def _availability(sight: Sight, hop: Hop) -> Iterator[Outcome]:
    required = hop.radio.availability_required
    if required is None:
        return
    told = counted(sight, hop, UNAVAILABLE)
    if told is None:
        yield from _unknown(hop.name, (RADIO_AVAILABILITY_MISSED,))
    elif told.seconds > allowed_seconds(required):
        words = sight.words
        said = words.say(
            "hop_availability_missed",
            name=hop.title,
            lost=words.duration(told.seconds),
            observed=words.duration(told.observed),
            allowed=words.duration(allowed_seconds(required)),
            required=words.number(required * 100, 3),
        )
        yield _finding(RADIO_AVAILABILITY_MISSED, hop, Severity.WARNING, said, ())


def _told_once(rain: Mapping[str, Finding], weather: Weather) -> Iterator[Finding]:
    """Of one front the hop tells that faded first, its text names the others; a warning is told for itself."""
    for name, finding in rain.items():
        first = weather.front(name).first
        milder = finding.severity is Severity.INFO and first != name
        yield replace(finding, cause=Subject("link", first)) if milder else finding

"""The supplies (UPS) as the status page shows them: fed from where, how long they last, when to shut down. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.contract import PowerState
from exporters.web.alertlist import Namer
from exporters.web.figures import Fact, Figure, instant, known
from exporters.web.words import Mark, Moment, PageWords, clean


@dataclass(frozen=True, slots=True)
class SupplyView:
    """One UPS. ``installed``: since when its battery has been in it; ``tested``: its last self-test."""

    name: str
    mark: Mark
    figures: tuple[Figure, ...]
    facts: tuple[Fact, ...]
    installed: Moment | None
    tested: Moment | None


def supply_view(power: PowerState, namer: Namer) -> SupplyView:
    """Return one UPS."""
    words, entry = namer.words, namer.inventory.devices.get(power.device)
    installed, tested = instant(power.battery_installed_at), instant(power.tested_at)
    params = None if entry is None else entry.params.get("nut")
    return SupplyView(
        name=clean(f"{words.say('ups')} {(entry.name if entry is not None else None) or power.device}"),
        mark=_mark(power, words),
        figures=tuple(_figures(power, words)),
        facts=tuple(_facts(power, words, alone=getattr(params, "clients", None) == 0)),
        installed=None if installed is None else words.day(installed),
        tested=None if tested is None else words.moment("ago", tested),
    )


def _is_out(power: PowerState) -> bool:
    """Whether it is an outage: a self-test on battery is none."""
    return power.on_battery is True and not power.testing


def _mark(power: PowerState, words: PageWords) -> Mark:
    if power.testing:
        return words.mark("info", "self_test")
    if power.on_battery is None:
        return words.mark("unknown")
    if not power.on_battery:
        return words.mark("ok", "on_mains")
    due = power.shutdown_at is not None and power.shutdown_at <= words.now
    word = "last_on_battery" if power.counted_on else "on_battery"
    return words.mark("critical" if due else "warning", word)


def _figures(power: PowerState, words: PageWords) -> Iterator[Figure]:
    due = instant(power.shutdown_at)
    if _is_out(power) and due is not None:
        yield _shutdown(due, words, guessed=power.counted_on)
    yield _runtime(power, words)


def _runtime(power: PowerState, words: PageWords) -> Figure:
    runtime, required = known(power.runtime), known(power.required)
    span = words.say("unknown") if runtime is None else words.words.span(runtime)
    text = _about(span, words, guessed=power.counted_on and runtime is not None)
    notes: list[str] = []
    if power.counted_on:
        notes.append(words.say("counted_on"))
    elif required is not None and not _is_out(power):  # on battery the wait runs: what counts is when it is over
        notes.append(words.say("required", time=words.words.span(required)))
    return Figure("ups_runtime", text, tuple(notes), _runtime_mark(power, words), plain=runtime is None)


def _runtime_mark(power: PowerState, words: PageWords) -> Mark | None:
    if not power.too_short:
        return None
    # while on mains it is a gap to close some day, on battery it decides the hour
    return words.mark("warning" if _is_out(power) else "info", "runtime_short")


def _shutdown(due: float, words: PageWords, *, guessed: bool) -> Figure:
    away, at = due - words.now, words.hour(due)
    if away <= 0:
        text = words.say("begin_since", at=at, ago=words.words.duration(-away))
        return Figure("ups_shutdown", words.say("now"), (text,), words.mark("critical", "must_begin"))
    left = _about(words.say("in_time", time=words.words.duration(away)), words, guessed=guessed)
    return Figure("ups_shutdown", left, (words.say("begin_by", at=at),))


def _about(text: str, words: PageWords, *, guessed: bool) -> str:
    return words.say("about", what=text) if guessed else text


def _facts(power: PowerState, words: PageWords, *, alone: bool) -> Iterator[Fact]:
    """Yield what else it says; ``alone``: it shuts no computer down, and is not meant to."""
    say, charge, load, watts = words.words, known(power.charge), known(power.load), known(power.watts)
    if charge is not None:
        yield Fact("ups_charge", say.percent(charge))
    shown = [*([] if load is None else [say.percent(load)]), *([] if watts is None else [f"{say.number(watts)} W"])]
    if shown:
        yield Fact("ups_load", ", ".join(shown))
    if power.clients:
        yield Fact("ups_clients", words.count("clients", power.clients))
    elif power.clients is not None and not alone:
        yield Fact("ups_clients", mark=words.mark("warning" if _is_out(power) else "info", "clients_none"))

"""Door, water, smoke and cooling of a room as the status page shows them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from agent.contract import Quantity, RoomState
from exporters.web.figures import Fact
from exporters.web.words import MAX_NAMES, Mark, PageWords, clean


def facts_of(state: RoomState, words: PageWords) -> Iterator[Fact]:
    """Yield door, water, smoke and cooling, as far as somebody is there to tell."""
    if _told(state, "door"):
        yield _door(state, words)
    if state.leak is not None or _told(state, "leak"):
        yield _contact("room_leak", state.leak, ("dry", "wet"), words)
    if state.smoke is not None or _told(state, "smoke"):
        yield _contact("room_smoke", state.smoke, ("clear", "smoky"), words)
    if state.cooling_state is not None:
        yield _cooling(state, words)
    elif state.cooling_units:
        yield Fact("room_cooling", words.count("cooling_unwatched", state.cooling_units))


def _told(state: RoomState, quantity: Quantity) -> bool:
    return any(one.quantity == quantity and one.state != "missing" for one in state.coverage)


def _contact(label: str, detected: bool | None, said: tuple[str, str], words: PageWords) -> Fact:
    if detected is None:
        return Fact(label, mark=words.mark("unknown"))
    return Fact(label, mark=words.mark("critical", said[1])) if detected else Fact(label, words.say(said[0]))


def _door(state: RoomState, words: PageWords) -> Fact:
    if state.door_open is None:
        return Fact("room_door", mark=words.mark("unknown"))
    text = words.say("door_open" if state.door_open else "door_closed")
    if state.door_open and state.door_open_since is not None:
        text = f"{text} {words.moment('since', state.door_open_since).text}"
    return Fact("room_door", text)


def _cooling(state: RoomState, words: PageWords) -> Fact:
    """What follows for the room, and the contacts that say so."""
    running = _units(state.cooling_running, words)
    runs = words.say("cooling_running", units=running) if running else ""
    if state.cooling_state == "ok":
        return Fact("room_cooling", "; ".join(filter(None, (words.say("cooling_fine"), runs))))
    if state.cooling_state == "unknown":
        return Fact("room_cooling", runs, words.mark("unknown"))
    failed = _units(state.cooling_failed, words)
    mark = Mark("critical" if state.cooling_state == "failed" else "warning", _failed(state, words))
    return Fact("room_cooling", "; ".join(filter(None, (failed, runs))), mark)


def _failed(state: RoomState, words: PageWords) -> str:
    """Say how many have failed; where these are not all and yet all is lost, none of them runs."""
    failed, installed = len(state.cooling_failed), state.cooling_units
    if state.cooling_state == "failed" and failed < (installed or 1):
        return words.say("cooling_stopped")
    if not installed:
        return words.count("cooling_faults", failed)
    return words.say("cooling_failed", failed=str(min(failed, installed)), installed=str(installed))


def _units(names: tuple[str, ...], words: PageWords) -> str:
    return words.listed(names, lambda name: clean(name, 80), MAX_NAMES)

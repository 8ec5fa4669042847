"""What must hold whenever the process was killed (facts, failures T5); each check returns the faults that it found."""

from __future__ import annotations

import signal
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

from agent.state.files import FILE_NAME
from tests.chaos.journal import Entry
from tests.chaos.killer import Course
from tests.chaos.receiver import Reception

START_SECONDS = 5.0


class Row(NamedTuple):
    """A notification as the file has it."""

    seq: int
    alert: str
    state: str
    receiver: str
    outcome: str | None


@dataclass(frozen=True)
class Kept:
    """What the file holds at the end. ``transitions``: alert id, state and severity, in their order.

    ``states``: of what and when it is known how it stood.
    """

    verdict: str
    transitions: list[tuple[str, str, str]]
    notifications: Mapping[str, Row]
    deeds: list[tuple[str, str]]
    states: frozenset[tuple[str, float]] = frozenset()


def kept(course: Course) -> Kept:
    with closing(sqlite3.connect(course.state / FILE_NAME)) as file:
        verdict: str = file.execute("PRAGMA quick_check").fetchone()[0]
        transitions = file.execute("SELECT alert_id, state, severity FROM transitions ORDER BY seq").fetchall()
        rows = file.execute("SELECT key, seq, alert_id, state, receiver, outcome FROM notifications").fetchall()
        deeds = file.execute("SELECT what, subject FROM deeds ORDER BY seq").fetchall()
        states = file.execute("SELECT subject, at FROM states").fetchall()
    return Kept(verdict, transitions, {key: Row(*rest) for key, *rest in rows}, deeds, frozenset(states))


def faults(course: Course) -> list[str]:
    """Return whatever went wrong, one line each; nothing is as it should be."""
    there = kept(course)
    checks = (
        _processes(course),
        _file(course, there),
        _decisions(course, there),
        _told(course, there),
        _order(course, there),
        _duplicates(course),
        _states(course, there),
        _deeds(course, there),
        _marks(course),
    )
    return [fault for check in checks for fault in check]


def repeats(course: Course) -> int:
    """Return how many parcels the receiver took more than once."""
    return len(course.taken) - len({(one.receiver, one.parcel) for one in course.taken})


def _processes(course: Course) -> Iterator[str]:
    *killed, last = course.exits
    yield from (f"a process ended by itself: {code}" for code in killed if code != -signal.SIGKILL)
    if last != 0:
        yield f"the last process did not come to its end: {last}"
    if "Traceback" in course.errors:
        yield course.errors
    slow = [one["seconds"] for one in course.journal if one["what"] == "start" and one["seconds"] >= START_SECONDS]
    yield from (f"a start took {seconds:.1f} s" for seconds in slow)


def _file(course: Course, there: Kept) -> Iterator[str]:
    if there.verdict != "ok":
        yield f"the file is damaged: {there.verdict}"
    yield from (f"{path.name} was put aside" for path in course.state.glob("*damaged*"))


def _decisions(course: Course, there: Kept) -> Iterator[str]:
    """What was handed on is in the file; nothing is resolved that did not fire."""
    known = set(there.transitions)
    for one in course.journal:
        if one["what"] == "decided" and (one["id"], one["state"], one["severity"]) not in known:
            yield f"lost: {one}"
    fired: set[str] = set()
    for alert, state, _ in there.transitions:
        if state == "resolved" and alert not in fired:
            yield f"{alert} is resolved and never fired"
        fired.add(alert)


def _states(course: Course, there: Kept) -> Iterator[str]:
    """Every change of a state that was handed on is in the file."""
    for one in course.journal:
        if one["what"] == "stood" and (one["subject"], one["at"]) not in there.states:
            yield f"lost: {one}"


def _told(course: Course, there: Kept) -> Iterator[str]:
    """Somebody has heard of every alert that fired; nobody of what is not in the file; nothing is left over."""
    heard = {key for one in course.taken for key, _, _ in one.contents}
    told = {row.alert for key, row in there.notifications.items() if row.state == "firing" and key in heard}
    for one in course.journal:
        if one["what"] == "decided" and one["state"] == "firing" and one["muted"] is None and one["id"] not in told:
            yield f"nobody was told: {one}"
    for key, row in there.notifications.items():
        if row.outcome != "delivered" or key not in heard:
            yield f"{key}: {row.outcome or 'left over'}, {'taken' if key in heard else 'never taken'}"
    fired = {alert for alert, _, _ in there.transitions}
    for reception in course.taken:
        for key, alert, _ in reception.contents:
            if key not in there.notifications or alert not in fired:
                yield f"{key} was delivered and never decided"


def _order(course: Course, there: Kept) -> Iterator[str]:
    """Of each alert each receiver hears in the order of decision, of the end only after the beginning."""
    heard: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in course.taken:
        for key, alert, _ in one.contents:
            if key not in heard[one.receiver, alert]:
                heard[one.receiver, alert].append(key)
    for pair, keys in heard.items():
        known = [there.notifications[key] for key in keys if key in there.notifications]
        if known != sorted(known):
            yield f"{pair}: out of order: {keys}"
        if known and known[0].state != "firing":
            yield f"{pair}: told of the end only: {keys}"


def _duplicates(course: Course) -> Iterator[str]:
    """What came twice was under way when its process was killed: the last that the receiver took from it."""
    last: dict[tuple[int, str], Reception] = {}
    before: dict[str, list[Reception]] = defaultdict(list)
    for one in course.taken:
        last[one.run, one.receiver] = one
    for one in course.taken:
        for key, _, _ in one.contents:
            for earlier in before[key]:
                if earlier.run == one.run or last[earlier.run, one.receiver] != earlier:
                    yield f"{key} was sent again in run {one.run} after run {earlier.run} had delivered it"
                if (earlier.parcel, earlier.contents) != (one.parcel, one.contents):
                    yield f"{key} came again in another message: {earlier.parcel}, {one.parcel}"
            before[key].append(one)


def _deeds(course: Course, there: Kept) -> Iterator[str]:
    """Every deed whose call returned is in the audit."""
    words = {"ack": "acknowledge", "unack": "unacknowledge", "silence": "silence", "unsilence": "unsilence"}
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for what, subject in there.deeds:
        found[what, subject.split(" ", 1)[0]] += 1
    for one in course.journal:
        if one["what"] == "did":
            audited = (words[one["deed"]], one["on"])
            found[audited] -= 1
            if found[audited] < 0:
                yield f"not in the audit: {one}"


def _marks(course: Course) -> Iterator[str]:
    """After each start every acknowledgement and silence is as it was when the last deed on it returned."""
    done: dict[str, Entry] = {}
    for one in course.journal:
        if one["what"] == "tries":
            done.pop(one["on"], None)  # until it returns, both are right
        elif one["what"] == "did":
            done[one["on"]] = one
        elif one["what"] == "open":
            yield from (
                f"after the start of run {one['run']} lost: {deed}" for deed in done.values() if _lost(deed, one)
            )
            done.clear()


def _lost(deed: Entry, opened: Entry) -> bool:
    name = deed["on"]
    match deed["deed"]:
        case "ack":
            return bool(opened["acks"].get(name, deed["by"]) != deed["by"])  # one that is resolved is not listed
        case "unack":
            return opened["acks"].get(name) is not None
        case "silence":
            return name not in opened["silences"] and bool(opened["now"] < deed["until"])
        case _:
            return name in opened["silences"]

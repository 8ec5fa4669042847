"""How one thing in a room stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.contract import JobState, Reason
from agent.estate import Equipment, EquipmentState
from agent.risk.calendar import Calendar
from agent.risk.classroom.projectors import STANDBY, Memory, Told
from agent.risk.classroom.units import Member
from agent.risk.hours import AT_ALL_TIMES, Hours
from agent.risk.reachability import OURS, confirmed_down, device_state
from agent.risk.services import PROBE_SUCCESS
from agent.risk.sight import Sight

SILENT = "equipment_silent"


@dataclass(frozen=True, slots=True)
class Look:
    """One look: ``silent_for`` (seconds) is how long people bear a silence within the hours.

    ``returned``: by site, when what all there hangs behind last came back (seconds since the epoch).
    """

    sight: Sight
    silent_for: float
    returned: Mapping[str, float]
    _opened: dict[Hours, float | None] = field(default_factory=dict[Hours, "float | None"])

    def opened_at(self, hours: Hours) -> float | None:
        """Return since when it has mattered today (seconds since the epoch; 0: always); None while it does not."""
        if hours == AT_ALL_TIMES:
            return 0.0
        if hours not in self._opened:
            self._opened[hours] = self.calendar(hours).opened_at(self.sight.view.now)
        return self._opened[hours]

    def is_borne(self, member: Member, since: float) -> bool:
        """Whether a silence has not lasted for long yet; breaks do not count, nor what came before the way was back."""
        since, now = max(since, self.returned.get(member.site, 0.0)), self.sight.view.now
        if now - since < self.silent_for or member.hours == AT_ALL_TIMES:
            return now - since < self.silent_for
        return self.calendar(member.hours).open_seconds(since, now) < self.silent_for

    def calendar(self, hours: Hours) -> Calendar:
        """Return the calendar of these hours."""
        return hours.calendar(self.sight.calendars)


class Silence(NamedTuple):
    """``since``: when it began; ``counts_from``: from when on today it counts (seconds since the epoch)."""

    since: float
    counts_from: float


class Piece(NamedTuple):
    """How it stands. ``said``: why it cannot be worked with, for people, "" where nothing keeps them from it.

    ``evidence``: the same, more exactly. ``faults``: what it reports itself.
    ``silence``: of what only does not answer, also while that is still borne. ``open``: whether it can be worked with
    is not known; ``unheard``: what it would report is not.
    """

    equipment: Equipment
    said: str = ""
    evidence: str = ""
    faults: str = ""
    silence: Silence | None = None
    open: bool = False
    unheard: bool = False

    @property
    def is_in_doubt(self) -> bool:
        """Whether it may be out of order for all that is known; what may sleep is taken to."""
        return self.silence is not None or (self.open and self.equipment.state != "asleep")


def projector_piece(look: Look, member: Member, memory: Memory) -> Piece:
    """Judge a projector: what it reports holds at all hours, its silence only where it is known not to sleep so."""
    job = next(iter(look.sight.jobs.get(member.subject, ())), None)
    told = None if job is None else memory.hear(job, look.sight.view, look.sight.calendars.of().zone)
    if told is not None:
        return _reported(look, member, told)
    if job is None or not confirmed_down(job):
        return _unknown(look, member)._replace(unheard=True)
    said, now = _refusal(look, member, job), look.sight.view.now
    since = now if job.since is None else min(job.since, now)
    rested = member.hours != AT_ALL_TIMES and not look.calendar(member.hours).is_open(since)
    if said is None and not memory.misses(since, now, rested=rested):
        return Piece(_equipment(member, "asleep", look.sight.words.say("equipment_off")), open=True, unheard=True)
    piece = _lasting(look, member, job.since, said or SILENT, job.detail if said else "")
    memory.missed = memory.missed or bool(said is None and piece.said)
    return piece._replace(unheard=True)


def _refusal(look: Look, member: Member, job: JobState) -> str | None:
    """Return the text of what comes back instead of an answer; None where nothing does."""
    if job.reason is Reason.AUTH:
        known = look.sight.inventory.projectors[member.subject.id].password is not None
        return "equipment_refuses" if known else "equipment_locked"
    return "equipment_garbled" if job.reason is Reason.BAD_REPLY else None


def device_piece(look: Look, member: Member) -> Piece:
    """Judge a device by its checks; one that refuses us is there, and told of by itself."""
    jobs = look.sight.jobs.get(member.subject, ())
    state = device_state(jobs)
    if state.state == "up":
        wrong = any(one.value == 0 for one in look.sight.view.series(PROBE_SUCCESS, member.subject))
        return _lasting(look, member, None, "equipment_wrong") if wrong else _good(member)
    if state.state == "down":
        return _lasting(look, member, state.since, SILENT, state.detail)
    failed = _silent_checks(jobs)
    if state.state == "unknown" or not failed:
        pending = any(job.up is not True and job.reason is not Reason.AUTH for job in jobs)
        return _unknown(look, member) if pending or not jobs else _good(member)
    since = max(job.since or 0.0 for job in failed)
    return _lasting(look, member, since, "equipment_partly", state.detail)


def _silent_checks(jobs: Sequence[JobState]) -> list[JobState]:
    return [job for job in jobs if confirmed_down(job) and job.reason is not Reason.AUTH and job.reason not in OURS]


def _reported(look: Look, member: Member, told: Told) -> Piece:
    words = look.sight.words
    faults = [words.say(key) for key in told.faults()]
    if faults:
        said = words.say("equipment_reports", name=member.name, faults=words.joined(faults))
        return Piece(_equipment(member, "down" if told.is_broken else "warning", ", ".join(faults)), faults=said)
    unheard = told.power is None or not told.parts
    if told.power == STANDBY:
        return Piece(_equipment(member, "asleep", words.say("equipment_asleep")), unheard=unheard)
    return Piece(_equipment(member, "unknown" if told.power is None else "up"), unheard=unheard)


def _lasting(look: Look, member: Member, since: float | None, key: str, detail: str = "") -> Piece:
    """What does not answer as it should is borne for a while, and outside its hours for as long as it likes.

    ``since`` None: nobody knows how long already; it counts at once.
    """
    words, now = look.sight.words, look.sight.view.now
    opened = look.opened_at(member.hours)
    if opened is None:
        return Piece(_equipment(member, "resting", words.say("equipment_resting")), open=True)
    said = words.say(key, name=member.name)
    if since is None:
        return Piece(_equipment(member, "warning", said), said, said)
    began = min(since, now)
    at = look.sight.moment(began)
    silence = Silence(began, max(began, opened)) if key == SILENT else None
    shown = words.say("equipment_not_yet", at=at)
    if look.is_borne(member, began):
        return Piece(_equipment(member, "unknown", shown), silence=silence, open=True)
    state = _equipment(member, "warning", said) if silence is None else _equipment(member, "down", shown)
    evidence = words.say("equipment_since", text=said, at=at)
    return Piece(state, said, f"{evidence}: {detail}" if detail else evidence, silence=silence)


def _unknown(look: Look, member: Member) -> Piece:
    return Piece(_equipment(member, "unknown", look.sight.words.say("equipment_not_known")), open=True)


def _good(member: Member) -> Piece:
    return Piece(_equipment(member, "up"))


def _equipment(member: Member, state: EquipmentState, detail: str = "") -> Equipment:
    return Equipment(member.subject, state, detail, member.hours.text)

"""Does what hangs in class rooms and meeting rooms work while it is wanted?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from agent.contract import Alert, AlertState, Finding, FindingKey, JobKey, Measure, Severity, Subject
from agent.estate import ClassroomState
from agent.risk.catalogue.devices import DEVICE_UNREACHABLE, PROBE_FAILING, READING_INCOMPLETE
from agent.risk.catalogue.equipment import (
    CLASSROOM_EQUIPMENT,
    CLASSROOMS_SILENT,
    HOUR,
    PROJECTOR_FAULTY,
    PROJECTOR_SERVICE_DUE,
    EquipmentOptions,
    ServiceOptions,
)
from agent.risk.classroom.culprits import Culprits
from agent.risk.classroom.pieces import Look, Piece, device_piece, projector_piece
from agent.risk.classroom.projectors import Memory
from agent.risk.classroom.together import MAX_EVIDENCE, Groups, Looked, told_of_site
from agent.risk.classroom.units import PROJECTOR, Member, Unit, units_of
from agent.risk.network.wishes import not_asked_since
from agent.risk.rule import options_of
from agent.risk.sight import AT_ONCE, Outcome, Sight
from agent.tallies import CLASSROOM_EQUIPMENT_STATES
from config.inventory import Inventory
from config.settings import Settings

MAX_FAULTS = 3  # in a summary; the evidence has all
STATES = ("up", "asleep", "resting", "warning", "down", "unknown")
# What of a device its room tells.
_TOLD_BY_ROOM = frozenset({DEVICE_UNREACHABLE, PROBE_FAILING})


class EquipmentBook:
    """What is remembered of rooms and projectors; one for the life of the daemon, asked at each look."""

    def __init__(self) -> None:
        self._configured: tuple[Inventory, Settings] | None = None
        self._units: tuple[Unit, ...] = ()
        self._devices: frozenset[Subject] = frozenset()
        self._memories: dict[str, Memory] = {}
        self._culprits = Culprits()
        self._groups = Groups()

    def recall(self, alerts: Iterable[Alert]) -> None:
        """Take up which projectors the last run told of as silent: they are missed until they answer."""
        for alert in alerts:
            if alert.finding.rule == CLASSROOM_EQUIPMENT and alert.state is not AlertState.RESOLVED:
                missed = (one.id for one in alert.finding.about if one.kind == PROJECTOR)
                self._memories |= {name: Memory(missed=True) for name in missed}

    def look(self, sight: Sight) -> Iterator[Outcome | None]:
        """Yield the state of each room, what is found there, and which projectors want service; pauses in between."""
        if self._configure(sight.inventory, sight.settings):
            yield None
        self._culprits.look(sight)
        patience = options_of(sight.settings, CLASSROOM_EQUIPMENT, EquipmentOptions).silent_for
        look = Look(sight, patience, self._culprits.returned)
        looked: defaultdict[str, list[Looked]] = defaultdict(list)
        judged = 0
        for unit in self._units:
            pieces = tuple(self._piece(look, member) for member in unit.members)
            one = Looked.of(unit, pieces, self._culprits, cut_off=_is_cut_off(sight, unit.site))
            looked[unit.site].append(one)
            yield _state(look, unit, pieces)
            yield from _faulty(sight, unit, pieces)
            yield from _asked_anew(look, unit, pieces)
            judged += 1 + len(pieces)
            if judged >= AT_ONCE // 2:
                judged = 0
                yield None
        yield from self._silent(sight, looked)
        yield from _counted(looked)
        yield from self._service(sight)

    def tells(self, finding: Finding) -> bool:
        """Whether what is found of a thing is told with its room, and not besides.

        What a projector leaves out of an answer tells nobody: many do.
        """
        if finding.rule == READING_INCOMPLETE:
            return finding.subject.kind == PROJECTOR
        return finding.rule in _TOLD_BY_ROOM and finding.subject in self._devices

    def _configure(self, inventory: Inventory, settings: Settings) -> bool:
        known = self._configured
        if known is not None and known[0] is inventory and known[1] is settings:
            return False
        self._configured = (inventory, settings)
        self._units = units_of(inventory, settings)
        self._culprits.configure(inventory, self._units)
        members = [member.subject for unit in self._units for member in unit.members]
        self._devices = frozenset(one for one in members if one.kind == "device")
        self._memories = {name: self._memories.get(name) or Memory() for name in inventory.projectors}
        return True

    def _silent(self, sight: Sight, looked: Mapping[str, Sequence[Looked]]) -> Iterator[Outcome | None]:
        """Yield what does not answer: by room, and by site where its rooms fell silent together."""
        for site, units in looked.items():
            rooms = [one for one in units if one.unit.room is not None and one.pieces]
            group = frozenset[str]()
            if not _is_cut_off(sight, site):
                group = self._groups.look(site, rooms)
                yield from told_of_site(sight, site, rooms, group)
            elif rooms:
                yield FindingKey(CLASSROOMS_SILENT, Subject("site", site))
            for one in units:
                yield from _found(sight, one, led=one.unit.room in group)
            yield None

    def _piece(self, look: Look, member: Member) -> Piece:
        if member.subject.kind == PROJECTOR:
            return projector_piece(look, member, self._memories[member.subject.id])
        return device_piece(look, member)

    def _service(self, sight: Sight) -> Iterator[Outcome]:
        """Yield one finding for each site whose projectors want service; unknown while one of them never spoke."""
        usual = options_of(sight.settings, PROJECTOR_SERVICE_DUE, ServiceOptions).lamp
        due: defaultdict[str, list[str]] = defaultdict(list)
        silent: set[str] = set()
        for unit in self._units:
            for member in unit.members:
                if member.subject.kind == PROJECTOR:
                    memory, name = self._memories[member.subject.id], member.subject.id
                    life = sight.inventory.projectors[name].lamp_life or usual
                    if memory.warnings is None:
                        silent.add(unit.site)
                    elif what := _wanted(sight, memory, life):
                        called = unit.name if unit.name == member.name else f"{unit.name}, {member.name}"
                        due[unit.site].append(sight.words.say("service_one", name=called, what=what))
        for site, listed in due.items():
            yield _service_due(sight, site, listed)
        for site in silent - due.keys():
            yield FindingKey(PROJECTOR_SERVICE_DUE, Subject("site", site))


def _wanted(sight: Sight, memory: Memory, life: float) -> str:
    """Return what a projector wants, for people; "" where it wants nothing."""
    words = sight.words
    old = [
        words.say("service_lamp_hours" if len(memory.lamps) == 1 else "service_lamps_hours", lamp=lamp, hours=hours)
        for lamp, used in memory.lamps.items()
        if used >= life and (hours := words.number(used // HOUR))
    ]
    return ", ".join([*old, *(words.say(key) for key in memory.warnings or ())])


def _service_due(sight: Sight, site: str, listed: Sequence[str]) -> Finding:
    words = sight.words
    name = sight.inventory.sites[site].name or site
    rooms = ", ".join(words.few([*listed], MAX_FAULTS))
    summary = f"{words.say('service_due', site=name)} {rooms}"
    evidence = tuple(words.few([*listed], MAX_EVIDENCE))
    return Finding(PROJECTOR_SERVICE_DUE, Subject("site", site), Severity.INFO, summary, evidence, site=site)


def _state(look: Look, unit: Unit, pieces: Sequence[Piece]) -> ClassroomState:
    wanted = look.opened_at(unit.hours) is not None
    equipment = tuple(piece.equipment for piece in pieces)
    return ClassroomState(unit.room, unit.name, unit.site, equipment, wanted, unit.hours.text)


def _counted(looked: Mapping[str, Sequence[Looked]]) -> Iterator[Measure]:
    for site, units in looked.items():
        counts = Counter[str](piece.equipment.state for one in units for piece in one.pieces)
        for state in STATES:
            yield Measure(CLASSROOM_EQUIPMENT_STATES, (site, state), float(counts[state]))


def _is_cut_off(sight: Sight, site: str) -> bool:
    verdict = sight.network.sites.get(site)
    return verdict is not None and verdict.state == "isolated"


def _asked_anew(look: Look, unit: Unit, pieces: Sequence[Piece]) -> Iterator[JobKey]:
    """Wish that what was silent be asked at once when the way to it is back."""
    returned = look.returned.get(unit.site)
    if returned is not None:
        for piece in pieces:
            if piece.silence is not None:
                yield from not_asked_since(look.sight.jobs.get(piece.equipment.subject, ()), returned)


def _faulty(sight: Sight, unit: Unit, pieces: Sequence[Piece]) -> Iterator[Outcome]:
    """Yield one finding for what the projectors of a room report; its key while one is not heard."""
    faulty = [piece for piece in pieces if piece.faults]
    if faulty:
        summary = _summary(sight, unit, [piece.faults for piece in faulty])
        about = tuple(piece.equipment.subject for piece in faulty)
        evidence = tuple(sight.words.few([piece.faults for piece in faulty], MAX_EVIDENCE))
        subject = unit.subject
        yield Finding(PROJECTOR_FAULTY, subject, Severity.WARNING, summary, evidence, site=unit.site, about=about)
    elif any(piece.unheard for piece in pieces):
        yield FindingKey(PROJECTOR_FAULTY, unit.subject)


def _found(sight: Sight, looked: Looked, *, led: bool) -> Iterator[Outcome]:
    """Yield one finding, whatever does not answer in the room; its key while something there is not known to be good.

    ``led``: the site speaks for it.
    """
    unit, words = looked.unit, sight.words
    wrong = [piece for piece in looked.pieces if piece.said]
    if not wrong:
        if any(piece.open for piece in looked.pieces):
            yield FindingKey(CLASSROOM_EQUIPMENT, unit.subject)
        return
    summary, cause = _summary(sight, unit, [piece.said for piece in wrong]), looked.cause
    if cause is not None:
        summary = words.say("because", text=summary, why=words.say("needs", name=sight.name(cause)))
    elif led:
        cause = Subject("site", unit.site)
    evidence = tuple(words.few([piece.evidence for piece in wrong], MAX_EVIDENCE))
    about = tuple(piece.equipment.subject for piece in wrong)
    yield Finding(
        CLASSROOM_EQUIPMENT, unit.subject, Severity.WARNING, summary, evidence, cause, site=unit.site, about=about
    )


def _summary(sight: Sight, unit: Unit, said: Sequence[str]) -> str:
    told = [*said[:MAX_FAULTS]]
    if len(said) > MAX_FAULTS:
        told.append(sight.words.say("equipment_more", count=len(said) - MAX_FAULTS))
    return "; ".join(told) if unit.room is None else f"{unit.name}: {'; '.join(told)}"

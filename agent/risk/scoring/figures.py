"""What counts at one look: the findings that stand, what nobody measures, what could not be judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from agent.contract import Coverage, Finding, FindingKey, RiskFactor, RiskFigure, RoomState, Subject
from agent.risk.scoring.adding import NOT_JUDGED, NOT_MEASURED_YET, Adding, Candidate, gravest
from agent.risk.scoring.classes import CLASSES, GAPS, GRAVEST, NOT_KNOWN, ROOM_UNKNOWN, WATCHED, Weight
from agent.risk.scoring.places import Places, Roots
from agent.risk.sight import name_of
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Look:
    """What figures are made from.

    ``doubts``: what is grave and could not be judged for some time; ``unasked``: devices that were not polled yet;
    ``accepted``: what somebody decided to live with.
    """

    findings: tuple[Finding, ...]
    rooms: Mapping[str, RoomState]
    inventory: Inventory
    settings: Settings
    places: Places
    doubts: tuple[FindingKey, ...] = ()
    unasked: frozenset[Subject] = frozenset()
    accepted: frozenset[FindingKey] = frozenset()


def silent_devices(coverage: Coverage) -> tuple[Subject, ...]:
    """Return the devices that should measure a quantity and are silent."""
    if coverage.state != "silent":
        return ()
    return tuple(dict.fromkeys(Subject("device", one.partition("/")[0]) for one in coverage.by))


class Figures:
    """One look's figures."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._words = Words(look.settings.municipality.language)
        self._roots = Roots.of(look.findings)
        self._leading = self._leads()
        self._dark = self._dark_devices()

    def all(self) -> tuple[RiskFigure, ...]:
        """Return the house first, then its rooms."""
        by_room: dict[str, list[Candidate]] = {name: [] for name in self._look.inventory.rooms}
        elsewhere: list[Candidate] = []
        for found in (*self._standing(), *self._unjudged()):
            concerned = [one for one in self._look.places.rooms_of(found.factor.subject) if one in by_room]
            for room in concerned:
                by_room[room].append(self._within(room, found))
            if not concerned:
                elsewhere.append(found)
        # a finding before the gap that it explains: it says why
        rooms = {name: gravest((*found, *self._gaps(name))) for name, found in by_room.items()}
        adding = Adding(self._words, self._name)
        # a UPS that feeds two rooms is one factor of the house
        whole = adding.figure(None, gravest(chain(elsewhere, *rooms.values())))
        return (whole, *(adding.figure(Subject("room", name), found) for name, found in rooms.items()))

    # --- findings ----------------------------------------------------------------------------------------------------

    def _standing(self) -> Iterator[Candidate]:
        """Yield the findings that stand."""
        gaps = {name for name in self._look.inventory.rooms if any(self._missing(name))}
        for finding in self._look.findings:
            classes = CLASSES.get(finding.rule)
            if classes is None or (classes.about == "coverage" and finding.subject.id in gaps):
                continue
            evidence = finding.summary
            if finding.key in self._look.accepted:
                evidence = f"{evidence} ({self._words.say('risk_accepted')})"
            weight = classes.weight(finding.severity)
            factor = self._factor(finding.rule, finding.subject, weight, evidence)
            yield Candidate(self._cause(finding, classes.about), factor)

    def _cause(self, finding: Finding, about: str) -> tuple[str, Subject]:
        """Return the identity of what is behind it: the heaviest thing that is wrong with the cause that it names."""
        root = self._roots.root(finding)
        return (about, finding.subject) if root is None else (self._leading.get(root, ""), root)

    def _leads(self) -> dict[Subject, str]:
        """Return, by subject, what its heaviest finding is about that names no other cause."""
        leading: dict[Subject, tuple[float, str]] = {}
        for one in self._look.findings:
            classes = CLASSES.get(one.rule)
            if classes is not None and self._roots.root(one) is None:
                found = (classes.weight(one.severity).points, classes.about)
                leading[one.subject] = max(found, leading.get(one.subject, found))
        return {subject: about for subject, (_, about) in leading.items()}

    def _dark_devices(self) -> dict[Subject, tuple[str, Subject]]:
        """Return, by what does not answer, or not rightly, the cause that this counts under."""
        found: dict[Subject, tuple[str, Subject]] = {}
        for one in self._look.findings:
            classes = CLASSES.get(one.rule)
            if classes is not None and classes.about in {"device", "unverified"}:
                found[one.subject] = self._cause(one, classes.about)
        return found

    # --- what is not known -------------------------------------------------------------------------------------------

    def _unjudged(self) -> Iterator[Candidate]:
        """Yield what could not be judged and is grave; what a gap or a silent device explains is counted as that."""
        for rule, subject in self._look.doubts:
            classes = CLASSES.get(rule)
            if classes is None or subject in self._dark or not self._is_measured(rule, subject):
                continue
            if subject in self._look.unasked:
                yield self._not_yet(subject, (subject,))
                continue
            weight = Weight(NOT_KNOWN, (classes.critical or classes.usual).effect)
            said = self._words.say(f"risk_{rule}")
            evidence = self._words.say("risk_unknown_evidence", what=said, name=self._name(subject))
            yield Candidate((f"{NOT_JUDGED} {rule}", subject), self._factor(NOT_JUDGED, subject, weight, evidence))

    def _is_measured(self, rule: str, subject: Subject) -> bool:
        """Whether the quantity behind a rule is measured in each room concerned, so that no gap stands for it."""
        quantity = WATCHED[rule]
        for room in self._look.places.rooms_of(subject) if quantity is not None else ():
            state = self._look.rooms.get(room)
            if state is None or any(one.quantity == quantity and one.state != "measured" for one in state.coverage):
                return False
        return True

    def _gaps(self, room: str) -> Iterator[Candidate]:
        """Yield what nobody measures in a room, and what those who should do not say now."""
        subject, waiting = Subject("room", room), dict[Subject, None]()
        if room not in self._look.rooms:
            evidence = self._words.say("risk_room_unknown_evidence", name=self._name(subject))
            factor = self._factor("room_unknown", subject, ROOM_UNKNOWN, evidence)
            yield self._within(room, Candidate(("coverage", subject), factor))
        for one in self._missing(room):
            devices = silent_devices(one)
            if devices and all(device in self._look.unasked for device in devices):
                waiting |= dict.fromkeys(devices)
            else:
                yield self._within(room, self._gap(subject, one, devices))
        if waiting:
            yield self._within(room, self._not_yet(subject, tuple(waiting)))

    def _gap(self, room: Subject, gap: Coverage, devices: tuple[Subject, ...]) -> Candidate:
        """Return a gap. All that one silent device does not tell has one cause, which its own finding names as well."""
        who, name = self._words.joined(gap.by), f"{gap.state}_{gap.quantity}"
        evidence = self._words.say(f"risk_{gap.state}_by" if who else f"risk_{gap.state}", names=who)
        causes = [self._dark.get(one, ("device", one)) for one in devices]
        return Candidate(min(causes, default=(name, room)), self._factor(name, room, GAPS[gap.quantity], evidence))

    def _not_yet(self, subject: Subject, devices: tuple[Subject, ...]) -> Candidate:
        names = self._words.joined([self._name(one) for one in devices])
        evidence = self._words.say("risk_not_yet_evidence", names=names)
        return Candidate((NOT_MEASURED_YET, subject), self._factor(NOT_MEASURED_YET, subject, ROOM_UNKNOWN, evidence))

    def _missing(self, room: str) -> Iterator[Coverage]:
        state = self._look.rooms.get(room)
        is_server_room = self._look.inventory.rooms[room].kind == "server_room"
        for one in () if state is None else state.coverage:
            if one.state != "measured" and (one.expected or is_server_room):
                yield one

    # --- factors -----------------------------------------------------------------------------------------------------

    def _within(self, room: str, found: Candidate) -> Candidate:
        """Return it with the effect that it can have in a room of that kind."""
        factor, most = found.factor, GRAVEST[self._look.inventory.rooms[room].kind]
        if factor.effect <= most:
            return found
        weight = Weight(factor.probability, most)
        return found._replace(factor=factor._replace(effect=most, points=weight.points))

    def _factor(self, name: str, subject: Subject, weight: Weight, evidence: str) -> RiskFactor:
        title, remedy = (self._words.template(f"{kind}_{name}") for kind in ("risk", "remedy"))
        return RiskFactor(name, subject, *weight, weight.points, title, evidence, remedy)

    def _name(self, subject: Subject) -> str:
        room = self._look.inventory.rooms.get(subject.id) if subject.kind == "room" else None
        return (room.name or subject.id) if room is not None else name_of(self._look.inventory, subject)

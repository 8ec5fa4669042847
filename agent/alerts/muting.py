"""Why nobody is told of what stands. Pure.

Someone accepted it, announced work or a silence explains it, it does not matter at this hour, or its cause is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from agent.alerts.causes import NEVER_EXPLAINED, is_excused, is_led, leaders
from agent.alerts.lifecycle import Policy
from agent.contract import Alert, AlertState, Finding, FindingKey, Muted, Silence, Subject
from agent.risk.calendar import Calendar, Calendars
from agent.risk.catalogue.devices import DEVICE_UNREACHABLE, PROBE_FAILING
from agent.risk.catalogue.equipment import CLASSROOM_EQUIPMENT, EQUIPMENT_RULES, EquipmentOptions
from agent.risk.contracts.owed import owed_things
from agent.risk.hours import Hours, Timetable
from agent.risk.rule import options_of
from agent.risk.texts import Words
from agent.risk.work import Work, chain, covering, in_force
from config.hours import ALWAYS, OFFICE_HOURS
from config.inventory import Inventory
from config.settings import Settings

# A leader that is gone for a look or two is not gone.
SHORTEST_PATIENCE_SECONDS = 10.0

_PLACES = frozenset({"room", "site"})
# Of a device: whoever switches it on has as long for it as for what stands in a class room.
_SILENCES = frozenset({DEVICE_UNREACHABLE, PROBE_FAILING})


@dataclass(frozen=True, slots=True)
class Excuses:
    """What may hold messages back besides causes: what was accepted, announced work, silences, hours.

    ``hours``: when each thing matters that does not matter always; ``calendars``: these hours. ``owed``: the contracts
    of services and links.
    """

    settings: Settings
    calendar: Calendar
    silences: Sequence[Silence] = ()
    hours: Mapping[Subject, Hours] = field(default_factory=dict[Subject, Hours])
    calendars: Mapping[Hours, Calendar] = field(default_factory=dict[Hours, Calendar])
    owed: Mapping[Subject, Subject] = field(default_factory=dict[Subject, Subject])

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings, calendar: Calendar) -> Excuses:
        """Return what the configuration says; ``calendar``: the office hours. Silences are added at each look."""
        hours, known = dict(Timetable.of(inventory, settings).timed()), Calendars(settings)
        office = Hours(OFFICE_HOURS)
        calendars = {one: calendar if one == office else one.calendar(known) for one in set(hours.values())}
        return cls(settings, calendar, (), hours, calendars, dict(owed_things(inventory)))

    def hours_of(self, finding: Finding) -> Sequence[Hours]:
        """Return when it matters, all of what it is about; none if always.

        Of a room or site only what is found of its equipment has hours.
        """
        if finding.subject.kind in _PLACES and finding.rule not in EQUIPMENT_RULES:
            return ()
        found = [self.hours.get(one) for one in finding.about or (finding.subject,)]
        hours = [one for one in found if one is not None]
        return hours if len(hours) == len(found) else ()

    def opening(self, finding: Finding, hours: Hours, now: float) -> float:
        """Return from when on it may be told, seconds since the epoch; not before ``now``."""
        calendar = self.calendars[hours]
        opening = calendar.next_opening(now)
        if finding.subject.kind != "device" or finding.rule not in _SILENCES or not calendar.opens(now):
            return opening
        borne = options_of(self.settings, CLASSROOM_EQUIPMENT, EquipmentOptions).silent_for
        today = calendar.open_seconds(0.0, now) if calendar.day(opening) == calendar.day(now) else 0.0
        return opening + max(0.0, borne - today)


_Causes = Mapping[Subject, Collection[Subject]]


class _Works(NamedTuple):
    """The work that goes on now, announced in the configuration or ad hoc.

    ``causes``: by subject, the causes of what stands about it. ``owed``: the contracts of services and links.
    """

    ongoing: Sequence[Work]
    owed: Mapping[Subject, Subject]
    causes: _Causes = MappingProxyType({})

    @classmethod
    def at(cls, excuses: Excuses, now: float) -> _Works:
        """Return the work at ``now``, without causes."""
        return cls(in_force(excuses.settings, excuses.silences, excuses.calendar.zone, now), excuses.owed)

    def knowing(self, findings: Iterable[Finding]) -> _Works:
        """Return the work with the causes of what stands; where there is none, nothing is looked at."""
        if not self.ongoing:
            return self
        causes: defaultdict[Subject, set[Subject]] = defaultdict(set)
        for thing, contract in self.owed.items():
            causes[thing].add(contract)
        for one in findings:
            if one.cause is not None:
                causes[one.subject].add(one.cause)
        return self._replace(causes=causes)

    def explaining(self, finding: Finding) -> Iterator[Work]:
        """Yield the work on the finding's subject, or on what causes it, the cause of that, and so on."""
        nearest = (finding.cause, self.owed.get(finding.subject))
        return (one for one in self.ongoing if one.explains(finding, chain(nearest, self.causes)))


def marked(alerts: Mapping[FindingKey, Alert], excuses: Excuses, policy: Policy, now: float) -> dict[FindingKey, Alert]:
    """Return all alerts, each with why nobody is told of it; what is resolved is over, and nothing of it is held back.

    What is accepted or explained by work is so whatever its cause. ``policy``: how patient each rule is.
    """
    standing = (alert.finding for alert in alerts.values() if alert.state is not AlertState.RESOLVED)
    works = _Works.at(excuses, now).knowing(standing)
    excused = {key: _excused(alert, excuses, works, now) for key, alert in alerts.items()}
    heads = leaders(excused.values())
    return {key: _freed(alerts[key], _led(alert, heads.get(key), policy, now), now) for key, alert in excused.items()}


def skipped(findings: Iterable[Finding], excuses: Excuses, now: float) -> frozenset[FindingKey]:
    """Return what becomes no alert while work goes on that has the mode ``skip``."""
    findings, works = tuple(findings), _Works.at(excuses, now)
    works = works._replace(ongoing=[one for one in works.ongoing if one.mode == "skip"]).knowing(findings)
    if not works.ongoing:
        return frozenset()
    explained = (one for one in findings if one.rule not in NEVER_EXPLAINED)
    return frozenset(one.key for one in explained if any(works.explaining(one)))


def muting(finding: Finding, excuses: Excuses, now: float) -> Muted | None:
    """Return who accepted the finding, what work explains it at the moment, or when it matters; or None."""
    return _muting(finding, excuses, _Works.at(excuses, now), now)


def _excused(alert: Alert, excuses: Excuses, works: _Works, now: float) -> Alert:
    """Mark what is accepted or explained by work; a mark that names a cause is kept until causes are looked at."""
    if alert.state is AlertState.RESOLVED:
        return alert if alert.muted is None else replace(alert, muted=None)
    why = _muting(alert.finding, excuses, works, now) or (alert.muted if is_led(alert) else None)
    work = _named_work(alert.finding, works)
    return alert if (why, work) == (alert.muted, alert.work) else replace(alert, muted=why, work=work)


def _muting(finding: Finding, excuses: Excuses, works: _Works, now: float) -> Muted | None:
    return (
        accepted(finding, excuses.settings, excuses.calendar, now)
        or _at_work(finding, excuses.calendar, works)
        or _at_other_hours(finding, excuses, now)
    )


def _at_work(finding: Finding, calendar: Calendar, works: _Works) -> Muted | None:
    if finding.rule in NEVER_EXPLAINED:
        return None
    found = (one for one in works.explaining(finding) if one.mode != "run")
    return next((Muted(one.by, one.name, _local(calendar, one.until)) for one in found), None)


def _named_work(finding: Finding, works: _Works) -> str | None:
    """Return the work that a message names: that of which all is told, and any that went on as a site was cut off."""
    always = finding.rule in NEVER_EXPLAINED
    return next((one.name for one in works.explaining(finding) if always or one.mode == "run"), None)


def _at_other_hours(finding: Finding, excuses: Excuses, now: float) -> Muted | None:
    """What matters at certain hours only waits for them; what never matters again is told (fail open)."""
    openings = [(excuses.opening(finding, hours, now), hours) for hours in excuses.hours_of(finding)]
    opening, hours = min(openings, default=(now, Hours(ALWAYS)))
    if opening <= now:
        return None
    words = Words(excuses.settings.municipality.language)
    why = words.say(f"outside_{hours.name or 'own_hours'}", hours=hours.text)
    return Muted("hours", why, _local(excuses.calendar, opening))


def _led(alert: Alert, head: Alert | None, policy: Policy, now: float) -> Alert:
    """Mark what its cause speaks for (``head``: who is told of both).

    Who has lost its leader is held back a little longer: it may be back at the next look. What does not stand at this
    look is not begun to be told. A leader that comes and goes and never fires does not begin that time anew.
    """
    why, unled_since = alert.muted, None
    stands = alert.clear_since is None and not alert.unverified
    if not is_excused(alert):
        if head is alert and stands:
            why = None
        elif head is not None and head is not alert:
            why = Muted("cause", head.finding.summary, "")
            unled_since = alert.unled_since if head.state is AlertState.PENDING else None
        elif why is not None:
            unled_since = now if alert.unled_since is None else min(alert.unled_since, now)
            if stands and now - unled_since >= max(policy.hold_of(alert.finding), SHORTEST_PATIENCE_SECONDS):
                why, unled_since = None, None
    if (why, unled_since) == (alert.muted, alert.unled_since):
        return alert
    return replace(alert, muted=why, unled_since=unled_since)


def accepted(finding: Finding, settings: Settings, calendar: Calendar, now: float) -> Muted | None:
    """Someone decided to live with it, up to and with the day given."""
    today = calendar.day(now)
    standing = [one for one in settings.alerting.accept if today <= one.until]
    match = covering([one.match for one in standing], finding)
    return next((Muted("accepted", one.reason, one.until.isoformat()) for one in standing if one.match is match), None)


def _local(calendar: Calendar, at: float) -> str:
    return datetime.fromtimestamp(at, calendar.zone).replace(tzinfo=None).isoformat(" ", "minutes")


def _freed(before: Alert, after: Alert, now: float) -> Alert:
    """Note when it ended that nobody was told of what fires; escalation counts from there."""
    ended = before.muted is not None and after.muted is None and after.state is AlertState.FIRING
    return replace(after, unmuted_at=now) if ended else after

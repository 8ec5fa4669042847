"""What judgement remembers of what is owed: states that are kept for years, and the accounts made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from agent.contract import Alert, Finding, FindingKey, Subject
from agent.estate import ContractState, StateChange
from agent.risk.calendar import Calendar
from agent.risk.contracts.following import Followed
from agent.risk.contracts.hours import ServiceHours
from agent.risk.contracts.ledgers import Accounts
from agent.risk.contracts.outages import OutageBook
from agent.risk.contracts.owed import contract_of, followed
from agent.risk.contracts.past import Past, marker
from agent.risk.contracts.standing import Failures
from agent.risk.contracts.track import Track
from agent.risk.contracts.verdicts import unjudged
from agent.risk.sight import AT_ONCE, Outcome, Sight
from config.hours import ALWAYS
from config.inventory import Inventory
from config.settings import Settings

LONGEST_PAUSE_SECONDS = 120.0  # between two looks; after a longer one nothing is known of the time between


class ContractBook:
    """One for the life of the daemon."""

    def __init__(self) -> None:
        self._past = Past()
        self._followed: dict[Subject, Followed] = {}
        self._calendars: dict[Subject, Calendar] = {}
        self._configured: tuple[Inventory, Settings] | None = None
        self._noted: list[StateChange] = []  # not known to be handed on
        self._looked: float | None = None
        self._accounts = Accounts()
        self._outages = OutageBook()

    def recall(self, changes: Iterable[StateChange], alive_at: float | None, alerts: Iterable[Alert] = ()) -> None:
        """Go on from what was kept; ``alive_at``: when this daemon last ran, seconds since the epoch.

        ``changes`` by time. What happened since is not known. May be called again with what could not be read at the
        start.
        """
        self._past.keep(changes, alive_at)
        self._outages.recall(alerts)

    def look(self, sight: Sight, findings: Iterable[Finding]) -> Iterator[Outcome | None]:
        """Yield changes of state, services, contracts, figures and findings; ``findings``: what this look found.

        Changes are handed out again by each look until one of them was ``done``.
        """
        if self._past.waits:
            yield from self._past.take_up(self._noted)
            self._configured = None
        elif self._looked is not None and sight.view.now < self._looked:  # since when was it owed by this clock?
            self._configured = None
        self._reconfigure(sight)
        failures = Failures.of(sight, tuple(findings))
        if sight.view.now < self._past.until:
            yield from self._unrecorded(sight, failures)
            return
        yield from self._record(sight, failures)
        yield from tuple(self._noted)
        self._looked = sight.view.now
        yield from self._accounts.look(sight)
        for one in self._followed.values():
            if one.subject.kind == "service":
                yield from one.shown()
        yield from self._accounts.kept()

    def done(self) -> None:
        """What the look found is handed on: its changes need not be handed out again."""
        self._noted = []

    def explained(
        self, sight: Sight, findings: Collection[Finding], unverified: Collection[FindingKey]
    ) -> Iterator[Finding | FindingKey]:
        """Yield the findings of the look; what went together with others of its provider is told by one alert."""
        now = sight.view.now
        matter = [
            one
            for subject, one in self._followed.items()
            if one.contract is not None
            and (subject not in self._calendars or not _rests(self._calendars[subject], now))
        ]
        return self._outages.explained(sight, self._followed, matter, findings, unverified)

    def _note(self, change: StateChange | None) -> None:
        if change is not None:
            self._noted.append(change)
            self._accounts.touch(change.subject)

    def _reconfigure(self, sight: Sight) -> None:
        """Follow what the configuration names; of what it does not name any more nothing is known from now on."""
        known = self._configured
        if known is not None and known[0] is sight.inventory and known[1] is sight.settings:
            return
        self._configured = sight.inventory, sight.settings
        hours: dict[tuple[bool, str], ServiceHours] = {}
        before = self._followed
        self._followed = {one: self._begun(sight, one, hours) for one in followed(sight.inventory)}
        timed = {name: one.when for name, one in sight.inventory.services.items() if one.when != ALWAYS}
        self._calendars = {Subject("service", name): sight.calendars.of(when) for name, when in timed.items()}
        self._accounts.reconfigure(sight, self._followed.values())
        for subject, one in before.items():
            if subject not in self._followed:
                self._note(one.blind(sight.view.now))

    def _begun(self, sight: Sight, subject: Subject, hours: dict[tuple[bool, str], ServiceHours]) -> Followed:
        contract = contract_of(sight.inventory, subject)
        owed = None if contract is None else sight.inventory.contracts[contract]
        when = sight.inventory.services[subject.id].when if owed is None else owed.hours
        key = owed is not None, when
        if key not in hours:
            of_service, of_contract = ServiceHours.of_service, ServiceHours.of_contract
            hours[key] = of_service(sight.calendars, when) if owed is None else of_contract(sight.settings, when)
        track = self._past.tracks.setdefault(subject, Track())
        counted_from = 0.0 if contract is None else self._owed_since(marker(contract, subject), sight.view.now)
        return Followed(subject, contract, track, hours[key], counted_from)

    def _owed_since(self, mark: Subject, now: float) -> float:
        """Return since when something is owed under a contract: nobody answers for what was before."""
        since, now = self._past.owed_since(mark), max(now, self._past.until)
        if since is None or since > now:  # the clock was ahead
            since = now
            self._note(self._past.owe(StateChange(now, mark, "up")))
        return since

    def _record(self, sight: Sight, failures: Failures) -> Iterator[None]:
        now = sight.view.now
        self._note_interruptions(now)
        for number, one in enumerate(self._followed.values(), start=1):
            self._note(one.advance(failures.stand(one.subject, one.failing_since), now))
            if number % AT_ONCE == 0:
                yield None

    def _note_interruptions(self, now: float) -> None:
        """Nobody looked for a while, or the clock was set back: what it then showed is not known, or was not so."""
        looked = self._looked
        for one in self._followed.values():
            if looked is not None and now - looked > LONGEST_PAUSE_SECONDS:
                self._note(one.blind(looked))
            self._note(one.back_to(now))

    def _unrecorded(self, sight: Sight, failures: Failures) -> Iterator[Outcome]:
        """Say how things stand while the clock is behind a time at which a daemon ran: nothing is accounted by it."""
        yield from tuple(self._noted)
        for one in self._followed.values():
            one.stand = failures.stand(one.subject, None)
            if one.subject.kind == "service":
                yield from one.shown()
        for name in sight.inventory.contracts:
            yield ContractState(name)
            yield from unjudged(name)


def _rests(calendar: Calendar, now: float) -> bool:
    """Whether it does not matter now, and will again."""
    return calendar.next_opening(now) > now

"""Everything that runs out on a known day: deadlines, contracts, licences, warranties, certificates, tests.

Days are days of the municipality's time zone. A reminder begins at 08:00 of its day, so that nobody is woken at
midnight by a date.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from agent.contract import Subject, View
from agent.risk.accepted import accepted_subject
from agent.risk.catalogue.deadlines import DEADLINE_NEAR, WARRANTY_ENDING, DeadlineOptions, WarrantyOptions
from agent.risk.catalogue.functions import FAILOVER_TEST_DUE
from agent.risk.catalogue.heartbeats import RESTORE_TEST_DUE, RetestOptions
from agent.risk.catalogue.services import CERTIFICATE_EXPIRING, CertificateOptions
from agent.risk.certificates import EARLIEST_EXPIRY
from agent.risk.renewals import renewals
from agent.risk.rule import options_of
from agent.risk.sight import name_of
from agent.risk.texts import Words
from config.inventory import Inventory, Warranty
from config.settings import Settings
from config.units import DAY

EndingKind = Literal[
    "deadline",
    "notice",
    "contract",
    "licence_notice",
    "licence_renewal",
    "licence",
    "warranty",
    "certificate",
    "acceptance",
    "restore",
    "failover",
]
Stage = Literal["later", "info", "warning", "critical"]
Limits = Sequence[tuple[Stage, float]]  # worst first, with the seconds left from which it begins

BEGIN_HOUR = 8
# 9999-12-31: a certificate that never ends (RFC 5280, 4.1.2.5); whoever reckons with the day before has a day after.
NO_EXPIRY = datetime(9999, 12, 30, tzinfo=UTC).timestamp()
MAX_WARRANTIES = 500  # days and sites; the nearest ones
MODELS_NAMED = 3
# Devices of the register without a site that is configured.
UNPLACED = Subject("daemon", "assets")
# Nobody can give notice any more: a fact, no matter how near the end is.
_MISSED: Limits = (("info", math.inf),)


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing and its last day. ``id`` is its own within the kind and stays as long as the thing and its day do.

    ``days_left``: from the local day of the look, negative once it is over. ``stage``: how urgent by the rule's
    options, as its alert is. ``reminders``: days before ``day`` at which a stage begins, longest first.
    """

    kind: EndingKind
    id: str
    subject: Subject
    name: str
    day: date
    days_left: int
    stage: Stage
    reminders: tuple[int, ...]
    site: str | None = None
    what_to_do: str | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """The local day, and the day as far as reminders go: that one begins at 08:00."""

    day: date
    reminded: date
    zone: ZoneInfo

    @classmethod
    def of(cls, now: float, settings: Settings) -> Today:
        """Return both days of a moment (seconds since the epoch)."""
        zone = ZoneInfo(settings.municipality.timezone)
        local = datetime.fromtimestamp(now, zone)
        today = local.date()
        return cls(today, today if local.hour >= BEGIN_HOUR else today - timedelta(days=1), zone)

    def until(self, day: date) -> int:
        """Return the days left; negative once the day is over."""
        return (day - self.day).days

    def stage(self, day: date, limits: Limits) -> Stage:
        """Return how urgent a day is."""
        left = (day - self.reminded).days * DAY
        for stage, seconds in limits:
            if left <= seconds:
                return stage
        return "later"


def endings(inventory: Inventory, settings: Settings, view: View) -> tuple[Ending, ...]:
    """Return what runs out or has, by day; of warranties only those to come, at most ``MAX_WARRANTIES``."""
    listing = Listing(inventory, settings, Today.of(view.now, settings))
    found = (
        *listing.deadlines(),
        *listing.contracts(),
        *listing.licences(),
        *listing.warranties(),
        *listing.certificates(view),
        *listing.acceptances(),
        *listing.restores(),
        *listing.failovers(),
    )
    return tuple(sorted(found, key=lambda ending: (ending.day, ending.kind, ending.id)))


@dataclass(frozen=True, slots=True)
class Listing:
    """What runs out, seen from one day."""

    inventory: Inventory
    settings: Settings
    today: Today

    @property
    def words(self) -> Words:
        """The municipality's language."""
        return Words(self.settings.municipality.language)

    def deadlines(self) -> Iterator[Ending]:
        """Yield the entries of ``deadlines:``."""
        limits = self._limits()
        for key, entry in self.inventory.deadlines.items():
            timing = self._timing(entry.expires, limits)
            subject, name = Subject("deadline", key), entry.name or key
            yield Ending("deadline", key, subject, name, *timing, entry.site, entry.what_to_do)

    def contracts(self) -> Iterator[Ending]:
        """Yield the ends of contracts and, until then, the last days on which notice can be given."""
        limits = self._limits()
        for key, contract in self.inventory.contracts.items():
            if contract.ends is not None:
                subject, name = Subject("contract", key), contract.provider
                if name.casefold() != key.casefold():
                    name = self.words.say("provider", provider=name, id=key)
                last = last_notice(contract.ends, contract.notice)
                if last is not None and self.today.day <= contract.ends:
                    timing = self._timing(last, self._notice(last, limits))
                    yield Ending("notice", key, subject, name, *timing, None, self.words.say("do_notice"))
                timing = self._timing(contract.ends, limits)
                yield Ending("contract", key, subject, name, *timing, None, self.words.say("do_contract"))

    def licences(self) -> Iterator[Ending]:
        """Yield the ends of licences' terms and, until then, the last days on which notice can be given.

        A licence with a notice renews by itself, which is never critical: its end is worth a note.
        """
        limits, milder = self._limits(), self._limits()[1:]
        for one in renewals(self.inventory):
            name, subject, last = one.name(self.words), Subject("licence", one.id), last_notice(one.renews, one.notice)
            if last is not None and self.today.day <= one.renews:
                timing, advice = self._timing(last, self._notice(last, milder)), self.words.say("do_licence_notice")
                yield Ending("licence_notice", one.id, subject, name, *timing, one.site, advice)
            kind: EndingKind = "licence" if last is None else "licence_renewal"
            timing = self._timing(one.renews, limits if last is None else milder[1:])
            yield Ending(kind, one.id, subject, name, *timing, one.site, self.words.say(f"do_{kind}"))

    def _notice(self, last: date, limits: Limits) -> Limits:
        return limits if self.today.reminded <= last else _MISSED

    def warranties(self) -> Iterator[Ending]:
        """Yield warranties that are not over, those of one site and day as one; the nearest ``MAX_WARRANTIES``."""
        options = options_of(self.settings, WARRANTY_ENDING, WarrantyOptions)
        limits: Limits = (("info", options.info),)
        advice = self.words.say("do_warranty")
        for one in islice(coming(self.inventory, self.today.day), MAX_WARRANTIES):
            subject = placed(one)
            name, key = models(one, self.words), f"{subject.kind}-{subject.id}-{one.until}"
            yield Ending("warranty", key, subject, name, *self._timing(one.until, limits), one.site, advice)

    def certificates(self, view: View) -> Iterator[Ending]:
        """Yield the first end of each certificate chain that a probe saw; ``certificate_expiring`` alerts on it."""
        options = options_of(self.settings, CERTIFICATE_EXPIRING, CertificateOptions)
        limits: Limits = (("critical", options.critical), ("warning", options.warning))
        first: dict[Subject, float] = {}
        sites: dict[Subject, str | None] = {}
        for series in view.series(EARLIEST_EXPIRY):
            first[series.subject] = min(series.value, first.get(series.subject, math.inf))
            sites[series.subject] = series.site
        for subject, expires in first.items():
            day = self._local_day(expires)
            if day is not None:
                key, name = f"{subject.kind}-{subject.id}", name_of(self.inventory, subject)
                advice = self.words.say("do_certificate")
                yield Ending("certificate", key, subject, name, *self._timing(day, limits), sites[subject], advice)

    def acceptances(self) -> Iterator[Ending]:
        """Yield the ends of ``alerting.accept``; then the finding alerts again."""
        options = options_of(self.settings, DEADLINE_NEAR, DeadlineOptions)
        limits: Limits = (("warning", options.warning), ("info", options.info))
        for accepted in self.settings.alerting.accept:
            given = accepted.match.model_dump(exclude_none=True)
            key = hashlib.sha256(repr((given, accepted.until)).encode()).hexdigest()[:16]
            subject = accepted_subject(accepted.match, self.inventory)
            name, advice = ", ".join(given.values()), self.words.say("do_acceptance", reason=accepted.reason)
            timing = self._timing(accepted.until, limits)
            yield Ending("acceptance", key, subject, name, *timing, accepted.match.site, advice)

    def restores(self) -> Iterator[Ending]:
        """Yield the days by which restores must be tested again; ``restore_test_due`` alerts on them."""
        limits, advice = retest_limits(self.settings, RESTORE_TEST_DUE), self.words.say("do_restore")
        for key, service in self.inventory.services.items():
            terms = service.heartbeat
            day = None if terms is None else self._retest(terms.restore_tested, terms.restore_every)
            if day is not None:
                subject, name = Subject("service", key), service.name or key
                yield Ending("restore", key, subject, name, *self._timing(day, limits), service.site, advice)

    def failovers(self) -> Iterator[Ending]:
        """Yield the days by which switch-overs must be tested again; ``failover_test_due`` alerts on them."""
        limits, advice = retest_limits(self.settings, FAILOVER_TEST_DUE), self.words.say("do_failover")
        for key, one in self.inventory.functions.items():
            day = self._retest(one.failover_tested, one.test_every)
            if day is not None:
                subject, name = Subject("function", key), one.name or key
                yield Ending("failover", key, subject, name, *self._timing(day, limits), None, advice)

    def _retest(self, tested: date | None, every: float | None) -> date | None:
        """Return the day by which to test again; None where no test was made, or on a day that is still to come."""
        if tested is None or every is None or tested > self.today.day:
            return None
        return next_test(tested, every)

    def _limits(self) -> Limits:
        options = options_of(self.settings, DEADLINE_NEAR, DeadlineOptions)
        return (("critical", options.critical), ("warning", options.warning), ("info", options.info))

    def _timing(self, day: date, limits: Limits) -> tuple[date, int, Stage, tuple[int, ...]]:
        """Return day, days left, stage and reminders of an ending."""
        reminders = sorted({int(seconds // DAY) for _, seconds in limits if 0 <= seconds < math.inf}, reverse=True)
        return day, self.today.until(day), self.today.stage(day, limits), tuple(reminders)

    def _local_day(self, timestamp: float) -> date | None:
        """Return the day of a moment; None where it is none on which anything runs out."""
        return datetime.fromtimestamp(timestamp, self.today.zone).date() if 0 <= timestamp < NO_EXPIRY else None


def last_notice(ends: date, notice: float | None) -> date | None:
    """Return the last day on which notice can be given, ``notice`` in seconds; parts of days count as whole ones."""
    if not notice:
        return None
    return date.fromordinal(max(ends.toordinal() - math.ceil(notice / DAY), date.min.toordinal()))


def next_test(tested: date, every: float) -> date:
    """Return the day by which to test again, ``every`` in seconds; parts of days count as whole ones."""
    return date.fromordinal(min(tested.toordinal() + math.ceil(every / DAY), date.max.toordinal()))


def retest_limits(settings: Settings, rule: str) -> Limits:
    """Return when a reminder of a test begins, by the rule's options; once its day is over it is a warning."""
    return (("warning", -DAY), ("info", options_of(settings, rule, RetestOptions).info))


def coming(inventory: Inventory, today: date) -> Iterator[Warranty]:
    """Yield the warranties that end today or later, by day."""
    files = [file.warranties for file in inventory.assets]
    ahead = [one[bisect_left(one, today, key=lambda warranty: warranty.until) :] for one in files]
    return merge(*ahead, key=lambda warranty: warranty.until)


def placed(warranty: Warranty) -> Subject:
    """Return what a finding about the warranty is about: its site, or the daemon where the register names none."""
    return UNPLACED if warranty.site is None else Subject("site", warranty.site)


def models(warranty: Warranty, words: Words) -> str:
    """Return ``20 × iPad 9, 8 × ThinkPad L14 (and 3 more)``."""
    named = [words.say("models", count=count, model=model) for model, count in warranty.models[:MODELS_NAMED]]
    others = sum(count for _, count in warranty.models[MODELS_NAMED:])
    text = ", ".join(named)
    return words.say("more", text=text, count=others) if others else text

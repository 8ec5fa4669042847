"""Do the seats of licences suffice? Held and used are as configured, or as a cloud service counts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

from agent.contract import Finding, FindingKey, Measure, Severity, Subject
from agent.estate import LicenceState
from agent.risk.catalogue.licences import LICENCE_LAPSED, LICENCE_NOT_COUNTED, LICENCE_SEATS_SHORT, SeatsOptions
from agent.risk.rule import options_of
from agent.risk.sight import AT_ONCE, Outcome, Sight
from agent.tallies import LICENCE_COST, LICENCE_SEATS, LICENCE_USED
from config.inventory import Licence

SKU_SEATS = "ringwacht_cloud_licence_seats"
SKU_USED = "ringwacht_cloud_licence_seats_used"
SKU_IN_GRACE = "ringwacht_cloud_licence_seats_in_grace"
SKU_SUSPENDED = "ringwacht_cloud_licence_seats_suspended"
SKUS_NAMED = 10
MOST_SEATS = 1e9


Standing = Literal["unknown", "fits", "near", "over", "lapsing", "suspended"]


class Counted(NamedTuple):
    """What a source says of one product: its name there, seats by family, and when (seconds since the epoch)."""

    sku: str
    seats: Mapping[str, int]
    at: float


Counts = Mapping[str, Mapping[str, Counted]]  # by source, then by the name of the product, folded


def judge_licences(sight: Sight) -> Iterator[Outcome | None]:
    """Yield state, figures and findings of each licence."""
    counts = _counts(sight)
    for number, (name, licence) in enumerate(sight.inventory.licences.items(), start=1):
        yield from _Judged(sight, name, licence, counts).outcomes()
        if number % AT_ONCE == 0:
            yield None


def _counts(sight: Sight) -> Counts:
    """Gather what the sources count; what is no number of seats is not known."""
    found: dict[str, dict[str, Counted]] = {}
    for family in (SKU_SEATS, SKU_USED, SKU_IN_GRACE, SKU_SUSPENDED):
        for series in sight.view.series(family):
            if 0 <= series.value <= MOST_SEATS:
                sku = series.labels.get("sku", "")
                of_source = found.setdefault(series.subject.id, {})
                before = of_source.get(sku.casefold(), Counted(sku, {}, series.at))
                of_source[sku.casefold()] = before._replace(seats={**before.seats, family: int(series.value)})
    return found


class _Judged:
    """One licence at one look."""

    def __init__(self, sight: Sight, name: str, licence: Licence, counts: Counts) -> None:
        self.sight = sight
        self.licence = licence
        self.known = counts.get(licence.source or "", {})
        self.subject = Subject("licence", name)
        self.title = licence.name or licence.product
        counted = self.known.get((licence.sku or "").casefold())
        self.told: Mapping[str, int] = {} if counted is None else counted.seats
        seats = self.told.get(SKU_SEATS) if licence.seats is None else licence.seats
        used = self.told.get(SKU_USED) if licence.source is not None else licence.used
        rule = options_of(sight.settings, LICENCE_SEATS_SHORT, SeatsOptions).above
        self.above = rule if licence.above is None else licence.above
        grace, suspended = self.told.get(SKU_IN_GRACE), self.told.get(SKU_SUSPENDED)
        state = LicenceState(name, seats, used, None if counted is None else counted.at, grace, suspended)
        self.state = replace(state, state=self._standing(state))
        self.counted = counted is not None

    def _standing(self, state: LicenceState) -> Standing:
        """Return how the seats stand; those at the source count whatever is configured."""
        if state.seats is None or state.used is None:
            return "unknown"
        working = self.told.get(SKU_SEATS)
        if working is not None and state.suspended and state.used > working:
            return "suspended"
        if working is not None and state.in_grace and state.used > working - state.in_grace:
            return "lapsing"
        if state.used <= self.above * state.seats:
            return "fits"
        return "over" if state.used > state.seats else "near"

    def outcomes(self) -> Iterator[Outcome]:
        """Yield everything there is to say of it."""
        yield self.state
        yield from self._figures()
        if self.licence.source is not None and not self.counted:
            yield from self._not_counted()
        elif self.state.seats is not None and self.state.used is not None:
            yield from self._short(self.state.seats, self.state.used)
            yield from self._lapsed(self.state.used)
        elif self.licence.source is not None:
            yield from self._unknown()

    def _figures(self) -> Iterator[Measure]:
        figures = {
            LICENCE_SEATS: self.state.seats,
            LICENCE_USED: self.state.used,
            LICENCE_COST: self.licence.yearly_cost,
        }
        for family, value in figures.items():
            if value is not None:
                yield Measure(family, (self.subject.id,), float(value))

    def _not_counted(self) -> Iterator[Outcome]:
        """Say so where the source names its products and this is none of them; else nothing is known."""
        yield from self._unknown()
        if not any(SKU_SEATS in one.seats for one in self.known.values()):
            yield FindingKey(LICENCE_NOT_COUNTED, self.subject)
            return
        words, skus = self.sight.words, sorted(one.sku for one in self.known.values())
        summary = words.say(
            "licence_not_counted",
            name=self.title,
            source=self.licence.source or "",
            sku=self.licence.sku or "",
        )
        known = words.say("licence_known", skus=", ".join(words.few(skus, SKUS_NAMED)))
        yield Finding(LICENCE_NOT_COUNTED, self.subject, Severity.INFO, summary, (known,), site=self.licence.site)

    def _unknown(self) -> Iterator[FindingKey]:
        yield FindingKey(LICENCE_SEATS_SHORT, self.subject)
        yield FindingKey(LICENCE_LAPSED, self.subject)

    def _short(self, seats: int, used: int) -> Iterator[Outcome]:
        if self.state.state == "suspended":
            yield FindingKey(LICENCE_SEATS_SHORT, self.subject)  # told as what it is: nobody assigned too many
            return
        if used <= self.above * seats:
            return
        over = used > seats
        words, renews = self.sight.words, self.licence.renews
        summary = words.say(
            "licence_seats_over" if over else LICENCE_SEATS_SHORT, name=self.title, used=used, seats=seats
        )
        evidence = [words.say("licence_free", count=max(0, seats - used))]
        evidence += [] if renews is None else [words.say("licence_renews", day=words.day(renews))]
        severity = Severity.WARNING if over else Severity.INFO
        yield Finding(LICENCE_SEATS_SHORT, self.subject, severity, summary, tuple(evidence), site=self.licence.site)

    def _lapsed(self, used: int) -> Iterator[Finding]:
        state, words = self.state, self.sight.words
        if state.state not in {"lapsing", "suspended"}:
            return
        grace, suspended = state.in_grace or 0, state.suspended or 0
        working = self.told[SKU_SEATS]
        counts = {"enabled": max(0, working - grace), "grace": grace, "suspended": suspended, "used": used}
        if state.state == "suspended":
            summary = words.say("licence_suspended", name=self.title, suspended=suspended, missing=used - working)
        else:
            missing = used - counts["enabled"]
            summary = words.say("licence_lapsed", name=self.title, grace=grace, missing=missing)
        evidence = (words.say("licence_counts", **counts),)
        yield Finding(LICENCE_LAPSED, self.subject, Severity.WARNING, summary, evidence, site=self.licence.site)

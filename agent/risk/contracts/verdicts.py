"""How contracts stand: accounts, figures, and what is missed or soon will be. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from agent.contract import Finding, FindingKey, Measure, Severity, Subject
from agent.estate import Account, BadDay, ContractState, LineRate
from agent.risk.catalogue.contracts import CONTRACT_AT_RISK, CONTRACT_MISSED, BudgetOptions
from agent.risk.contracts.following import Followed
from agent.risk.contracts.provider import MOST_NAMES, called, terms
from agent.risk.contracts.track import STANDINGS
from agent.risk.rule import options_of
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from agent.tallies import (
    CONTRACT_AGREED,
    CONTRACT_AVAILABILITY,
    CONTRACT_BUDGET,
    CONTRACT_SECONDS,
    SERVICE_AVAILABILITY,
)
from config.contracts import Contract

MOST_DAYS = 31


class Owed(NamedTuple):
    """A thing that is owed, and how much of the month's error budget it has used."""

    one: Followed
    month: Account
    allowed: float

    @property
    def used(self) -> float:
        """The share of the budget that is gone; 1 or more: missed."""
        if self.month.down_seconds <= 0:
            return 0.0
        return self.month.down_seconds / self.allowed if self.allowed else float("inf")


def figures_of(one: Followed) -> Iterator[Measure]:
    """Yield the figures of the account of a service or link."""
    for period, account in zip(("month", "year"), one.accounts or (), strict=False):
        if one.subject.kind == "service" and account.availability is not None:
            yield Measure(SERVICE_AVAILABILITY, (one.subject.id, period), account.availability)
        if one.contract is None:
            continue
        labels = (one.contract, str(one.subject), period)
        if account.availability is not None:
            yield Measure(CONTRACT_AVAILABILITY, labels, account.availability)
        for part in STANDINGS:
            yield Measure(CONTRACT_SECONDS, (*labels, part), getattr(account, f"{part}_seconds"))


def judge_contract(
    sight: Sight, name: str, followed: Sequence[Followed], rates: Mapping[str, LineRate]
) -> Iterator[Outcome]:
    """Yield how a contract stands by the accounts of what is owed under it, its figures, and what is found of it."""
    contract = sight.inventory.contracts[name]
    month = {one.subject: one.accounts[0] for one in followed if one.accounts is not None}
    year = {one.subject: one.accounts[1] for one in followed if one.accounts is not None}
    days = tuple(sorted(_bad_days(sight, followed), key=lambda one: (one.day, one.subject)))
    owed = tuple(_owed(sight, contract, followed))
    missed = any(one.used >= 1 for one in owed) if _judged(owed) else None
    before = {one.subject: one.last_month for one in followed if one.last_month is not None}
    yield ContractState(name, month, year, missed, days, tuple(rates.values()), before)
    if contract.availability is not None:
        yield Measure(CONTRACT_AGREED, (name,), contract.availability)
        budgets = [one.month.budget_seconds for one in owed if one.month.budget_seconds is not None]
        if budgets and missed is not None:
            yield Measure(CONTRACT_BUDGET, (name,), min(budgets))
        yield from _judge_budget(sight, name, owed, days)


def _owed(sight: Sight, contract: Contract, followed: Sequence[Followed]) -> Iterator[Owed]:
    if contract.availability is None:
        return
    for one in followed:
        if contract.ends is not None and one.days.hours.day_of(sight.view.now) > contract.ends:
            continue  # nothing is owed any more
        if one.accounts is not None:
            hours = one.days.hours
            allowed = hours.allowed_in_month(hours.day_of(sight.view.now), contract.availability)
            yield Owed(one, one.accounts[0], allowed)


def _judged(owed: Sequence[Owed]) -> bool:
    """Whether anything was seen of it this month."""
    return any(one.month.availability is not None for one in owed)


def _bad_days(sight: Sight, followed: Sequence[Followed]) -> Iterator[BadDay]:
    """Of the calendar month before and of this one."""
    now = sight.view.now
    for one in followed:
        before = one.days.hours.day_of(now).replace(day=1) - timedelta(days=1)
        yield from one.days.bad_days(one.subject, before.replace(day=1), now)


def _judge_budget(sight: Sight, name: str, owed: Sequence[Owed], days: Sequence[BadDay]) -> Iterator[Outcome]:
    """Yield at most one of missed and at risk; a month of which nothing was seen is neither.

    One of which no service time has passed yet is good so far.
    """
    share = options_of(sight.settings, CONTRACT_AT_RISK, BudgetOptions).used
    gone = [one for one in owed if one.used >= 1]
    short = [one for one in owed if one.used >= share]
    if not any(one.month.service_seconds for one in owed):
        return
    if not _judged(owed):
        yield from unjudged(name)
    elif gone:
        yield _finding(sight, CONTRACT_MISSED, name, gone, days)
    elif short:
        yield _finding(sight, CONTRACT_AT_RISK, name, short, days)


def unjudged(name: str) -> Iterator[FindingKey]:
    """Yield what could not be judged of a contract."""
    for rule in (CONTRACT_MISSED, CONTRACT_AT_RISK):
        yield FindingKey(rule, Subject("contract", name))


def _finding(sight: Sight, rule: str, name: str, owed: Sequence[Owed], days: Sequence[BadDay]) -> Finding:
    words, contract = sight.words, sight.inventory.contracts[name]
    things = words.joined(words.few([called(sight, one.one.subject) for one in owed], MOST_NAMES))
    agreed = contract.availability or 0.0
    used = options_of(sight.settings, CONTRACT_AT_RISK, BudgetOptions).used
    share = {"agreed": _percent(sight, agreed)} if rule == CONTRACT_MISSED else {"used": sight.words.percent(used)}
    said = words.say(rule, name=_named(contract, name), things=things, **share)
    accounts = (_account(sight, one, _decimals(agreed)) for one in owed[:MOST_NAMES])
    month = owed[0].one.days.hours.day_of(sight.view.now).replace(day=1)
    evidence = (*accounts, *_days(sight, [one for one in days if one.day >= month]), *terms(sight, contract))
    return Finding(rule, Subject("contract", name), Severity.INFO, said, evidence, norm=RULES[rule].norm)


def _named(contract: Contract, name: str) -> str:
    return contract.provider if contract.provider == name else f"{contract.provider} ({name})"


def _account(sight: Sight, one: Owed, decimals: int) -> str:
    words = sight.words
    return words.say(
        "contract_thing",
        name=called(sight, one.one.subject),
        down=words.span(one.month.down_seconds),
        allowed=words.span(one.allowed),
        ratio=_percent(sight, one.month.availability or 0.0, decimals),
    )


def _days(sight: Sight, days: Sequence[BadDay]) -> Iterator[str]:
    words = sight.words
    for one in days[-MOST_DAYS:]:
        name = called(sight, one.subject)
        yield words.say("contract_day", day=words.day(one.day), name=name, down=words.span(one.down_seconds))


def _decimals(agreed: float) -> int:
    """Return how many decimals tell an agreed share of a hundred, and what was reached of it."""
    return next((count for count in range(2, 6) if abs(round(agreed * 100, count) - agreed * 100) < 1e-9), 6)


def _percent(sight: Sight, ratio: float, decimals: int | None = None) -> str:
    """Return a share, never rounded up to what was not reached."""
    shown = _decimals(ratio) if decimals is None else decimals
    scale = 10**shown
    value = round(ratio * 100 * scale, 3) // 1 / scale
    return sight.words.say("percent", value=sight.words.number(value, shown))

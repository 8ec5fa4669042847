"""Contracts and the services over time, as rows of tables. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from agent.contract import Subject
from agent.estate import Account, ContractState, LineRate, ServiceState, StateChange
from config.inventory import Contract
from exporters.web.alertlist import Namer
from exporters.web.estate.tables import TableRow, known
from exporters.web.words import Mark, Tone, clean

MAX_DAYS = 5  # with an outage, named one by one
MAX_CHANGES = 3
_AT_RISK = 0.25  # of the budget that is left

_SERVICES: Mapping[str, Tone] = {"up": "ok", "degraded": "warning", "down": "critical", "unknown": "unknown"}


def contract_rows(states: Mapping[str, ContractState], namer: Namer) -> Iterator[TableRow]:
    """Yield each contract under which anything is watched, with the worst that is owed under it."""
    for name, contract in namer.inventory.contracts.items():
        state = states.get(name)
        if state is None or not (state.month or state.rates):
            continue
        month, year = _worst(state.month.values()), _worst(state.year.values())
        budget = _least_budget(state.month.values())
        cells = (_availability(month, contract, namer), _availability(year, contract, namer), _budget(budget, namer))
        title = clean(f"{contract.provider} ({name})" if contract.provider.casefold() != name.casefold() else name)
        yield TableRow(title, _mark(state, contract, budget, namer), cells, tuple(_notes(state, contract, namer)))


def _worst(accounts: Iterable[Account]) -> Account | None:
    seen = [one for one in accounts if one.availability is not None]
    return min(seen, key=lambda one: one.availability or 0.0, default=None)


def _least_budget(accounts: Iterable[Account]) -> Account | None:
    """Return the account with the least left: another one than the worst where less was seen of it."""
    counted = [one for one in accounts if one.budget_seconds is not None]
    return min(counted, key=lambda one: one.budget_seconds or 0.0, default=None)


def _mark(state: ContractState, contract: Contract, least: Account | None, namer: Namer) -> Mark:
    words = namer.words
    if state.missed:
        return words.mark("info", "contract_missed")
    if any(one.availability is None for one in state.month.values()) or not state.month:
        return words.mark("unknown", "contract_unseen")
    if contract.availability is None:
        return words.mark("ok", "contract_no_term")
    if state.missed is None or least is None:
        return words.mark("unknown", "contract_unseen")
    allowed = least.service_seconds * (1 - contract.availability)
    near = allowed > 0 and (least.budget_seconds or 0.0) < _AT_RISK * allowed
    return words.mark("info" if near else "ok", "contract_kept")


def _availability(account: Account | None, contract: Contract, namer: Namer) -> str:
    words = namer.words.words
    if account is None or account.availability is None:
        return "–"
    measured = f"{words.number(math.floor(100_000 * account.availability) / 1000, 3)} %"  # never better than it was
    if contract.availability is None:
        return measured
    return namer.words.say("agreed", measured=measured, agreed=f"{words.number(100 * contract.availability, 2)} %")


def _budget(account: Account | None, namer: Namer) -> str:
    if account is None or account.budget_seconds is None:
        return "–"
    words, left = namer.words, account.budget_seconds
    return words.say("budget_left" if left >= 0 else "budget_over", time=words.words.duration(abs(left)))


def _notes(state: ContractState, contract: Contract, namer: Namer) -> Iterator[str]:
    words = namer.words
    days = [one for one in state.bad_days if one.day >= words.today.replace(day=1)]
    if days:
        yield words.count("bad_days", len({day.day for day in days}))
    for day in days[-MAX_DAYS:]:
        spelt, lost = words.words.day(day.day), words.words.duration(day.down_seconds)
        yield clean(f"{spelt}: {namer.subject(day.subject)}, {lost}")
    yield from (_rate(one, namer) for one in state.rates)
    if contract.hotline is not None:
        yield clean(f"{words.labels['hotline']}: {contract.hotline}")


def _rate(rate: LineRate, namer: Namer) -> str:
    delivered = known(rate.delivered_down, lambda value: _megabits(value, namer))
    link, contracted = namer.subject(Subject("link", rate.link)), _megabits(rate.contracted_down, namer)
    return clean(namer.words.say("line_rate", link=link, delivered=delivered, contracted=contracted))


def _megabits(value: float, namer: Namer) -> str:
    return f"{namer.words.words.number(value / 1e6)} Mbit/s"


def service_rows(states: Mapping[str, ServiceState], namer: Namer) -> Iterator[TableRow]:
    """Yield each service with what it went through lately."""
    for name, service in namer.inventory.services.items():
        state = states.get(name)
        if state is None:
            continue
        tone = _SERVICES[state.state] if service.critical or state.state != "down" else "warning"
        mark = namer.words.mark(tone, state.state)
        since = known(state.since, lambda at: namer.words.moment("since", at).text)
        lately = tuple(_change(one, namer) for one in state.history[:MAX_CHANGES])
        yield TableRow(clean(service.name or name), mark, (since, clean(service.contract or "–")), lately)


def _change(change: StateChange, namer: Namer) -> str:
    words = namer.words
    at = words.local(change.at)
    why = f", {change.why}" if change.why else ""
    return clean(f"{at}: {words.say(f'standing_{change.state}')}{why}")

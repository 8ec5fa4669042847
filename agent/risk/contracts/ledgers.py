"""All accounts as last worked out: of everything each minute, of what changed at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from agent.contract import Subject
from agent.estate import LineRate
from agent.risk.contracts.following import Followed
from agent.risk.contracts.rates import LineBook
from agent.risk.contracts.verdicts import figures_of, judge_contract
from agent.risk.sight import Outcome, Sight

ACCOUNTS_SECONDS = 60.0
KEPT_SECONDS = 2 * 366 * 86400.0


class Accounts:
    """What is owed, contract by contract, and what of that is found, shown and published."""

    def __init__(self) -> None:
        self._units: dict[str, list[Followed]] = {}  # by contract; what nobody owes by itself
        self._unit_of: dict[Subject, str] = {}
        self._kept: dict[str, tuple[Outcome, ...]] = {}
        self._touched: set[str] = set()
        self._accounted: float | None = None
        self._lines = LineBook()
        self._low: tuple[Outcome, ...] = ()

    def touch(self, subject: Subject) -> None:
        """Make the account of it anew at this look."""
        unit = self._unit_of.get(subject)
        if unit is not None:
            self._touched.add(unit)

    def reconfigure(self, sight: Sight, known: Iterable[Followed]) -> None:
        """Begin anew with what is followed now."""
        self._units = {f"contract:{name}": [] for name in sight.inventory.contracts}
        for one in known:
            unit = str(one.subject) if one.contract is None else f"contract:{one.contract}"
            self._units.setdefault(unit, []).append(one)
        self._unit_of = {one.subject: unit for unit, mine in self._units.items() for one in mine}
        self._kept, self._accounted = {}, None

    def look(self, sight: Sight) -> Iterator[None]:
        """Make anew what is due; pauses wherever the loop may turn."""
        now = sight.view.now
        self._lines.note(sight)
        all_due = self._accounted is None or not 0 <= now - self._accounted < ACCOUNTS_SECONDS
        due = tuple(self._units) if all_due else tuple(self._touched)
        rates = self._lines.rates(sight) if due else {}
        for unit in due:
            yield from self._account(sight, unit, rates)
            self._touched.discard(unit)
        if all_due:
            for one in chain.from_iterable(self._units.values()):
                one.days.forget(now - KEPT_SECONDS)
            self._low = tuple(self._lines.judge(sight, rates))
            self._accounted = now

    def kept(self) -> Iterator[Outcome]:
        """Yield what was last found."""
        for unit in self._units:
            yield from self._kept.get(unit, ())
        yield from self._low

    def _account(self, sight: Sight, unit: str, rates: dict[str, LineRate]) -> Iterator[None]:
        found, mine = list[Outcome](), self._units[unit]
        kind, _, name = unit.partition(":")
        contract = sight.inventory.contracts[name] if kind == "contract" else None
        for one in mine:
            one.work_out(sight.view.now, None if contract is None else contract.availability)
            found.extend(figures_of(one))
            yield None
        if contract is not None:
            own = {link: rate for link, rate in rates.items() if sight.inventory.links[link].contract == name}
            found.extend(judge_contract(sight, name, mine, own))
        self._kept[unit] = tuple(found)

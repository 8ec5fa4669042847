"""One service or link that is followed: from where it stands to changes of state, each exactly once. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from agent.contract import Measure, Subject
from agent.estate import Account, ServiceState, StateChange
from agent.risk.contracts.accounts import DayBook
from agent.risk.contracts.hours import ServiceHours
from agent.risk.contracts.standing import UNKNOWN, Stand
from agent.risk.contracts.track import Track
from agent.tallies import SERVICE_STATE

HISTORY = 50  # changes that page and API show
# A failure counts from its first poll on, once it is confirmed; a verdict that takes longer is none.
PATIENCE_SECONDS = 120.0
# What caused a failure may be known a little later than the failure: then it held from the beginning.
ATTRIBUTION_SECONDS = 300.0
AFTER = 0.001  # seconds: this daemon still ran when it noted a change

_FAILING = frozenset({"down", "planned", "upstream"})
_STATES = ("up", "down", "degraded", "unknown")


class Followed:
    """A service or link, what is known of it for two years, and its account."""

    def __init__(
        self, subject: Subject, contract: str | None, track: Track, hours: ServiceHours, counted_from: float = 0.0
    ) -> None:
        """Begin with what is known of it; ``counted_from``: since when it is owed, seconds since the epoch."""
        self.subject = subject
        self.contract = contract
        self.days = DayBook(track, hours, counted_from)
        self.accounts: tuple[Account, Account] | None = None  # month and year to date, as last worked out
        self.last_month: Account | None = None
        self.stand = UNKNOWN
        self._doubted_since: float | None = None
        self._shown: tuple[object, tuple[ServiceState | Measure, ...]] | None = None

    @property
    def last(self) -> StateChange | None:
        """The last change; None: nothing is known."""
        return self.days.track.last

    @property
    def failing_since(self) -> float | None:
        """Since when it fails, for whatever reason (seconds since the epoch); None where it does not."""
        if self.last is None or self.last.state not in _FAILING:
            return None
        known = self.days.track.newest(HISTORY)
        return [*takewhile(lambda one: one.state in _FAILING, known)][-1].at

    @property
    def down_since(self) -> float | None:
        """Since when it is down by its provider's fault, times in which we were blind included; None where it is not.

        So a restart of this daemon does not make failures of many days begin together.
        """
        if self.last is None or self.last.state != "down":
            return None
        known = takewhile(lambda one: one.state in {"down", "blind"}, self.days.track.newest(HISTORY))
        return [one.at for one in known if one.state == "down"][-1]

    def advance(self, stand: Stand, now: float) -> StateChange | None:
        """Return the change that it is to stand so at ``now`` (seconds since the epoch), or None."""
        last, self.stand = self.last, stand
        if stand.standing is None:
            return self._doubt(last, now)
        self._doubted_since = None
        if last is not None and last.state == stand.standing:
            return None
        why = "" if stand.standing == "up" else stand.why
        return self.put(StateChange(_begin(last, stand, now), self.subject, stand.standing, why, stand.cause))

    def _doubt(self, last: StateChange | None, now: float) -> StateChange | None:
        """Wait for the verdict; what cannot be told for long could not be told from the start."""
        if last is None or last.state == "blind":
            return None
        since = now if self._doubted_since is None else min(self._doubted_since, now)
        self._doubted_since = since
        if now - since < PATIENCE_SECONDS:
            return None
        return self.put(StateChange(max(since, last.at), self.subject, "blind"))

    def blind(self, since: float) -> StateChange | None:
        """Return the change that nothing could be told from then on, unless that is known."""
        if self.last is None or self.last.state == "blind":
            return None
        return self.put(StateChange(max(since, self.last.at + AFTER), self.subject, "blind"))

    def back_to(self, now: float) -> StateChange | None:
        """Return the change that takes back what lies after ``now``: the clock was set back."""
        last = self.last
        if last is None or last.at <= now:
            return None
        return self.put(StateChange(now, self.subject, last.state, last.why, last.cause))

    def work_out(self, now: float, availability: float | None) -> None:
        """Make its accounts anew."""
        self.accounts = self.days.month(now, availability), self.days.year(now)
        self.last_month = self.days.last_month(now, availability)

    def put(self, change: StateChange) -> StateChange:
        """Go on with it."""
        self.days.put(change)
        return change

    def shown(self) -> Iterator[ServiceState | Measure]:
        """Yield how the service stands, and its figures; made anew only where something changed."""
        key = (self.stand, self.last, self._doubted_since, self.accounts)
        if self._shown is None or self._shown[0] != key:
            self._shown = key, tuple(self._made())
        yield from self._shown[1]

    def _made(self) -> Iterator[ServiceState | Measure]:
        stand, name = self.stand, self.subject.id
        since = self._doubted_since
        if stand.standing is not None:
            since = self.failing_since or (None if self.last is None else self.last.at)
        month, year = self.accounts or (None, None)
        yield ServiceState(name, stand.state, since, stand.why, self.days.track.newest(HISTORY), month, year)
        for state in _STATES:
            yield Measure(SERVICE_STATE, (name, state), float(state == stand.state))


def _begin(last: StateChange | None, stand: Stand, now: float) -> float:
    """When it began to stand so: by its checks, unless something else is known of that time."""
    since = now if stand.since is None else min(stand.since, now)
    if last is None or since > last.at:
        return since
    if last.state == "down" and stand.standing == "upstream" and now - last.at <= ATTRIBUTION_SECONDS:
        return last.at
    return max(now, last.at)

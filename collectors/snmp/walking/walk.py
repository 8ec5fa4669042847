"""Walks that end: the daemon owns the walk, because no library stops one that loops (facts, failures F01 to F10).

A walk's OIDs must strictly increase; rows, octets, packets and time are capped. What a device taught is kept between
polls (lessons.py), and which subtree must be read column by column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from agent.contract import BadReply, CollectError, Reason, Unreachable
from collectors.snmp.modules.asking import ANYHOW, Asking
from collectors.snmp.oid import Value, is_under, not_increasing, parts
from collectors.snmp.transport.client import Page
from collectors.snmp.transport.failover import Conversation, Cursor
from collectors.snmp.transport.status import ErrorStatus
from collectors.snmp.walking.lessons import FORGET_AFTER_POLLS, Lesson, Lessons
from collectors.snmp.walking.sizes import LONGEST, MAX_OCTETS, MAX_POLL_OCTETS, shortened

MAX_REPETITIONS = 200
MAX_ROWS = 20_000
"""Rows of one subtree: a thousand interfaces with all their columns. More would hold up the other devices for more than
a tenth of a second, once, when their labels are made (F09)."""
HOPELESS_COLUMNS = 3
"""So many bad columns before any good one: the device answers nothing well, not one object badly."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one walk (``poll_octets``: of all of one poll), and what its profile knows of the device."""

    rows: int = MAX_ROWS
    octets: int = MAX_OCTETS
    poll_octets: int = MAX_POLL_OCTETS
    packets: int = 5_000
    bulk: bool = True
    unordered: bool = False
    repetitions: int = MAX_REPETITIONS
    no_bulk: tuple[str, ...] = ()
    """Subtrees of which the device answers a GETBULK wrongly, though it answers others well (F04)."""
    asking: Asking = ANYHOW
    """What module files say of their own subtrees."""


@dataclass(slots=True)
class Walked:
    """Rows of one subtree in one poll. Equal ``content`` means: the same OIDs in the same order as in the other poll.

    ``marks`` says the same of each packet. Both are hashes, so that no OID is kept from poll to poll. ``remark`` says
    why rows are missing at the end; it is empty where the walk came to its end. ``octets`` are
    those of the values' texts, and of new OIDs.
    """

    root: str
    content: int = 0
    marks: tuple[int, ...] = ()
    pages: list[Sequence[str]] = field(default_factory=list[Sequence[str]])
    values: list[Value] = field(default_factory=list[Value])
    remark: str = ""
    octets: int = 0

    @property
    def oids(self) -> list[str]:
        """All OIDs in order."""
        return [oid for page in self.pages for oid in page]


def as_walked(scalars: Mapping[str, Value]) -> Walked:
    """Return scalars in the form of a walk."""
    oids = tuple(scalars)
    return Walked("", hash(oids), (), [oids], list(scalars.values()))


class Disordered(BadReply):
    """The walk went back or stood still (F01)."""


class Walker:
    """Walks the subtrees of one device, one at a time; ``polls`` counts those begun."""

    def __init__(self, session: Conversation, limits: Limits) -> None:
        self._session = session
        self._limits = limits
        self._lessons = Lessons(self._ceiling, self._may_bulk)
        self._split: set[str] = set()
        self.polls = 0

    def beside(self, rows: int) -> Walker:
        """Return a walker for a table that is no part of the poll: with these rows at most, and the same lessons."""
        other = Walker(self._session, replace(self._limits, rows=min(rows, self._limits.rows)))
        other._lessons = self._lessons
        return other

    def begin_poll(self) -> None:
        """Count a poll; now and then forget what the device could not do."""
        self.polls += 1
        self._lessons.begin_poll(self.polls)
        if self.polls % FORGET_AFTER_POLLS == 0:
            self._split.clear()

    async def read(self, root: str, columns: Sequence[str]) -> tuple[list[Walked], dict[str, str]]:
        """Return the rows of a subtree, and of each column that could not be read why.

        A subtree that the device answers badly is read column by column from then on, so that one bad object costs only
        itself (F05, F28). Raises CollectError where nothing could be read.
        """
        if root not in self._split:
            try:
                walked = await self.walk(root)
                return [walked], _unread(walked, columns)
            except BadReply:
                if len(columns) < 2:
                    raise
                self._split.add(root)
        return await self._read_columns(columns)

    async def _read_columns(self, columns: Sequence[str]) -> tuple[list[Walked], dict[str, str]]:
        walks: list[Walked] = []
        failures: dict[str, str] = {}
        for column in columns:
            try:
                walks.append(walked := await self.walk(column))
                failures |= _unread(walked, [column])
            except BadReply as error:
                failures[column] = error.detail
                if not walks and len(failures) >= HOPELESS_COLUMNS:
                    raise
            except Unreachable:
                if walks or not failures:
                    raise
                raise BadReply(next(iter(failures.values()))) from None  # not silent, but of no use
        return walks, failures

    async def walk(self, root: str) -> Walked:
        """Return one subtree's rows, asking for fewer at a time until the device can answer. Raises CollectError."""
        lesson = self._lessons.of(root)
        while True:
            try:
                walked = await self._pages(root, lesson)
            except Disordered:
                raise
            except CollectError as error:
                if error.reason not in {Reason.TIMEOUT, Reason.BAD_REPLY} or self._session.is_over:
                    raise
                if not self._lessons.failed(lesson, silent=error.reason is Reason.TIMEOUT):
                    raise
            else:
                self._lessons.learn(lesson, walked)
                walked.content = lesson.content
                return walked

    def _may_bulk(self, root: str) -> bool:
        limits = self._limits
        return limits.bulk and self._session.knows_bulk and not any(is_under(root, one) for one in limits.no_bulk)

    def _ceiling(self, root: str) -> int:
        return self._limits.asking.repetitions(root, self._limits.repetitions)

    def _is_unordered(self, root: str) -> bool:
        return self._limits.unordered or self._limits.asking.is_loose(root)

    async def _pages(self, root: str, lesson: Lesson) -> Walked:
        """Walk once. The common case, a page equal to the last poll's, costs one hash; the rest is checked."""
        cursor = self._session.cursor(root, lesson.size.repetitions)
        walked, marks, known = Walked(root), list[int](), lesson.marks
        seen: set[str] = set()  # where the order of the rows says nothing
        changed, ended = self._is_unordered(root), False
        while not ended:
            before = self._session.octets
            rows = await self._page(walked, lesson, cursor)
            if rows and rows[-1] is None:
                ended = True
                del rows[-1]
            elif not rows:
                raise BadReply(f"{root}: an answer without rows (tooBig, genErr)")
            ended = self._cut_at_cap(walked, rows) or ended
            if rows:
                oids, values = _columns(rows)
                mark = hash(oids)
                if changed or len(marks) >= len(known) or known[len(marks)] != mark:
                    changed = True
                    oids, values, looped = self._checked(walked, seen, oids, values)
                    ended = ended or looped
                    walked.octets += sum(map(len, oids))
                marks.append(mark)
                walked.pages.append(oids)
                walked.values += self._weighed(walked, values, self._session.octets - before)
                ended = ended or bool(walked.remark)
        walked.marks = tuple(marks)
        return walked

    async def _page(self, walked: Walked, lesson: Lesson, cursor: Cursor) -> Page:
        """Ask for the next rows. Whether there are any is asked by GETNEXT: of none GETBULK may cost two packets."""
        root, repetitions = walked.root, lesson.size.repetitions
        try:
            if lesson.bulk and (walked.pages or not (lesson.empty or lesson.dead)):
                return await self._session.bulk(cursor, f"{root} x{repetitions}")
            page = await self._session.next(cursor, f"{root} next")
        except ErrorStatus as error:
            raise BadReply(f"{root}: {error.detail}") from error
        lesson.dead = False
        return page

    def _weighed(self, walked: Walked, values: Sequence[Value], octets: int) -> Sequence[Value]:
        """Return a page's values; where answers make too much of it, the walk ends with them, and says so (F09)."""
        walked.octets += octets
        if walked.octets > self._limits.octets or self._session.octets > self._limits.poll_octets:
            walked.remark = f"{walked.root}: truncated at {len(walked.values) + len(values)} rows: too many octets"
        return shortened(values) if octets > LONGEST else values

    def _cut_at_cap(self, walked: Walked, rows: Page) -> bool:
        """Take away what goes beyond the caps (F09); True where the walk ends here, and says that it is not all."""
        room = self._limits.rows - len(walked.values) if len(walked.pages) < self._limits.packets else 0
        if len(rows) <= room:
            return False
        del rows[room:]
        walked.remark = f"{walked.root}: truncated at {len(walked.values) + len(rows)} rows"
        return True

    def _checked(
        self, walked: Walked, seen: set[str], oids: Sequence[str], values: Sequence[Value]
    ) -> tuple[Sequence[str], Sequence[Value], bool]:
        """Return the rows of a page that are new, and whether the walk has come round. Raises Disordered."""
        if self._is_unordered(walked.root):
            fresh = dict[str, Value]()
            for oid, value in zip(oids, values, strict=True):
                if oid not in seen:
                    fresh.setdefault(oid, value)
            seen.update(fresh)
            return tuple(fresh), tuple(fresh.values()), len(fresh) < len(oids)
        before = walked.pages[-1][-1] if walked.pages else walked.root
        for oid in oids:
            if parts(oid) <= parts(before):
                raise Disordered(not_increasing(walked.root, oid, before))
            before = oid
        return oids, values, False


def _unread(walked: Walked, columns: Sequence[str]) -> dict[str, str]:
    """Return which columns a truncated walk did not read, or not whole: all from that of its last row on."""
    if not walked.remark:
        return {}
    last = parts(next(reversed(walked.oids), ""))
    return {column: walked.remark for column in columns if parts(column) >= last[: len(parts(column))]}


def _columns(rows: Page) -> tuple[Sequence[str], Sequence[Value]]:
    oids, values = zip(*cast("list[tuple[str, Value]]", rows), strict=True)
    return oids, values

"""Walks that end: the daemon owns the walk, because no library stops one that loops (facts, failures F01 to F10).

A walk's OIDs must strictly increase; rows, packets and time are capped. A device's lessons are kept between polls: how
many rows fit into its answer, whether it knows GETBULK, which subtree must be read column by column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import ceil
from typing import cast

from agent.contract import BadReply, CollectError, Reason, Unreachable
from collectors.snmp.asking import ANYHOW, Asking
from collectors.snmp.client import Page
from collectors.snmp.failover import Conversation
from collectors.snmp.oid import Value, encoded_size, is_under, not_increasing, parts
from collectors.snmp.status import ErrorStatus

FIRST_REPETITIONS = 25
MAX_REPETITIONS = 200
MAX_ROWS = 20_000
"""Rows of one subtree: a thousand interfaces with all their columns. More would hold up the other devices for more than
a tenth of a second, once, when their labels are made (F09)."""
REPLY_BYTES = 3400
"""Size of answer aimed at: gufo-snmp 0.13 drops what is larger than about 4 kB (F16)."""
HOPELESS_COLUMNS = 3
"""So many bad columns before any good one: the device answers nothing well, not one object badly."""
FORGET_AFTER_POLLS = 1000
"""What a device could not do is tried again after so many polls (F03, F04)."""
REGROW_POLLS = 100
"""A device that could not answer many rows is asked for somewhat more after so many polls (F03)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one walk, and what its profile knows of the device."""

    rows: int = MAX_ROWS
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
    why rows are missing at the end; it is empty where the walk came to its end.
    """

    root: str
    content: int = 0
    marks: tuple[int, ...] = ()
    pages: list[Sequence[str]] = field(default_factory=list[Sequence[str]])
    values: list[Value] = field(default_factory=list[Value])
    remark: str = ""

    @property
    def oids(self) -> list[str]:
        """All OIDs in order."""
        return [oid for page in self.pages for oid in page]


def as_walked(scalars: Mapping[str, Value]) -> Walked:
    """Return scalars in the form of a walk."""
    oids = tuple(scalars)
    return Walked("", hash(oids), (), [oids], list(scalars.values()))


@dataclass(slots=True)
class Lesson:
    """What earlier polls taught about one subtree."""

    repetitions: int
    ceiling: int
    bulk: bool
    content: int = 0
    marks: tuple[int, ...] = ()


class Disordered(BadReply):
    """The walk went back or stood still (F01)."""


class Walker:
    """Walks the subtrees of one device, one at a time; ``polls`` counts those begun."""

    def __init__(self, session: Conversation, limits: Limits) -> None:
        self._session = session
        self._limits = limits
        self._lessons: dict[str, Lesson] = {}
        self._split: set[str] = set()
        self._bulk_works: bool | None = None if limits.bulk else False
        self.polls = 0

    def begin_poll(self) -> None:
        """Count a poll; now and then forget what the device could not do."""
        self.polls += 1
        if self.polls % FORGET_AFTER_POLLS == 0:
            self._lessons.clear()
            self._split.clear()
            self._bulk_works = None if self._limits.bulk else False
        elif self.polls % REGROW_POLLS == 0:
            self._regrow()

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
                walks.append(await self.walk(column))
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
        lesson = self._lessons.get(root) or self._begin(root)
        while True:
            try:
                walked = await self._pages(root, lesson)
            except Disordered:
                raise
            except CollectError as error:
                if not self._ask_for_less(lesson, error.reason):
                    raise
            else:
                self._learn(lesson, walked)
                return walked

    def _learn(self, lesson: Lesson, walked: Walked) -> None:
        if walked.marks != lesson.marks:
            lesson.content = hash(tuple(walked.oids))
            lesson.marks = walked.marks
            lesson.repetitions = _even_repetitions(walked, lesson.ceiling)
        walked.content = lesson.content
        if lesson.bulk:
            self._bulk_works = True
        elif self._bulk_works is None and not self._lies_in_bulk(walked.root):
            self._bulk_works = False

    def _begin(self, root: str) -> Lesson:
        bulk = self._session.knows_bulk and self._bulk_works is not False
        bulk = bulk and not self._lies_in_bulk(root)
        ceiling = self._ceiling(root)
        lesson = self._lessons[root] = Lesson(min(FIRST_REPETITIONS, ceiling), ceiling, bulk)
        return lesson

    def _ceiling(self, root: str) -> int:
        return self._limits.asking.repetitions(root, self._limits.repetitions)

    def _is_unordered(self, root: str) -> bool:
        return self._limits.unordered or self._limits.asking.is_loose(root)

    def _lies_in_bulk(self, root: str) -> bool:
        return any(is_under(root, refused) for refused in self._limits.no_bulk)

    def _ask_for_less(self, lesson: Lesson, reason: Reason) -> bool:
        """Shrink what is asked for, or fall back to GETNEXT (F03, F04); False where nothing is left to try."""
        if not lesson.bulk or reason not in {Reason.TIMEOUT, Reason.BAD_REPLY}:
            return False
        if lesson.repetitions > 1 and (self._bulk_works or reason is Reason.BAD_REPLY):
            less = 4 if reason is Reason.TIMEOUT else 2  # silence costs more time than an answer that says tooBig
            lesson.repetitions = lesson.ceiling = max(1, lesson.repetitions // less)
        else:
            lesson.bulk = False
        return True

    async def _pages(self, root: str, lesson: Lesson) -> Walked:
        """Walk once. The common case, a page equal to the last poll's, costs one hash; the rest is checked."""
        step = self._session.bulk if lesson.bulk else self._session.next
        cursor = self._session.cursor(root, lesson.repetitions)
        what = f"{root} x{lesson.repetitions}" if lesson.bulk else f"{root} next"
        walked, marks, known = Walked(root), list[int](), lesson.marks
        changed, ended = self._is_unordered(root), False
        while not ended:
            try:
                rows = await step(cursor, what)
            except ErrorStatus as error:
                raise BadReply(f"{root}: {error.detail}") from error
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
                    oids, values, looped = self._checked(walked, oids, values)
                    ended = ended or looped
                marks.append(mark)
                walked.pages.append(oids)
                walked.values += values
        walked.marks = tuple(marks)
        return walked

    def _cut_at_cap(self, walked: Walked, rows: Page) -> bool:
        """Take away what goes beyond the caps (F09); True where the walk ends here, and says that it is not all."""
        room = self._limits.rows - len(walked.values) if len(walked.pages) < self._limits.packets else 0
        if len(rows) <= room:
            return False
        del rows[room:]
        walked.remark = f"{walked.root}: truncated at {len(walked.values) + len(rows)} rows"
        return True

    def _regrow(self) -> None:
        """Ask for somewhat more again; what does not fit is told by the device's next answer."""
        for root, lesson in self._lessons.items():
            if lesson.bulk and lesson.ceiling < self._ceiling(root):
                lesson.ceiling = min(self._ceiling(root), lesson.ceiling * 5 // 4 + 1)
                lesson.marks = ()

    def _checked(
        self, walked: Walked, oids: Sequence[str], values: Sequence[Value]
    ) -> tuple[Sequence[str], Sequence[Value], bool]:
        """Return the rows of a page that are new, and whether the walk has come round. Raises Disordered."""
        if self._is_unordered(walked.root):
            seen, fresh = set(walked.oids), dict[str, Value]()
            for oid, value in zip(oids, values, strict=True):
                if oid not in seen:
                    fresh.setdefault(oid, value)
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


def _even_repetitions(walked: Walked, ceiling: int) -> int:
    """Return how many rows to ask for so that all packets are alike, fit, and the last brings the end marker too."""
    sizes = [encoded_size(oid, value) for oid, value in zip(walked.oids, walked.values, strict=True)]
    rows = len(sizes) + 1
    upto = [0, *accumulate(sizes), sum(sizes)]
    packets = max(1, ceil(upto[-1] / REPLY_BYTES), ceil(rows / ceiling))
    while (each := ceil(rows / packets)) > 1:
        if all(upto[min(at + each, rows)] - upto[at] <= REPLY_BYTES for at in range(0, rows, each)):
            break
        packets = max(packets + 1, packets * 6 // 5)
    return each

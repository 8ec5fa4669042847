"""Which device runs which version of which system, and until when that is supported. In portions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from agent.anonymity import OTHER, Labels, parts_of_devices
from agent.contract import Series, Subject, harvests
from agent.estate import Support
from agent.facets import FACETS, UNKNOWN, is_held
from agent.layout import clean_text
from agent.risk.fleet.gathering import Readings, readings_of, same_answers
from agent.risk.portions import portions
from agent.risk.sight import AT_ONCE, Sight
from config.support.exporters import INFOS
from config.support.reading import find_release, find_support, find_system
from config.support.table import Supported, SupportTable

MAX_NAME_BYTES = 80
ALL_TOLD = 1  # the smallest group where no person stands behind a device


class Running(NamedTuple):
    """What devices of a site run; ``site`` is "" where none is known. Days are ISO 8601, "" if not known.

    ``latest``: the last day of another edition, where nobody says which edition it is.
    """

    site: str
    kind: str
    system: str
    support: Support
    ends: str
    version: str
    latest: str = ""


class Outlook(NamedTuple):
    """The day of the look, and for how many days ahead the end of support counts as near."""

    today: date
    days: float

    @property
    def until(self) -> date:
        """Up to which day an end counts as near."""
        return self.today + timedelta(days=self.days)

    def support(self, ends: date | None, latest: date | None = None) -> Support:
        """Return how a version stands; on the last day of its support it is still supported.

        Where the edition decides and is not known, it has ended when all editions have; before that it is ending.
        """
        if ends is None:
            return "unknown"
        if (latest or ends) < self.today:
            return "ended"
        return "ending" if ends <= self.until else "supported"


@dataclass(slots=True)
class Systems:
    """Devices by what they run.

    ``told``: what may be published of them, small groups of managed devices merged. ``judged``: all of them, by the
    size that a group must have for a text to name it.
    """

    tables: tuple[SupportTable, ...]
    outlook: Outlook
    told: Counter[Running] = field(default_factory=Counter[Running])
    judged: dict[int, Counter[Running]] = field(default_factory=dict[int, Counter[Running]])
    _rows: dict[tuple[str, str | None], Supported | None] = field(
        default_factory=dict[tuple[str, str | None], Supported | None]
    )

    def running(self, site: str | None, kind: str, product: str, version: str | None) -> Running:
        """Return what is known of a version; the tables' own names where they know it.

        ``version``: None where the product's name holds it as people write it, ``Windows 10 22H2``.
        """
        key = (product, version)
        if key not in self._rows:
            self._rows[key] = self._row(*key)
        row = self._rows[key]
        if row is None:
            name, said = (clean_text(text or "", MAX_NAME_BYTES) or UNKNOWN for text in key)
            return Running(site or "", kind, name, "unknown", "", said)
        support = self.outlook.support(row.ends, row.latest)
        latest = "" if row.latest is None else row.latest.isoformat()
        return Running(site or "", kind, row.system, support, row.ends.isoformat(), row.name, latest)

    def take(self, running: Running, count: int = 1) -> None:
        """Count machines of which every one may be told."""
        self.told[running] += count
        self.judge(running, count, ALL_TOLD)

    def judge(self, running: Running, count: int, floor: int) -> None:
        """Count devices for judgement only; ``floor``: fewer of them are never told."""
        self.judged.setdefault(floor, Counter())[running] += count

    def _row(self, product: str, version: str | None) -> Supported | None:
        name = clean_text(product, MAX_NAME_BYTES)
        system = find_system(self.tables, name)
        if system is None:
            return None
        if version is None:
            return find_release(self.tables, system, name)
        return find_support(self.tables, system, clean_text(version, MAX_NAME_BYTES), name)


@dataclass(slots=True)
class Answers:
    """The devices of each management by site, kind, system and version, counted once for each of its answers."""

    _counted: dict[str, tuple[Readings, Counter[Labels]]] = field(
        default_factory=dict[str, tuple[Readings, Counter[Labels]]]
    )

    def of(self, sight: Sight, source: str) -> Iterator[None]:
        """Count what it says now, unless that is done; pauses wherever the loop may turn."""
        readings = readings_of(sight, source)
        known = self._counted.get(source)
        if known is not None and same_answers(known[0], readings):
            return
        found: Counter[Labels] = Counter()
        usual = sight.inventory.sources[source].site
        for _, harvest in readings:
            for portion in portions(harvest.managed):
                for device in filter(is_held, portion):
                    found[device.site or usual or "", device.kind, *FACETS["os"](device, 0.0)] += 1
                yield
        self._counted[source] = readings, found

    def counts(self, source: str) -> Counter[Labels]:
        """Return what was counted last."""
        return self._counted[source][1]


def gathering_systems(sight: Sight, systems: Systems, answers: Answers) -> Iterator[None]:
    """Fill it; pauses wherever the loop may turn."""
    for name in sight.inventory.sources:
        yield from answers.of(sight, name)
        _managed(answers.counts(name), sight.inventory.sources[name].smallest_group, systems)
        yield
    for family in INFOS:
        for number, series in enumerate(sight.view.series(family)):
            running = _of_info(sight, family, series, systems)
            if running is not None:
                systems.take(running)
            if number % AT_ONCE == AT_ONCE - 1:
                yield
        yield
    yield from _firmware(sight, systems)


def _managed(found: Counter[Labels], floor: int, systems: Systems) -> None:
    """Take the devices of a management, small groups merged as wherever they are told."""
    members: dict[Labels, list[Labels]] = {}
    for labels, part in parts_of_devices(found, floor).items():
        members.setdefault(part, []).append(labels)
        systems.judge(systems.running(*labels), found[labels], floor)
    for part, groups in members.items():
        running = common(part, [systems.running(*labels) for labels in groups])
        systems.told[running] += sum(found[labels] for labels in groups)


def common(part: Labels, members: Sequence[Running]) -> Running:
    """Return what a part (site, kind, system, version) runs: no more than all members of it have in common."""
    first, kind = members[0], part[1]
    if part[1:3] == (OTHER, OTHER) or any(one.system != first.system for one in members):
        return Running(first.site, kind, OTHER, "unknown", "", OTHER)
    if all(one == first for one in members):
        return first
    support = first.support if all(one.support == first.support for one in members) else "unknown"
    return Running(first.site, kind, first.system, support, "", OTHER)


def _of_info(sight: Sight, family: str, series: Series, systems: Systems) -> Running | None:
    """Return what a machine says of itself; None where it names no version."""
    info, labels = INFOS[family], series.labels
    version = labels.get(info.version, "")
    product = next((labels[name] for name in info.products if labels.get(name)), info.product)
    if not version or not product:
        return None
    return systems.running(series.site, _role(sight, series.subject, "server"), product, version)


def _firmware(sight: Sight, systems: Systems) -> Iterator[None]:
    """Count what devices and projectors say of their firmware, each once."""
    for number, (subject, jobs) in enumerate(sight.jobs.items()):
        if number % AT_ONCE == 0:
            yield
        if subject.kind not in {"device", "projector"}:
            continue
        facts = {name: text for harvest in harvests(jobs) for name, text in harvest.facts.items()}
        product = " ".join(text for name in ("vendor", "model") if (text := facts.get(name, "")))
        if facts.get("firmware") and product:
            kind = "projector" if subject.kind == "projector" else _role(sight, subject, "device")
            systems.take(systems.running(jobs[0].target.site, kind, product, facts["firmware"]))


def _role(sight: Sight, subject: Subject, usual: str) -> str:
    device = sight.inventory.devices.get(subject.id) if subject.kind == "device" else None
    return usual if device is None else device.role or usual


def day_of(text: str) -> date | None:
    """Return a day of ``Running``, if it is known."""
    return None if text in {"", OTHER} else date.fromisoformat(text)

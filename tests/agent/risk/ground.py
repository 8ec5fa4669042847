"""A store with real readings, and the thresholds of a configuration judged on it look by look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.contract import (
    Finding,
    FindingKey,
    Harvest,
    Job,
    JobKey,
    Judgement,
    MetricFamily,
    Reading,
    Reason,
    Subject,
    Target,
)
from agent.engine.store import Store
from agent.layout import LayoutCache, Sample
from agent.risk.books import Books
from agent.risk.judge import judging
from agent.risk.rules import RULE_OPTIONS
from agent.risk.threshold import thresholds_of
from agent.risk.uplink import Guard
from agent.risk.watch import ThresholdBook
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from tests.agent.engine.fakes import FakeParams
from tests.agent.risk.scene import NOW, Windows, drained, subject_of

JOBS = MetricFamily("print_jobs", "gauge", "Jobs in a queue.", ("queue",))
AVAILABLE = MetricFamily("node_filesystem_avail_bytes", "gauge", "Free.", ("device", "mountpoint"))
VERSION = MetricFamily("firmware_info", "info", "1, with the version.", ("version",))


class Ground:
    """``at`` is the present second; it moves on by ``wait``."""

    def __init__(self, rules: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None) -> None:
        self.at = 0.0
        self.store = Store()
        self.portions = 0
        self._caches: dict[JobKey, LayoutCache] = {}
        self._jobs: dict[JobKey, Job] = {}
        self.book: ThresholdBook | None = None
        self.configure(rules, settings)

    def configure(self, rules: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None) -> None:
        """As a reload does."""
        self.inventory = Inventory.model_validate({"rules": rules or {}})
        raw = {"municipality": {"language": "en"}, **(settings or {})}
        self.settings = Settings.model_validate(raw, context=Kinds.of({}, RULE_OPTIONS))
        self.book = ThresholdBook(thresholds_of(self.inventory, self.settings), self.book)

    def restart(self) -> None:
        self.book = ThresholdBook(thresholds_of(self.inventory, self.settings))

    def wait(self, seconds: float) -> Ground:
        self.at += seconds
        self.store.expire(self.at)
        return self

    def job(self, subject: str = "device:srv-1", check: str = "scrape", site: str | None = "rathaus") -> Job:
        key = JobKey(subject_of(subject), check)
        if key not in self._jobs:
            target = Target(key.subject, site=site)
            self._jobs[key] = Job(key, "fake", target, FakeParams(), 60.0, 0.0, 180.0)
            self.store.add(self._jobs[key])
        return self._jobs[key]

    def reads(
        self, *samples: Sample, subject: str = "device:srv-1", check: str = "scrape", partial: tuple[str, ...] = ()
    ) -> Ground:
        job = self.job(subject, check)
        layout, values = self._caches.setdefault(job.key, LayoutCache()).arrange(samples)
        reading = Reading(job.key, job.target, NOW + self.at, 0.1, Harvest(layout, values, partial=partial))
        self.store.record(reading, self.at)
        return self

    def fails(self, subject: str = "device:srv-1", check: str = "scrape") -> Ground:
        job = self.job(subject, check)
        reading = Reading(job.key, job.target, NOW + self.at, 0.1, None, Reason.TIMEOUT, "silent")
        self.store.record(reading, self.at)
        return self

    def removed(self, subject: str, check: str = "scrape") -> Ground:
        key = JobKey(subject_of(subject), check)
        self.store.remove(key)
        self._jobs.pop(key, None)
        self._caches.pop(key, None)
        return self

    def judge(self) -> Judgement:
        assert self.book is not None
        outlook = Guard().look(self.store.view(NOW + self.at), self.settings)
        steps = judging(self.inventory, self.settings, outlook, Windows({}), Books(self.book))
        judgement, self.portions = drained(steps)
        return judgement

    def found(self, rule: str) -> dict[str, Finding]:
        return {str(one.subject): one for one in self.judge().findings if one.rule == rule}

    def unverified(self, rule: str, subject: str = "device:srv-1") -> bool:
        return FindingKey(rule, subject_of(subject)) in self.judge().unverified


def queue(name: str, value: float) -> Sample:
    return Sample(JOBS, (name,), value)


def version(text: str) -> Sample:
    return Sample(VERSION, (text,), 1.0)


def subject(name: str) -> Subject:
    return Subject("device", name)

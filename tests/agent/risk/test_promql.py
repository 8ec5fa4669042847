"""The same series as Prometheus itself selects, on the labels that its page shows."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.contract import Column, LabelPairs, MetricFamily, Rows
from agent.risk.matching import select_rows, shown_labels
from config.selectors import parse_selector

TARGET: LabelPairs = (("device", "srv-1"), ("instance", "srv-1"), ("site", "rathaus"))
OTHER: LabelPairs = (("service", "portal"), ("instance", "portal"))

NAMES = ("a", "a1", "ä", 'q"\\', "A", "b.c", "bxc", " ", "1", "12", "")
PLAIN = Column(
    MetricFamily("jobs", "gauge", "Jobs.", ("queue", "kind")),
    Rows(("queue", "kind"), tuple((name, kind) for name in NAMES for kind in ("x", ""))),
    0,
)
DISKS = Column(MetricFamily("disks", "gauge", "Disks.", ("device",)), Rows(("device",), (("sda",), ("srv-1",))), 100)
TABLES = [(PLAIN, TARGET), (DISKS, TARGET), (PLAIN, OTHER)]

SELECTORS = [
    "jobs",
    'jobs{queue="a"}',
    'jobs{queue!="a", device="srv-1"}',
    'jobs{queue=~"a"}',
    'jobs{queue=~"a|1.*", kind!=""}',
    'jobs{queue!~"a.*|.", kind=""}',
    'jobs{queue=~"b.c"}',
    'jobs{queue=~"b\\\\.c"}',
    'jobs{queue=~"(?i)a"}',
    'jobs{queue=~"[[:alpha:]]+"}',
    'jobs{queue=~"\\\\pL\\\\d?"}',
    'jobs{queue="q\\"\\\\"}',
    'jobs{queue="\\u00e4"}',
    "jobs{queue='ä'}",
    'jobs{queue=""}',
    'jobs{queue=~".*", kind="x"}',
    'jobs{queue=~".+"}',
    'jobs{queue=~""}',
    'jobs{queue!~""}',
    'jobs{device=""}',
    'jobs{device!="srv-1"}',
    'jobs{nothing=""}',
    'jobs{nothing!=""}',
    'jobs{nothing=~"x?"}',
    'jobs{instance=~"srv-1|portal", site=""}',
    'disks{device="sda"}',
    'disks{device="srv-1"}',
    'disks{instance="srv-1"}',
    '{__name__=~"disks|jobs", instance="srv-1", queue=""}',
    '{__name__!="jobs", site="rathaus"}',
    '{site="rathaus", __name__!~"j.*"}',
]


def series(column: Column, target: LabelPairs, index: int) -> dict[str, str]:
    labels = {name: text for name, text in shown_labels(column, index, target).items() if text}
    return {"__name__": column.family.name, **labels}


def written(labels: dict[str, str]) -> str:
    rest = (
        (name, text.replace("\\", "\\\\").replace('"', '\\"')) for name, text in labels.items() if name != "__name__"
    )
    return labels["__name__"] + "{" + ",".join(f'{name}="{text}"' for name, text in rest) + "}"


def selected(text: str) -> list[str]:
    selector = parse_selector(text)
    found: list[str] = []
    for column, target in TABLES:
        steps = select_rows(selector, column, target)
        while selector.wants(column.family.name):
            try:
                next(steps)
            except StopIteration as done:
                found += [written(series(column, target, index)) for index in done.value]
                break
    return found


@pytest.mark.integration
def test_prometheus_selects_the_same(tmp_path: Path) -> None:
    every = [
        written(series(column, target, column.start + number))
        for column, target in TABLES
        for number in range(len(column.rows))
    ]
    case: dict[str, Any] = {
        "interval": "1m",
        "input_series": [{"series": one, "values": "1"} for one in every],
        "promql_expr_test": [
            {"expr": text, "eval_time": "0s", "exp_samples": [{"labels": one, "value": 1} for one in selected(text)]}
            for text in SELECTORS
        ],
    }
    (tmp_path / "tests.yml").write_text(yaml.safe_dump({"tests": [case]}, allow_unicode=True))
    ran = subprocess.run(["promtool", "test", "rules", str(tmp_path / "tests.yml")], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert sum(map(len, map(selected, SELECTORS))) > 0


@pytest.mark.parametrize("text", SELECTORS)
def test_no_selector_of_the_comparison_is_idle(text: str) -> None:
    """One that selects nothing would prove little; only these mean to."""
    assert bool(selected(text)) is (text != 'jobs{nothing!=""}')

"""What alerts do over time, told by promtool."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.harness.process import write_yaml


class Case(NamedTuple):
    """What there is, a value each 5 s, and what a query yields at some times: labels, each with the value 1."""

    series: Mapping[str, str]
    query: str
    wanted: Mapping[str, Sequence[str]]


def run(*command: str | Path) -> None:
    """Run it to a good end."""
    told = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def states(alert: str) -> str:
    """By state of the alert, and by what tells its series apart."""
    return f'count by (alertstate, subject, severity, cause, leads) (ALERTS{{alertname="{alert}"}})'


def promtool_finds(case: Case, rules: str, folder: Path, every: str = "5s") -> None:
    """Check the case; ``every``: how far its values, and looks at the rules, are apart."""
    (folder / "rules.yml").write_text(rules, encoding="utf-8")
    asked = [
        {"expr": case.query, "eval_time": at, "exp_samples": [{"labels": labels, "value": 1} for labels in wanted]}
        for at, wanted in case.wanted.items()
    ]
    series = [{"series": name, "values": values} for name, values in case.series.items()]
    test = {"interval": every, "input_series": series, "promql_expr_test": asked}
    whole = {"rule_files": ["rules.yml"], "evaluation_interval": every, "tests": [test]}
    run("promtool", "test", "rules", write_yaml(folder / "test.yml", whole))

"""The boards as Grafana reads them: the committed JSON, its panels, and every query in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent.parent.parent / "grafana"
FILES = sorted((FOLDER / "dashboards").glob("*.json"))

LABEL_VALUES = re.compile(r"label_values\((?P<selector>.+), (?P<label>\w+)\)")
PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


class Query(NamedTuple):
    """One query; ``labels`` are those that what is shown of its answer refers to."""

    board: str
    place: str
    expression: str
    labels: frozenset[str]

    def __str__(self) -> str:
        return f"{self.board}: {self.place}"


def load(path: Path) -> dict[str, Any]:
    board: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return board


def panels(board: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All panels but the rows, which the generator never folds."""
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def queries(path: Path) -> Iterator[Query]:
    board = load(path)
    for panel in panels(board):
        for target in panel["targets"]:
            labels = _columns(panel) if target["format"] == "table" else _placeholders(target["legendFormat"])
            yield Query(path.name, f"{panel['title']}, {target['refId']}", target["expr"], labels)
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            asked = LABEL_VALUES.fullmatch(variable["query"]["query"])
            assert asked, variable["name"]
            expression = f"group by ({asked['label']}) ({asked['selector']})"
            yield Query(path.name, f"variable {variable['name']}", expression, frozenset({asked["label"]}))
    for annotation in board["annotations"]["list"]:
        labels = _placeholders(annotation["titleFormat"] + annotation["textFormat"])
        yield Query(path.name, f"annotation {annotation['name']}", annotation["expr"], labels)


def every_query() -> list[Query]:
    return [query for path in FILES for query in queries(path)]


def filled(expression: str, rate_interval: str = "5m", span: str = "6h", step: str = "1m") -> str:
    """The expression with Grafana's own variables filled in; of the boards' everything that has the label is chosen."""
    milliseconds = str(1000 * int(step[:-1]) * {"s": 1, "m": 60}[step[-1]])
    built_in = {
        "$__rate_interval": rate_interval,
        "$__range": span,
        "$__interval_ms": milliseconds,
        "$__interval": step,
    }
    for name, value in built_in.items():
        expression = expression.replace(name, value)
    return re.sub(r"\$[a-z]\w*", ".+", expression)  # $1 is PromQL's own


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(PLACEHOLDER.findall(text))


def _columns(panel: Mapping[str, Any]) -> frozenset[str]:
    """The labels among a table's columns."""
    organize = next(one["options"] for one in panel["transformations"] if one["id"] == "organize")
    return frozenset(name for name in organize["indexByName"] if not name.startswith("Value"))

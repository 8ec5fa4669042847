"""What every board must keep to: the rules of grafana/dashboard-linter and our own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from promql_parser import AggregateExpr, BinaryExpr, Call, Expr, VectorSelector, parse, walk

from agent import families, figures, tallies
from agent.contract import MetricFamily
from collectors.registry import make_specs
from grafana.registry import BOARDS
from tests.grafana.board_files import FILES, FOLDER, Query, every_query, filled, load, panels

# Ids of Grafana's units; one that it does not know it would print after the number as it stands.
UNITS = {"none", "short", "percentunit", "celsius", "dBm", "dB", "s", "bytes", "bps", "Bps", "pps", "cps"}
COUNTING = {"rate", "increase"}
# What else a series carries: the subject's labels (docs/decisions/0005) and Prometheus' own.
EVERYWHERE = {"device", "service", "link", "uplink", "instance", "site", "job"}
LINK = re.compile(r"/d/([a-z-]+)(?:\?.*)?")
WIDTH = 24

boards = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
each_query = pytest.mark.parametrize("query", every_query(), ids=str)


def declared() -> dict[str, MetricFamily]:
    own = {
        value.name: value
        for value in (vars(families) | vars(figures) | vars(tallies)).values()
        if isinstance(value, MetricFamily)
    }
    return own | {family.name: family for spec in make_specs() for family in spec.families}


DECLARED = declared()


def selectors(expression: Expr) -> list[VectorSelector]:
    return [node for node in nodes(expression) if isinstance(node, VectorSelector)]


def nodes(expression: Expr) -> list[Expr]:
    found: list[Expr] = []
    walk(expression, lambda node: found.append(node))
    return found


def under(value: object, key: str) -> Iterator[Any]:
    """Everything that stands under this key, however deep."""
    if isinstance(value, dict):
        for name, inner in cast("dict[str, object]", value).items():
            if name == key:
                yield inner
            yield from under(inner, key)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from under(inner, key)


def test_the_folder_holds_the_generated_boards_and_nothing_else() -> None:
    assert {path.name for path in (FOLDER / "dashboards").iterdir()} == set(BOARDS)


@boards
def test_the_frame_is_as_the_house_has_it(path: Path) -> None:
    board = load(path)
    assert "id" not in board
    assert board["uid"] == f"ringwacht-{path.stem}"
    assert len(board["uid"]) <= 40
    assert board["schemaVersion"] == 41
    assert board["editable"] is False
    assert board["tags"] == ["ringwacht"]
    assert board["refresh"] == "1m"
    assert board["title"]
    assert board["description"]


@boards
def test_every_data_source_is_the_chosen_one(path: Path) -> None:
    board = load(path)
    sources = list(under(board, "datasource"))
    assert all(source == {"type": "prometheus", "uid": "${datasource}"} for source in sources)
    assert len(sources) >= 2 * len(panels(board)), "each panel and each of its queries names it"
    first = board["templating"]["list"][0]
    assert (first["type"], first["name"], first["query"]) == ("datasource", "datasource", "prometheus")


@boards
def test_variables_take_several_values_and_all_matches_series_without_the_label(path: Path) -> None:
    variables = load(path)["templating"]["list"][1:]
    assert variables[0]["name"] == "site"
    for variable in variables:
        assert variable["multi"]
        assert variable["includeAll"]
        assert variable["allValue"] == ".*"
        assert variable["current"]["value"] == ["$__all"]
        assert variable["refresh"] == 2, "values that come later in the span of time are offered"


@boards
def test_every_panel_says_what_it_shows(path: Path) -> None:
    shown = panels(load(path))
    assert [panel["title"] for panel in shown if not panel["title"] or len(panel.get("description", "")) < 10] == []
    titles = Counter(panel["title"] for panel in shown)
    assert titles.most_common(1)[0][1] == 1, titles
    for panel in shown:
        units = {panel["fieldConfig"]["defaults"]["unit"], *overridden(panel, "unit")}
        assert units <= UNITS, panel["title"]
        assert panel["targets"], panel["title"]


def overridden(panel: Mapping[str, Any], what: str) -> list[Any]:
    overrides = panel["fieldConfig"]["overrides"]
    return [one["value"] for override in overrides for one in override["properties"] if one["id"] == what]


@boards
def test_panels_lie_side_by_side(path: Path) -> None:
    taken: set[tuple[int, int]] = set()
    ids: set[int] = set()
    for panel in load(path)["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= WIDTH, panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells
        ids.add(panel["id"])
    assert len(ids) == len(load(path)["panels"])


@boards
def test_what_is_not_known_is_never_green(path: Path) -> None:
    for panel in panels(load(path)):
        if panel["type"] in {"stat", "state-timeline"}:
            special = [one for one in panel["fieldConfig"]["defaults"]["mappings"] if one["type"] == "special"]
            assert [one["options"]["match"] for one in special] == ["null+nan"], panel["title"]
            assert special[0]["options"]["result"]["color"] == "#8e8e8e", panel["title"]


@boards
def test_links_lead_to_boards_that_exist(path: Path) -> None:
    board = load(path)
    known = {load(other)["uid"] for other in FILES}
    found = [LINK.fullmatch(link["url"]) for links in under(board, "links") for link in links]
    assert all(found)
    assert {link[1] for link in found if link} == known - {board["uid"]}
    assert all(link["includeVars"] and link["keepTime"] for link in board["links"])


@boards
def test_a_board_uses_the_variables_that_it_has_and_no_others(path: Path) -> None:
    board = load(path)
    has = {variable["name"] for variable in board["templating"]["list"]} - {"datasource"}
    text = " ".join([query.expression for query in every_query() if query.board == path.name])
    assert set(re.findall(r"\$([a-z]\w*)", text)) == has


@each_query
def test_names_are_declared_and_labels_exist(query: Query) -> None:
    expression = parse(filled(query.expression))
    used = selectors(expression)
    assert used
    labels = set(EVERYWHERE)
    for selector in used:
        assert selector.name in DECLARED
        own = set(DECLARED[selector.name].labels)
        assert {matcher.name for matcher in selector.matchers.matchers} <= own | EVERYWHERE, selector.name
        labels |= own
    assert grouped(expression) <= labels
    assert query.labels <= labels


def grouped(expression: Expr) -> set[str]:
    """All labels in `by`, `on` and `group_left`."""
    named: set[str] = set()
    for node in nodes(expression):
        if isinstance(node, AggregateExpr) and node.modifier is not None:
            named |= set(node.modifier.labels)
        elif isinstance(node, BinaryExpr) and node.modifier is not None:
            matching = node.modifier.matching
            named |= set(matching.labels if matching is not None else ()) | set(node.modifier.group_labels or ())
    return named


def gained(node: Expr) -> bool:
    """Whether it asks what a counter gained."""
    return isinstance(node, Call) and node.func.name in COUNTING


def only_there(node: Expr) -> bool:
    """Whether it asks which series there are, whatever their values."""
    return isinstance(node, AggregateExpr) and str(node.op) in {"count", "group"}


def named_under(expression: Expr, asked: Callable[[Expr], bool]) -> Counter[str | None]:
    return Counter(one.name for node in nodes(expression) if asked(node) for one in selectors(node))


@each_query
def test_counters_are_counted_and_gauges_are_not(query: Query) -> None:
    expression = parse(filled(query.expression))
    counted, there = named_under(expression, gained), named_under(expression, only_there)
    for name, times in Counter(one.name for one in selectors(expression)).items():
        assert name is not None
        match DECLARED[name].type:
            case "counter":
                assert counted[name] + there[name] == times, f"{name} is a counter"
            case "unknown":  # node_exporter's word for what it does not tell apart
                assert counted[name] in {0, times}
            case _:
                assert counted[name] == 0, f"{name} is no counter"


@each_query
def test_rates_follow_the_step_and_the_pace_of_polling(query: Query) -> None:
    """Over all that is shown: a number, or a choice of series that is the same at each step."""
    allowed = {("rate", "$__rate_interval"), ("increase", "$__rate_interval")}
    allowed |= {("rate", "$__range] @ end()"), ("increase", "$__range")}
    for name, span in re.findall(r"\b(rate|increase)\([^\[]*\[([^\]]*(?:\] @ end\(\))?)", query.expression):
        assert (name, span) in allowed


@boards
def test_every_query_with_a_rate_says_how_long_polled_values_stand_still(path: Path) -> None:
    for panel in panels(load(path)):
        for target in panel["targets"]:
            assert ("$__rate_interval" in target["expr"]) == (target.get("interval") == "1m"), panel["title"]


def test_provisioning_is_of_grafana_s_form() -> None:
    provider = yaml.safe_load((FOLDER / "provisioning/dashboards/ringwacht.yml").read_text(encoding="utf-8"))
    assert provider["apiVersion"] == 1
    (boards_of,) = provider["providers"]
    assert boards_of["type"] == "file"
    assert boards_of["options"] == {"path": "/opt/ringwacht/grafana/dashboards"}
    sources = yaml.safe_load((FOLDER / "provisioning/datasources/ringwacht.yml").read_text(encoding="utf-8"))
    (source,) = sources["datasources"]
    assert (source["type"], source["access"]) == ("prometheus", "proxy")


def test_the_readme_lists_every_board() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FILES:
        assert f"| {load(path)['title'].removeprefix('Ringwacht · ')} |" in text

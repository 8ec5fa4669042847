"""The kinds of panel that the boards use: each has title, description and unit; thresholds are a board's to add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Protocol, Self, TypeVar

from grafana_foundation_sdk.builders import stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders.common import (
    ReduceDataOptions,
    StackingConfig,
    TableSortByFieldState,
    VizLegendOptions,
    VizTooltipOptions,
)
from grafana_foundation_sdk.builders.dashboard import FieldColor, ThresholdsConfig
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import common, dashboard
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, DynamicConfigValue, FieldColorModeId

from grafana import states
from grafana.parts import SOURCE, Ask

_HEIGHT = 8


@dataclass(frozen=True, slots=True)
class Says:
    """What a panel is called, what it tells its reader, in which of Grafana's units, and how much of 24 it is wide."""

    title: str
    description: str
    unit: str = "none"
    width: int = 8
    height: int = _HEIGHT


class _Panel(Protocol):
    def title(self, title: str) -> Self: ...
    def description(self, description: str) -> Self: ...
    def datasource(self, datasource: dashboard.DataSourceRef) -> Self: ...
    def unit(self, unit: str) -> Self: ...
    def height(self, h: int) -> Self: ...
    def span(self, w: int) -> Self: ...
    def targets(self, targets: list[Builder[Dataquery]]) -> Self: ...


_Kind = TypeVar("_Kind", bound=_Panel)


def _framed(panel: _Kind, says: Says, asks: Sequence[Ask], *, as_table: bool = False) -> _Kind:
    queries: list[Builder[Dataquery]] = [
        ask.query(ref, as_table=as_table) for ref, ask in zip(ascii_uppercase, asks, strict=False)
    ]
    framed = panel.title(says.title).description(says.description).unit(says.unit).datasource(SOURCE)
    return framed.span(says.width).height(says.height).targets(queries)


def graph(says: Says, *asks: Ask) -> timeseries.Panel:
    """Return lines over time."""
    legend = (
        VizLegendOptions()
        .display_mode(common.LegendDisplayMode.LIST)
        .placement(common.LegendPlacement.BOTTOM)
        .show_legend(True)
    )
    return (
        _framed(timeseries.Panel(), says, asks)
        .legend(legend)
        .tooltip(VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI).sort(common.SortOrder.DESCENDING))
        .line_width(1)
        .fill_opacity(8)
        .show_points(common.VisibilityMode.NEVER)
    )


def stacked(says: Says, *asks: Ask) -> timeseries.Panel:
    """Return areas that add up, in bars."""
    return (
        graph(says, *asks)
        .draw_style(common.GraphDrawStyle.BARS)
        .fill_opacity(70)
        .stacking(StackingConfig().mode(common.StackingMode.NORMAL).group("A"))
    )


def tiles(says: Says, *asks: Ask) -> stat.Panel:
    """Return the present values as coloured tiles; a tile without a value is grey."""
    return (
        _framed(stat.Panel(), says, asks)
        .reduce_options(ReduceDataOptions().calcs(["lastNotNull"]).values(False))
        .color_mode(common.BigValueColorMode.BACKGROUND)
        .graph_mode(common.BigValueGraphMode.NONE)
        .text_mode(common.BigValueTextMode.VALUE_AND_NAME)
        .mappings(states.words({}))
    )


def timeline(says: Says, meanings: list[dashboard.ValueMapping], *asks: Ask) -> statetimeline.Panel:
    """Return states over time; a gap is time for which nothing is known."""
    return (
        _framed(statetimeline.Panel(), says, asks)
        .mappings(meanings)
        .color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
        .show_value(common.VisibilityMode.AUTO)
        .merge_values(True)
        .row_height(0.8)
        .fill_opacity(80)
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: a label or ``Value`` (``Value #A``, ``Value #B`` of several queries), and its heading."""

    field: str
    title: str
    properties: tuple[DynamicConfigValue, ...] = ()


def grid(says: Says, columns: Sequence[Column], *asks: Ask) -> table.Panel:
    """Return the present values as a table of exactly these columns, one row for each set of labels."""
    shown = {column.field: index for index, column in enumerate(columns)}
    options: dict[str, object] = {
        "includeByName": dict.fromkeys(shown, True),
        "indexByName": shown,
        "renameByName": {column.field: column.title for column in columns},
        "excludeByName": {"Time": True},
    }
    panel = (
        _framed(table.Panel(), says, asks, as_table=True)
        .with_transformation(DataTransformerConfig(id_val="merge", options={}))
        .with_transformation(DataTransformerConfig(id_val="organize", options=options))
        .filterable(True)
        .no_value("–")
    )
    for column in columns:
        if column.properties:
            panel.override_by_name(column.title, list(column.properties))
    return panel


def falling(title: str) -> TableSortByFieldState:
    """Sort a table by this column, greatest first."""
    return TableSortByFieldState().display_name(title).desc(True)


def in_unit(unit: str) -> DynamicConfigValue:
    """Show a column in a unit of Grafana's."""
    return DynamicConfigValue("unit", unit)


def in_words(meanings: list[dashboard.ValueMapping]) -> tuple[DynamicConfigValue, ...]:
    """Show a column in words, on their colour."""
    background = common.TableColoredBackgroundCellOptions(mode=common.TableCellBackgroundDisplayMode.BASIC)
    return DynamicConfigValue("mappings", meanings), DynamicConfigValue("custom.cellOptions", background)


def as_bar(thresholds: ThresholdsConfig) -> tuple[DynamicConfigValue, ...]:
    """Show a column of ratios as bars."""
    bar = common.TableBarGaugeCellOptions(mode=common.BarGaugeDisplayMode.BASIC)
    return (
        in_unit("percentunit"),
        DynamicConfigValue("min", 0),
        DynamicConfigValue("max", 1),
        DynamicConfigValue("thresholds", thresholds.build()),
        DynamicConfigValue("custom.cellOptions", bar),
    )

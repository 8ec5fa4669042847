"""What every board has: its frame, the data source, the variables, links to the other boards, annotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from grafana_foundation_sdk.builders.dashboard import Dashboard, DashboardLink, DatasourceVariable, QueryVariable
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    DataSourceRef,
    VariableOption,
    VariableRefresh,
    VariableSort,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from agent import families
from grafana.query import POLLED_EVERY, lasting, of, of_severity

# What a board links to: uid -> its short title, in the order of the links.
BOARDS = MappingProxyType(
    {
        "ringwacht-overview": "Overview",
        "ringwacht-links": "Links",
        "ringwacht-redundancy": "Redundancy",
        "ringwacht-sites": "Sites",
        "ringwacht-partners": "Partners",
        "ringwacht-contracts": "Contracts",
        "ringwacht-schools": "Schools",
        "ringwacht-servers": "Servers",
        "ringwacht-server-room": "Server room",
        "ringwacht-alerts": "Alerts",
    }
)
SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")


def board(uid: str, description: str, *variables: QueryVariable) -> Dashboard:
    """Return a board without panels; ``variables`` follow those for data source and site."""
    frame = (
        Dashboard(f"Ringwacht · {BOARDS[uid]}")
        .uid(uid)
        .description(description)
        .tags(["ringwacht"])
        .readonly()
        .timezone("browser")
        .refresh("1m")
        .time("now-6h", "now")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .with_variable(DatasourceVariable("datasource").label("Data source").type("prometheus"))
        .with_variable(values_of("site", "Site", "site", of(families.UP)))
        .annotation(_critical())
        .annotation(_loaded())
    )
    for variable in variables:
        frame.with_variable(variable)
    for other, title in BOARDS.items():
        if other != uid:
            frame.link(_link(other, title))
    return frame


def _link(uid: str, title: str) -> DashboardLink:
    return DashboardLink(title).type(DashboardLinkType.LINK).url(f"/d/{uid}").keep_time(True).include_vars(True)


def values_of(name: str, title: str, label: str, selector: str) -> QueryVariable:
    """Return a variable: the values of a label on the selected series; several may be chosen, at first all.

    All is ``.*``, which also matches series that lack the label.
    """
    query = f"label_values({selector}, {label})"
    return (
        QueryVariable(name)
        .label(title)
        .datasource(SOURCE)
        .query({"query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"})
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.NATURAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".*")
        .current(VariableOption(selected=True, text=["All"], value=["$__all"]))
    )


@dataclass(frozen=True, slots=True)
class Ask:
    """One query of a panel. ``legend`` names its series; ``now`` asks for the present value only."""

    expression: str
    legend: str = ""
    now: bool = False

    def query(self, ref: str, *, as_table: bool = False) -> Dataquery:
        """Return the target."""
        query = Dataquery().datasource(SOURCE).ref_id(ref).expr(self.expression)
        if "$__rate_interval" in self.expression:
            query.interval(POLLED_EVERY)
        if as_table:
            return query.format(PromQueryFormat.TABLE).instant()
        query.format(PromQueryFormat.TIME_SERIES).legend_format(self.legend or "__auto")
        return query.instant() if self.now else query.range()


class _Annotation(dashboard.AnnotationQuery, Builder[dashboard.AnnotationQuery]):
    """An annotation as the Prometheus data source reads it; the SDK's type lacks its formats."""

    def __init__(self, name: str, expression: str, color: str, more: Mapping[str, object]) -> None:
        super().__init__(name=name, datasource=SOURCE, enable=True, icon_color=color, expr=expression)
        self._more = more

    def to_json(self) -> dict[str, Any]:
        """Return its JSON object."""
        return {**super().to_json(), **self._more}

    def build(self) -> dashboard.AnnotationQuery:
        """Return itself."""
        return self


def _critical() -> _Annotation:
    more = {"titleFormat": "{{rule}}", "textFormat": "{{subject}}", "tagKeys": "site", "step": POLLED_EVERY}
    return _Annotation("Critical findings", lasting(of_severity("critical")), "red", more)


def _loaded() -> _Annotation:
    expression = f"{of(families.RELOAD_TIME)} * 1000"
    more = {"titleFormat": "Configuration loaded", "textFormat": "{{instance}}", "useValueForTime": True}
    return _Annotation("Configuration loaded", expression, "blue", {**more, "step": POLLED_EVERY})

"""The tables of what was judged of the estate, in the order of the page. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agent.estate import Estate
from exporters.web.alertlist import Namer
from exporters.web.estate.contracts import contract_rows, service_rows
from exporters.web.estate.schools import classroom_rows, fleet_rows, version_rows
from exporters.web.estate.tables import TableRow, TableView, table
from exporters.web.estate.upkeep import backup_rows, licence_rows

_Rows = Callable[[Estate, Namer], Iterator[TableRow]]


@dataclass(frozen=True, slots=True)
class _Section:
    """``title`` and ``heads``: keys of labels; ``page``: where the API has all of it."""

    title: str
    heads: tuple[str, ...]
    rows: _Rows
    page: str


_SECTIONS = (
    _Section(
        "contracts",
        ("this_month", "this_year", "error_budget"),
        lambda estate, namer: contract_rows(estate.contracts, namer),
        "contracts",
    ),
    _Section(
        "service_history",
        ("since", "contract"),
        lambda estate, namer: service_rows(estate.services, namer),
        "services",
    ),
    _Section(
        "classrooms",
        ("site", "equipment"),
        lambda estate, namer: classroom_rows(estate.classrooms, namer),
        "classrooms",
    ),
    _Section(
        "fleets",
        ("site", "stock", "managed", "planned"),
        lambda estate, namer: fleet_rows(estate.fleets, namer),
        "fleets",
    ),
    _Section(
        "versions",
        ("site", "count", "support_until"),
        lambda estate, namer: version_rows(estate.versions, namer),
        "fleets",
    ),
    _Section(
        "licences",
        ("seats", "seats_used", "renewal"),
        lambda estate, namer: licence_rows(estate.licences, namer),
        "licences",
    ),
    _Section(
        "config_backups",
        ("last_backup", "last_change"),
        lambda estate, namer: backup_rows(estate.backups, namer),
        "backups",
    ),
)


def make_estate(estate: Estate | None, namer: Namer) -> tuple[TableView, ...]:
    """Return the sections that there is something to say in."""
    if estate is None:
        return ()
    made = (
        table(one.title, one.heads, one.rows(estate, namer), namer.words, f"/api/v1/{one.page}") for one in _SECTIONS
    )
    return tuple(one for one in made if one is not None)

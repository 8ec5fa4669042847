"""The tables of what was judged of the estate, in the order of the page. Pure."""

from __future__ import annotations

from agent.estate import Estate
from exporters.web.alertlist import Namer
from exporters.web.estate.contracts import contract_rows, service_rows
from exporters.web.estate.schools import classroom_rows, fleet_rows, version_rows
from exporters.web.estate.tables import TableView, table
from exporters.web.estate.upkeep import backup_rows, licence_rows

_API = "/api/v1"


def make_estate(estate: Estate | None, namer: Namer) -> tuple[TableView, ...]:
    """Return the sections that there is something to say in."""
    if estate is None:
        return ()
    words = namer.words
    found = (
        table(
            "contracts",
            ("this_month", "this_year", "error_budget"),
            contract_rows(estate.contracts, namer),
            words,
            f"{_API}/contracts",
        ),
        table(
            "service_history", ("since", "contract"), service_rows(estate.services, namer), words, f"{_API}/services"
        ),
        table(
            "classrooms", ("site", "equipment"), classroom_rows(estate.classrooms, namer), words, f"{_API}/classrooms"
        ),
        table(
            "fleets",
            ("site", "stock", "managed", "planned"),
            fleet_rows(estate.fleets, namer),
            words,
            f"{_API}/fleets",
        ),
        table(
            "versions",
            ("site", "count", "support_until"),
            version_rows(estate.versions, namer),
            words,
            f"{_API}/fleets",
        ),
        table(
            "licences",
            ("seats", "seats_used", "renewal"),
            licence_rows(estate.licences, namer),
            words,
            f"{_API}/licences",
        ),
        table(
            "config_backups",
            ("last_backup", "last_change"),
            backup_rows(estate.backups, namer),
            words,
            f"{_API}/backups",
        ),
    )
    return tuple(one for one in found if one is not None)

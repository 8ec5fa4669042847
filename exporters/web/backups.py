"""Configuration backups for programs: ``/api/v1/backups``. Times are RFC 3339 in UTC; null is not known."""

from __future__ import annotations

from agent.contract import Snapshot
from agent.estate import ConfigBackup, Estate
from config.inventory import Inventory
from config.ssh import ssh_of
from exporters.web.api import Row, moment


def backups_row(snapshot: Snapshot, inventory: Inventory) -> Row:
    """Return every device with an `ssh` key, and what is known of its backup; no configuration, no secret."""
    known = (snapshot.estate or Estate(0.0)).backups
    rows: list[Row] = []
    for name, device in inventory.devices.items():
        params = ssh_of(device.params)
        if params is not None:
            about: Row = {"device": name, "name": device.name or name, "site": device.site, "type": params.type}
            rows.append({**about, **_of(known.get(name))})
    return {"at": moment(None if snapshot.estate is None else snapshot.estate.at), "backups": rows}


def _of(known: ConfigBackup | None) -> Row:
    one = known or ConfigBackup("", 0.0)
    return {
        "awaited_since": None if known is None else moment(known.awaited_since),
        "attempted_at": moment(one.attempted_at),
        "succeeded_at": moment(one.succeeded_at),
        "outcome": one.outcome or None,
        "detail": one.detail,
        "unsaved": one.unsaved,
        "unsaved_since": moment(one.unsaved_since),
        "changed_at": moment(one.changed_at),
        "lines_added": one.added,
        "lines_removed": one.removed,
        "commit": one.commit or None,
    }

"""Configuration backups for programs: every device that should have one, what is known, and no secret."""

from __future__ import annotations

import json

from agent.contract import Snapshot
from agent.estate import ConfigBackup, Estate
from config.inventory import Inventory
from exporters.web.backups import backups_row
from tests.harness.fakes import FakeView

SSH = {"credential": "c", "type": "cisco_ios"}


def test_each_device_with_an_ssh_key_has_a_row() -> None:
    devices = {name: {"site": "a", "address": "192.0.2.1", "ssh": SSH} for name in ("sw-1", "sw-2")}
    inventory = Inventory.model_validate({"sites": {"a": {}}, "devices": {**devices, "ups": {"site": "a"}}})
    known = ConfigBackup("sw-1", 0.0, 60.0, 60.0, "stored", unsaved=False, commit="abc")
    snapshot = Snapshot(60.0, FakeView(), (), (), (), estate=Estate(60.0, backups={"sw-1": known}))
    row = backups_row(snapshot, inventory)
    first, second = json.loads(json.dumps(row))["backups"]
    assert (first["device"], first["outcome"], first["succeeded_at"]) == ("sw-1", "stored", "1970-01-01T00:01:00Z")
    assert (second["device"], second["outcome"], second["awaited_since"]) == ("sw-2", None, None)

"""A configuration for the farm: every device polled by the same module that snmp_exporter reads."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.farm import Farm
from tests.bench.peer import module
from tests.bench.procs import COMMUNITY


def write_configuration(
    folder: Path, devices: Farm, port: int, names: frozenset[str] | None = None, silent: Farm | None = None
) -> None:
    """Write ringwacht.yml, the community and the module that names the columns; JSON is YAML.

    The devices are sw-0, sw-1 and so on; the silent ones come last.
    """
    (folder / "community").write_text(COMMUNITY, encoding="utf-8")
    (folder / "snmp.yml").write_text(json.dumps(module(names)), encoding="utf-8")
    addresses = [f"{host}:{farm.port}" for farm in (devices, silent) if farm for host in farm.hosts]
    device = {"site": "kreishaus", "profile": "none", "modules": ["if_mib"], "checks": ["snmp"], "credential": "lab"}
    configuration = {
        "municipality": {"id": "bench", "name": "Bench"},
        "web": {"listen": f"127.0.0.1:{port}"},
        "state": {"directory": "state"},
        "defaults": {"interval": "60s"},
        "credentials": {"lab": {"snmp": {"version": "2c", "community": {"file": "community"}}}},
        "snmp_modules": ["snmp.yml"],
        "sites": {"kreishaus": {"name": "Kreishaus"}},
        "devices": {f"sw-{index}": {**device, "address": address} for index, address in enumerate(addresses)},
    }
    (folder / "ringwacht.yml").write_text(json.dumps(configuration), encoding="utf-8")

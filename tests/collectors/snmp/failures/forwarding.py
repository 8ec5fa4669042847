"""A forwarding table (BRIDGE-MIB dot1dTpFdbPort) of a hundred thousand rows, and a collector that reads it.

``python -m tests.collectors.snmp.failures.forwarding PORT FOLDER`` reads it over loopback and prints the cost as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from agent.contract import Harvest
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.spec import make_spec
from tests.collectors.snmp.lab import Bench, is_walk
from tests.harness.snmp_agent import Agent, encode

FDB = "1.3.6.1.2.1.17.4.3.1.2"
SIZE = 100_000
MODULE = f"""
fdb:
  walk: [{FDB}]
  metrics:
    - name: dot1dTpFdbPort
      oid: {FDB}
      type: gauge
      help: Port behind which an address is.
      indexes: [{{labelname: dot1dTpFdbAddress, type: PhysAddress48, fixed_size: 6}}]
"""


class Endless:
    """Rows that are made as they are asked for; ``told`` counts them."""

    def __init__(self) -> None:
        self.told = 0

    def __call__(self, agent: Agent, request: Request) -> Sequence[bytes] | None:
        if not is_walk(request, FDB):
            return None
        index = request.oids[0][len(FDB.split(".")) :]
        first = int.from_bytes(bytes(index[3:])) + 1 if index else 0
        rows = range(first, min(first + max(request.second, 1), SIZE))
        self.told += len(rows)
        following = [(f"{FDB}.0.17.0.{row >> 16}.{row >> 8 & 255}.{row & 255}", encode(row % 48)) for row in rows]
        return [agent.reply(request, following or [(FDB, ber.END_OF_MIB_VIEW)])]


async def read(bench: Bench, port: int, folder: Path, polls: int) -> Harvest:
    """Read the table so many times with the default caps."""
    module = folder / "snmp.yml"
    await asyncio.to_thread(module.write_text, MODULE)
    spec = await asyncio.to_thread(make_spec, [module])
    collector = bench.collector(
        port, spec=spec, profile="none", modules=("fdb",), budget_seconds=60.0, timeout_seconds=20.0
    )
    for _ in range(polls - 1):
        await collector.collect()
    return await collector.collect()


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


async def main(port: int, folder: Path) -> None:
    """Print series, remarks and how much memory three polls took."""
    bench = Bench()
    gc.collect()
    before = resident()
    harvest = await read(bench, port, folder, 3)
    grown = resident() - before
    await bench.close()
    sys.stdout.write(json.dumps({"series": len(harvest.values), "partial": harvest.partial, "grown": grown}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))

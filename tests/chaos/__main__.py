"""``python -P -m tests.chaos --runs 1000``: kill it so often, and say whether anything was lost or came twice."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.invariants import START_SECONDS, faults, repeats
from tests.chaos.killer import Course, kill_over_and_over
from tests.chaos.watched import DEVICES, watched


def main() -> int:
    """Run it; 1 where anything happened that must not."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="how often it is killed")
    parser.add_argument("--seed", type=int, default=1, help="the same seed breaks and kills at the same moments")
    parser.add_argument("--starts", type=int, default=20, help="how often the real daemon is killed and started")
    options = parser.parse_args()
    with TemporaryDirectory() as directory:
        course = asyncio.run(kill_over_and_over(Path(directory), options.runs, options.seed))
        found = faults(course)
        _say(*_figures(course), *(f"FAULT {fault}" for fault in found))
        starts = sorted(asyncio.run(_starts(Path(directory) / "daemon", options.starts)))
    _say(f"start of the real daemon: half within {starts[len(starts) // 2]:.1f} s, all within {starts[-1]:.1f} s")
    return 1 if found or starts[-1] >= START_SECONDS else 0


async def _starts(directory: Path, count: int) -> list[float]:
    """Return how long the real daemon took to be ready, in seconds, each time after it was killed."""
    async with watched(directory) as here:
        here.silence(DEVICES[0])
        for _ in range(count):
            await here.daemon.process.kill()
            await here.start()
        return here.start_seconds


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _figures(course: Course) -> list[str]:
    said = Counter(one["what"] for one in course.journal)
    starts = sorted(one["seconds"] for one in course.journal if one["what"] == "start")
    return [
        f"{course.kills} kills, {len(starts)} of them after the start",
        f"{said['decided']} transitions handed on, {said['did']} deeds done, {said['refused']} refused",
        f"{len(course.taken)} messages taken, {repeats(course)} of them twice; {course.refused} answered with 503",
        f"start: half within {starts[len(starts) // 2] * 1000:.0f} ms, all within {starts[-1] * 1000:.0f} ms",
    ]


if __name__ == "__main__":
    raise SystemExit(main())

"""``python -P -m tests.bench``: Ringwacht beside its peers, in turns, in one run; see docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from tests.bench import goals, tables
from tests.bench.goals import Goal
from tests.bench.plot import svg
from tests.bench.report import IMAGES, Result, machine, show, write
from tests.bench.tables import Part


def main() -> int:
    """Measure, show, and write if asked to; 2 where a server is missing or does not start."""
    options = _options()
    try:
        _tell(machine(), options.write)
        reached: list[Goal] = []
        for part in _parts(options):
            _tell(part.result, options.write)
            if part.picture is not None and options.write:
                (IMAGES / f"{part.result.name}.svg").write_text(svg(part.picture), encoding="utf-8")
            reached += part.goals
        reached += () if options.county else tables.without_the_long_runs()
        _tell(goals.table(reached), options.write)
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parts(options: argparse.Namespace) -> Iterator[Part]:
    yield tables.snmp(options.devices, options.rounds)
    yield tables.ports()
    yield tables.page()
    yield tables.host(options.scrapes)
    yield tables.trap()
    yield tables.judged()
    if options.county:
        yield tables.linear()
        yield tables.long_run(options.seconds)


def _tell(result: Result, to_page: bool) -> None:
    show(result)
    sys.stdout.flush()
    if to_page:
        write(result)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--devices", type=int, default=100, help="loopback addresses polled in each round")
    parser.add_argument("--rounds", type=int, default=4, help="rounds that count on each side")
    parser.add_argument("--scrapes", type=int, default=500, help="scrapes of this machine that count on each side")
    parser.add_argument("--county", action="store_true", help="also the long runs: 100 to 2,000 devices")
    parser.add_argument("--seconds", type=float, default=100, help="how long each of the two longest is measured")
    parser.add_argument("--write", action="store_true", help="put the results into docs/benchmarks.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

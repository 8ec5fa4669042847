"""``python -P -m tests.bench``: Ringwacht beside its peers, in turns, in one run; see docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys

from tests.bench import county, hosting, polling, rendering
from tests.bench.report import Result, machine, show, write

MICRO = 1e6
MEGA = 1e6


def main() -> int:
    """Measure, show, and write if asked to; 2 where a server is missing or does not start."""
    options = _options()
    try:
        results = [machine(), _polling(options.devices, options.rounds), _rendering(), _hosting(options.scrapes)]
        if options.county:
            results.append(_county(options.seconds))
        for result in results:
            show(result)
            if options.write:
                write(result)
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--devices", type=int, default=100, help="loopback addresses polled in each round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count on each side")
    parser.add_argument("--scrapes", type=int, default=500, help="scrapes of this machine that count on each side")
    parser.add_argument("--county", action="store_true", help="also the long run: 1,000 devices")
    parser.add_argument("--seconds", type=float, default=180, help="how long the long run is measured")
    parser.add_argument("--write", action="store_true", help="put the results into docs/benchmarks.md")
    return parser.parse_args()


def _polling(devices: int, rounds: int) -> Result:
    ours, peer = polling.compare(devices, rounds)
    rows = [
        (
            side.name,
            f"{side.values:,}",
            f"{side.lines:,}",
            f"{side.cpu_seconds / side.values * MICRO:.2f} µs",
            f"{side.cpu_seconds / side.lines * MICRO:.2f} µs",
            f"{side.rss_bytes / MEGA:.0f} MB",
        )
        for side in (ours, peer)
    ]
    by_value = (ours.cpu_seconds / ours.values) / (peer.cpu_seconds / peer.values)
    by_line = (ours.cpu_seconds / ours.lines) / (peer.cpu_seconds / peer.lines)
    rows.append(("ratio", "", "", f"{by_value:.2f}", f"{by_line:.2f}", f"{ours.rss_bytes / peer.rss_bytes:.2f}"))
    columns = ("side", "values a round", "lines a round", "CPU a value", "CPU a line", "resident memory")
    return Result("snmp", columns, tuple(rows))


def _rendering() -> Result:
    took = rendering.compare()
    rows = (
        ("Ringwacht", f"{took.ours_seconds * 1e3:.0f} ms"),
        ("prometheus_client", f"{took.peer_seconds * 1e3:.0f} ms"),
        ("ratio", f"{took.ours_seconds / took.peer_seconds:.3f}"),
    )
    return Result("rendering", ("side", f"CPU a page of {took.lines:,} series"), rows)


def _hosting(scrapes: int) -> Result:
    ours, peer = hosting.compare(scrapes)
    whole = hosting.daemon()._replace(name="Ringwacht, the whole daemon for a second")
    rows = [
        (
            side.name,
            f"{side.lines:,}",
            f"{side.cpu_seconds * 1e3:.2f} ms",
            f"{side.cpu_seconds / side.lines * MICRO:.1f} µs",
            f"{side.rss_bytes / MEGA:.0f} MB",
        )
        for side in (ours, peer, whole)
    ]
    by_scrape = ours.cpu_seconds / peer.cpu_seconds
    ratio = ("ratio", "", f"{by_scrape:.2f}", f"{by_scrape * peer.lines / ours.lines:.2f}")
    rows.insert(2, (*ratio, f"{ours.rss_bytes / peer.rss_bytes:.2f}"))
    return Result("host", ("side", "series", "CPU a scrape", "CPU a series", "resident memory"), tuple(rows))


def _county(seconds: float) -> Result:
    said = county.run(seconds)
    rows = (
        ("measured for", f"{seconds:.0f} s"),
        ("devices up", f"{said.devices_up:,}"),
        ("values read a second", f"{said.values_per_second:,.0f}"),
        ("series on the page", f"{said.series:,}"),
        ("CPU, share of one core", f"{said.cpu_share:.1%}"),
        ("resident memory", f"{said.rss_bytes / MEGA:.0f} MB"),
        ("start skew, p99 of the worst minute", f"{said.skew_seconds * 1e3:.0f} ms"),
        ("loop lag, p99 of the worst minute", f"{said.lag_seconds * 1e3:.0f} ms"),
    )
    return Result("county", ("what", "is"), rows)


if __name__ == "__main__":
    sys.exit(main())

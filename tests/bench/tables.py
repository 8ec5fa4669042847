"""What each part measured, as a table for the page and as goals that were reached or not."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from tests.bench import collectd, county, hosting, judging, linearity, polling, rendering, traps, veth
from tests.bench.county import County
from tests.bench.farm import Farm, farm
from tests.bench.goals import Goal, shown
from tests.bench.linearity import Point
from tests.bench.plot import Plot
from tests.bench.polling import Side
from tests.bench.report import Result

MICRO = 1e6
MEGA = 1e6
NOT_ASKED = "needs --county"
SIDES = ("side", "values a round", "lines a round", "CPU a value", "CPU a line", "resident memory")
AGAINST_EXPORTER = Goal("SNMP, CPU a value: against snmp_exporter", 0.2)
AGAINST_COLLECTD = Goal("SNMP, CPU a value: against collectd's snmp plugin, as its manual shows", 0.1)
ON_VETH = Goal("the same over 48 veth ports: against snmp_exporter", 0.2)
SCRAPE = Goal("page of the county's series, CPU: against prometheus_client", 0.05)
JUDGED = Goal("a network of 200 nodes and 400 links judged after a cut", 0.1, "time")
TRAP = Goal("trap to changed state, the slowest", 2, "time")
COUNTY = (
    Goal("county: CPU, share of one core", 0.1, "share"),
    Goal("county: resident memory", 200e6, "memory"),
    Goal("county: start skew, p99 of the worst minute", 1, "time"),
    Goal("county: loop lag, p99 of the worst minute", 0.05, "time"),
)
SILENT = (
    Goal("30 % silent: the living devices' p99 poll, against all answering", 1.2),
    Goal("30 % silent: start skew, p99 of the worst minute", 1, "time"),
)
LINEAR = Goal("CPU a device: 2,000 devices against 100", 1.2)
"""Linear is what grows by no more than this; /proc's resolution and caches account for some of it."""


class Part(NamedTuple):
    """One part of the benchmark: its table, its goals, and its picture where it has one."""

    result: Result
    goals: tuple[Goal, ...]
    picture: Plot | None = None


def snmp(devices: int, rounds: int) -> Part:
    """Poll to rendered line: Ringwacht, snmp_exporter, and collectd where it is installed."""
    with farm(devices) as agent:
        ours, peer = polling.compare_on(agent, rounds)
        others, lacking = _collectd(agent)
    rows = [*map(_side_row, (ours, peer)), ("ratio", "", "", *_ratios(ours, peer))]
    for other in others:
        rows += [_side_row(other), ("ratio", "", "", *_ratios(ours, other))]
    if lacking:
        rows.append(("collectd", *["not measured"] * (len(SIDES) - 1)))
    documented = AGAINST_COLLECTD._replace(missing=lacking)
    if others:
        documented = AGAINST_COLLECTD._replace(measured=_by_value(ours, others[0]))
    goals = (AGAINST_EXPORTER._replace(measured=_by_value(ours, peer)), documented)
    return Part(Result("snmp", SIDES, tuple(rows), lacking), goals)


def _collectd(agent: Farm) -> tuple[tuple[Side, ...], str]:
    """Return both ways of collectd, or why they could not be measured."""
    if lacking := collectd.missing():
        return (), lacking
    try:
        return collectd.measure(agent), ""
    except RuntimeError as error:
        return (), str(error)


def ports() -> Part:
    """Measure the same over real interfaces, where there can be a network namespace."""
    if lacking := veth.missing():
        row = ("not measured", *[""] * (len(SIDES) - 1))
        return Part(Result("veth", SIDES, (row,), lacking), (ON_VETH._replace(missing=lacking),))
    ours, peer = veth.measure()
    rows = (_side_row(ours), _side_row(peer), ("ratio", "", "", *_ratios(ours, peer)))
    return Part(Result("veth", SIDES, rows), (ON_VETH._replace(measured=_by_value(ours, peer)),))


def page() -> Part:
    """One scrape of as many series as the county has."""
    took = rendering.compare()
    ratio = took.ours_seconds / took.peer_seconds
    rows = (
        ("Ringwacht", f"{took.ours_seconds * 1e3:.0f} ms"),
        ("prometheus_client", f"{took.peer_seconds * 1e3:.0f} ms"),
        ("ratio", f"{ratio:.3f}"),
    )
    result = Result("rendering", ("side", f"CPU a page of {took.lines:,} series"), rows)
    return Part(result, (SCRAPE._replace(measured=ratio),))


def host(scrapes: int) -> Part:
    """Measure this machine's own metrics, beside node_exporter."""
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
    result = Result("host", ("side", "series", "CPU a scrape", "CPU a series", "resident memory"), tuple(rows))
    return Part(result, (Goal("host, CPU a scrape: against node_exporter", 1, measured=by_scrape),))


def trap() -> Part:
    """From snmptrap's start to the changed state."""
    took = traps.measure()
    rows = (("changes", str(len(took))), ("median", shown(median(took), "time")), ("slowest", shown(max(took), "time")))
    return Part(Result("trap", ("what", "is"), rows), (TRAP._replace(measured=max(took)),))


def judged() -> Part:
    """Judge a large network."""
    took = judging.measure()
    rows = (
        ("first look", shown(took.first, "time")),
        ("look after a cut", shown(took.changed, "time")),
        ("look at which nothing changed", shown(took.same, "time")),
        ("networkx: each element taken away, connected parts", shown(took.peer, "time")),
        ("ratio", f"{took.changed / took.peer:.2f}"),
    )
    return Part(Result("judged", ("what", "CPU"), rows), (JUDGED._replace(measured=took.changed),))


def long_run(seconds: float) -> Part:
    """Run the county with every device answering, then with silent ones beside them, 30 % of all."""
    whole = county.run(seconds)
    silent = county.run(seconds, county.SILENT)
    before, after = county.p99(whole, county.DEVICES), county.p99(silent, county.DEVICES)
    of_whole = (whole.cpu_share, whole.rss_bytes, whole.skew_seconds, whole.lag_seconds)
    measured = (*of_whole, after / before, silent.skew_seconds)
    goals = (goal._replace(measured=figure) for goal, figure in zip((*COUNTY, *SILENT), measured, strict=True))
    rows = _county_rows(seconds, (whole, silent), (before, after))
    result = Result("county", ("what", "all answer", "30 % silent"), rows)
    return Part(result, tuple(goals))


def _county_rows(seconds: float, runs: Sequence[County], p99: Sequence[float]) -> tuple[tuple[str, ...], ...]:
    return (
        ("measured for", *(f"{seconds:.0f} s" for _ in runs)),
        ("devices up", *(f"{run.devices_up:,}" for run in runs)),
        ("values read a second", *(f"{run.values_per_second:,.0f}" for run in runs)),
        ("series on the page", *(f"{run.series:,}" for run in runs)),
        ("CPU, share of one core", *(f"{run.cpu_share:.1%}" for run in runs)),
        ("resident memory", *(f"{run.rss_bytes / MEGA:.0f} MB" for run in runs)),
        ("start skew, p99 of the worst minute", *(shown(run.skew_seconds, "time") for run in runs)),
        ("loop lag, p99 of the worst minute", *(shown(run.lag_seconds, "time") for run in runs)),
        (f"poll of the {county.DEVICES:,} living devices, p99", *(shown(seconds, "time") for seconds in p99)),
    )


def linear() -> Part:
    """Poll 100 to 2,000 devices."""
    points = linearity.measure()
    result = Result("linearity", ("devices", "CPU a round", "CPU a device", "resident memory"), _points(points))
    return Part(result, (LINEAR._replace(measured=linearity.growth(points)),), linearity.picture(points))


def without_the_long_runs() -> tuple[Goal, ...]:
    """Return the goals of the long runs where nobody asked for these."""
    return tuple(goal._replace(missing=NOT_ASKED) for goal in (*COUNTY, *SILENT, LINEAR))


def _points(points: Sequence[Point]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            f"{point.devices:,}",
            f"{point.cpu_seconds:.2f} s",
            f"{point.each * 1e3:.2f} ms",
            f"{point.rss_bytes / MEGA:.0f} MB",
        )
        for point in points
    )


def _side_row(side: Side) -> tuple[str, ...]:
    return (
        side.name,
        f"{side.values:,}",
        f"{side.lines:,}",
        f"{side.cpu_seconds / side.values * MICRO:.2f} µs",
        f"{side.cpu_seconds / side.lines * MICRO:.2f} µs",
        f"{side.rss_bytes / MEGA:.0f} MB",
    )


def _ratios(ours: Side, peer: Side) -> tuple[str, str, str]:
    by_line = (ours.cpu_seconds / ours.lines) / (peer.cpu_seconds / peer.lines)
    return f"{_by_value(ours, peer):.2f}", f"{by_line:.2f}", f"{ours.rss_bytes / peer.rss_bytes:.2f}"


def _by_value(ours: Side, peer: Side) -> float:
    return (ours.cpu_seconds / ours.values) / (peer.cpu_seconds / peer.values)

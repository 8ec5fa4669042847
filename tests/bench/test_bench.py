"""The benchmark itself: both sides really do the same work."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench import collectd, county, goals, hosting, linearity, plot, polling, report, tables, traps, veth
from tests.bench.collectd_conf import as_documented, configuration, listed, tuned, types
from tests.bench.columns import COLUMNS, COUNTY_COLUMNS
from tests.bench.configuration import write_configuration
from tests.bench.farm import PORTS, Farm, black_hole, farm
from tests.bench.goals import Goal
from tests.bench.linearity import Point
from tests.bench.procs import answers_snmp

NAMES = {column.name for column in COLUMNS}
TEXTS = {column.name for column in COLUMNS if column.syntax == "string"}


def test_the_county_reads_eleven_columns_that_exist() -> None:
    assert len(COUNTY_COLUMNS) == 11
    assert NAMES >= COUNTY_COLUMNS


@pytest.mark.integration
def test_one_agent_answers_from_every_address() -> None:
    with farm(300) as agent:
        assert len(set(agent.hosts)) == 300
        assert all(answers_snmp(host, agent.port) for host in (agent.hosts[0], agent.hosts[249], agent.hosts[250]))


@pytest.mark.integration
def test_both_sides_read_and_render_the_same() -> None:
    ours, peer = polling.compare(devices=3, rounds=1)
    assert ours.lines == peer.lines == 3 * PORTS * (len(NAMES) - len(TEXTS))
    assert peer.values == 3 * PORTS * len(NAMES)
    assert ours.values >= ours.lines


@pytest.mark.integration
def test_both_sides_show_this_machine() -> None:
    ours, peer = hosting.compare(scrapes=20)
    assert 100 < ours.lines <= peer.lines
    assert ours.cpu_seconds > 0 < peer.cpu_seconds


def test_only_lines_about_the_machine_count() -> None:
    page = "# HELP node_load1 x\nnode_load1 1\nnode_scrape_collector_success 1\nnode_exporter_build_info 1\n"
    assert hosting.series(page + "ringwacht_up 1\n") == ("node_load1 1",)


def test_a_result_replaces_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("before\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nafter\n", encoding="utf-8")
    monkeypatch.setattr(report, "PAGE", page)
    report.write(report.Result("x", ("a", "b"), (("1", r"\2"),)))
    assert page.read_text(encoding="utf-8") == (
        "before\n<!-- bench:x -->\n| a | b |\n|---|---:|\n| 1 | \\2 |\n<!-- /bench:x -->\nafter\n"
    )
    with pytest.raises(RuntimeError, match="no place"):
        report.write(report.Result("y", ("a",), ()))


def test_the_page_has_a_place_for_each_result() -> None:
    text = report.PAGE.read_text(encoding="utf-8")
    names = ("goals", "machine", "snmp", "veth", "rendering", "host", "trap", "linearity", "county")
    for name in names:
        assert text.count(f"<!-- bench:{name} -->") == text.count(f"<!-- /bench:{name} -->") == 1


def test_the_silent_devices_come_last_and_never_answer(tmp_path: Path) -> None:
    with black_hole(2) as hole:
        write_configuration(tmp_path, Farm(16100, ("127.1.0.1",)), 16200, silent=hole)
        assert not answers_snmp(hole.hosts[0], hole.port)
    devices = json.loads((tmp_path / "ringwacht.yml").read_text(encoding="utf-8"))["devices"]
    addresses = {name: device["address"] for name, device in devices.items()}
    assert addresses == {
        "sw-0": "127.1.0.1:16100",
        "sw-1": f"127.1.0.1:{hole.port}",
        "sw-2": f"127.1.0.2:{hole.port}",
    }


def of_polls(polls: Mapping[str, tuple[float, ...]]) -> county.County:
    return county.County(polls, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0)


def test_a_poll_seen_twice_is_one_poll() -> None:
    line = 'ringwacht_collect_duration_seconds{device="sw-7",check="snmp"} '
    pages = [[f"{line}0.25", "ringwacht_up 1"], [f"{line}0.25"], [f"{line}0.5"]]
    assert county.polls_of(pages) == {"sw-7": (0.25, 0.5)}


def test_p99_is_of_the_living_alone() -> None:
    polls: dict[str, tuple[float, ...]] = {f"sw-{index}": (index / 100,) for index in range(100)}
    polls["sw-100"] = (60.0,)
    assert county.p99(of_polls(polls), 100) == 0.99
    assert county.p99(of_polls({"sw-0": (0.1,), "sw-1": (9.0,)}), 1) == 0.1
    assert not county.p99(of_polls({}), 5) <= 1


@pytest.mark.parametrize(
    ("goal", "verdict"),
    [
        (Goal("x", 0.2, measured=0.2), "met"),
        (Goal("x", 0.2, measured=0.21), "missed"),
        (Goal("x", 0.2), "missed"),  # not a number: unknown is never met
        (Goal("x", 0.2, measured=0.1, missing="no collectd"), "not measured: no collectd"),
    ],
)
def test_a_goal_is_met_or_missed_or_says_why_neither(goal: Goal, verdict: str) -> None:
    assert goal.verdict == verdict


def test_the_goals_are_one_table() -> None:
    wanted = [Goal("a", 0.1, "share", 0.097), Goal("b", 2, "time", 0.0554), Goal("c", 200e6, "memory", missing="why")]
    assert goals.table(wanted).rows == (
        ("a", "9.7%", "10.0%", "met"),
        ("b", "55 ms", "2.00 s", "met"),
        ("c", "", "200 MB", "not measured: why"),
    )


def test_both_ways_of_collectd_read_every_numeric_column_once() -> None:
    texts = {column.name for column in COLUMNS if column.syntax in {"string", "address"}}
    for way in (as_documented(), tuned()):
        read = [column.name for block in way.blocks for column in block.columns]
        assert sorted(read) == sorted(NAMES - texts), way.name
    pairs = {block.name: [one.name for one in block.columns] for block in as_documented().blocks}
    assert pairs["ifHCInOctets"] == ["ifHCInOctets", "ifHCOutOctets"]
    assert pairs["ifInUnknownProtos"] == ["ifInUnknownProtos"]


def test_collectd_is_told_of_each_device_and_each_type(tmp_path: Path) -> None:
    known = {line.split()[0] for line in types().splitlines()}
    for way in (as_documented(), tuned()):
        assert {block.type for block in way.blocks} <= known
        text = configuration(tmp_path, way, ["127.1.0.1", "127.1.0.2"], 16100, 5.0)
        assert text.count("<Host ") == 2
        assert text.count("<Data ") == len(way.blocks)
        assert 'Address "127.1.0.2:16100"' in text
        assert f"BulkSize {way.bulk}\n" in text


def test_what_collectd_lists_is_read_by_block() -> None:
    answer = "1795333508.467 sw-0/snmp-ifMtu/single_gauge-Gi0_1\n1795333509.5 sw-0/snmp-ifTable/if_table-Gi0-1\n"
    assert list(listed(answer)) == [("ifMtu", 1795333508.467), ("ifTable", 1795333509.5)]


def test_without_collectd_the_row_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collectd, "program", lambda: None)
    assert collectd.missing().endswith(collectd.PACKAGE)


def test_without_root_the_row_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(veth, "missing", lambda: "needs root for a network namespace")
    part = tables.ports()
    assert part.result.rows[0][0] == "not measured"
    assert part.result.note == "needs root for a network namespace"
    assert part.goals[0].verdict == "not measured: needs root for a network namespace"


def test_there_are_48_ports_of_24_pairs() -> None:
    lines = veth.links().splitlines()
    assert len([line for line in lines if " type veth peer " in line]) == 24
    assert {line.split()[2] for line in lines if line.startswith("link set port")} == {
        f"port{number}" for number in range(1, 49)
    }


def test_growth_is_of_the_cost_of_one_device() -> None:
    points = (Point(100, 0.1, 1), Point(2000, 2.2, 1))
    assert linearity.growth(points) == pytest.approx(1.1)
    assert linearity.picture(points).points == ((100.0, 0.1), (2000.0, 2.2))


def test_the_plot_is_svg_with_a_point_for_each_figure() -> None:
    text = plot.svg(plot.Plot("CPU <a round>", "devices", "seconds", ((100, 0.1), (1000, 1.0), (2000, 2.4))))
    root = ElementTree.fromstring(text)  # noqa: S314 - our own text
    circles = [element for element in root.iter() if element.tag.endswith("circle")]
    assert len(circles) == 3
    assert [float(circle.get("cx", "")) for circle in circles] == sorted(float(one.get("cx", "")) for one in circles)
    assert float(circles[-1].get("cx", "")) == plot.WIDTH - plot.RIGHT
    assert "prefers-color-scheme:dark" in text


@pytest.mark.parametrize(("value", "end"), [(2.4, 2.5), (0.03, 0.05), (1.0, 1.0), (7.0, 10.0), (230.0, 250.0)])
def test_an_axis_ends_with_a_round_figure(value: float, end: float) -> None:
    assert plot.ceiling(value) == pytest.approx(end)


def test_a_port_is_read_off_the_page() -> None:
    assert traps.shown('# TYPE ifOperStatus gauge\nifOperStatus{device="sw-1",ifIndex="1"} 2\n') == 2
    assert traps.shown("ringwacht_up 1\n") is None


def test_a_collectd_that_fails_leaves_the_rest_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_agent: Farm) -> tuple[polling.Side, ...]:
        raise RuntimeError("nothing came")

    @contextmanager
    def no_farm(_devices: int) -> Generator[Farm]:
        yield Farm(0, ())

    def both(_agent: Farm, _rounds: int) -> tuple[polling.Side, polling.Side]:
        return side, side

    side = polling.Side("either", 100, 50, 0.001, 1)
    monkeypatch.setattr(tables, "farm", no_farm)
    monkeypatch.setattr(polling, "compare_on", both)
    monkeypatch.setattr(collectd, "missing", lambda: "")
    monkeypatch.setattr(collectd, "measure", fails)
    part = tables.snmp(1, 1)
    assert [goal.verdict for goal in part.goals] == ["missed", "not measured: nothing came"]
    assert part.result.rows[-1][:2] == ("collectd", "not measured")
    assert part.result.note == "nothing came"


def test_what_nobody_asked_for_is_in_the_table_all_the_same() -> None:
    assert {goal.verdict for goal in tables.without_the_long_runs()} == {"not measured: needs --county"}
    assert len(tables.without_the_long_runs()) == len(tables.COUNTY) + len(tables.SILENT) + 1

"""The benchmark itself: both sides really do the same work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import hosting, polling, report
from tests.bench.columns import COLUMNS, COUNTY_COLUMNS
from tests.bench.farm import PORTS, farm
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
    for name in ("machine", "snmp", "rendering", "host", "county"):
        assert text.count(f"<!-- bench:{name} -->") == text.count(f"<!-- /bench:{name} -->") == 1

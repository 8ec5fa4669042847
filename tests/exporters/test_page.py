from __future__ import annotations

import asyncio
import gc
import math
import weakref
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import Metric, parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from agent import families, figures
from agent.contract import AlertState, MetricFamily, Snapshot
from agent.neutral import NEUTRAL
from exporters.prometheus.page import PrometheusPage
from exporters.prometheus.text import spell
from tests.exporters.fakes import make_alert, make_layout, make_snapshot, make_table

Parsed = dict[tuple[str, frozenset[tuple[str, str]]], float]

OCTETS = MetricFamily("ifHCInOctets", "counter", 'Octets "in"\nof \\ the port.', ("ifIndex", "ifAlias"))
SPEED = MetricFamily("ifSpeed", "gauge", "Speed.", ("ifIndex", "ifAlias"))
ERRORS = MetricFamily("poll_errors_total", "counter", "Errors.")
UNAME = MetricFamily("node_uname_info", "info", "System.", ("sysname",))
# The rate of a line is given in bit/s in the field; promtool would have bytes (docs/decisions, 7).
REMARKED = "_bits_per_second"
HOSTILE = ('"} 1\nfake{x="', "a\\", "100 %s %d %%", "\udcff", "\0name\0", "\u202e", " nan\n", "")


class Watched(str):
    """Text that a weak reference can follow; the layout that holds it cannot be."""


async def page_of(snapshot: Snapshot, openmetrics: bool = False) -> str:
    return (await PrometheusPage().render(snapshot, openmetrics)).decode()


def parse(page: str, openmetrics: bool = False) -> Parsed:
    found: Parsed = {}
    names = {line.split("{")[0].split(" ")[0] for line in sample_lines(page)}
    module: Any = openmetrics_parser if openmetrics else parser  # they carry no types
    families_read: Iterable[Metric] = module.text_string_to_metric_families(page)
    for family in families_read:
        for sample in family.samples:
            # The client's parser of 0.0.4 adds the `_total` that an inherited counter lacks.
            name = sample.name if sample.name in names else sample.name.removesuffix("_total")
            key = (name, frozenset(sample.labels.items()))
            assert key not in found, f"twice on the page: {key}"
            found[key] = float(sample.value)
    return found


def of_device(name: str, device: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset({"device": device, "instance": device, "site": "rathaus", **labels}.items())


def sample_lines(page: str) -> list[str]:
    return [line for line in page.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("openmetrics", [False, True])
async def test_both_formats_hold_every_series_with_its_value(openmetrics: bool) -> None:
    rows = [("1", "uplink"), ("2", "")]
    layout = make_layout((OCTETS, rows), (SPEED, rows), (ERRORS, [()]), (UNAME, [("Linux",)]))
    values = [2**63, 5, 1e9, 0.25, 3, 1]
    snapshot = make_snapshot(make_table("sw-1", layout, values), make_table("sw-2", layout, values))
    found = parse(await page_of(snapshot, openmetrics), openmetrics)
    for device in ("sw-1", "sw-2"):
        assert found[of_device("ifHCInOctets", device, ifIndex="1", ifAlias="uplink")] == 2**63
        assert found[of_device("ifSpeed", device, ifIndex="2", ifAlias="")] == 0.25
        assert found[of_device("poll_errors_total", device)] == 3
        assert found[of_device("node_uname_info", device, sysname="Linux")] == 1
    assert len(found) == 12


async def test_a_familys_series_stand_together_under_one_declaration() -> None:
    layout = make_layout((SPEED, [("1", "")]), (ERRORS, [()]))
    other = MetricFamily("ifSpeed", "counter", "Another opinion.", ("ifIndex", "ifAlias"))
    snapshot = make_snapshot(
        make_table("sw-1", layout, [1, 2]),
        make_table("sw-2", make_layout((other, [("1", "")])), [3]),
    )
    names = [line.split("{")[0].split(" ")[0] for line in sample_lines(await page_of(snapshot))]
    assert names == ["ifSpeed", "ifSpeed", "poll_errors_total"]
    page = await page_of(snapshot)
    assert page.count("# TYPE ifSpeed ") == page.count("# HELP ifSpeed ") == 1
    assert "# TYPE ifSpeed gauge" in page


@pytest.mark.parametrize(
    ("family", "declared"),
    [
        (ERRORS, "poll_errors counter"),
        (OCTETS, "ifHCInOctets unknown"),
        (UNAME, "node_uname info"),
        (MetricFamily("colour", "stateset", "State.", ("colour",)), "colour stateset"),
        (MetricFamily("state", "stateset", "State.", ("other",)), "state gauge"),
        (MetricFamily("thing", "unknown", "Thing."), "thing unknown"),
    ],
)
async def test_openmetrics_declares_what_the_name_allows(family: MetricFamily, declared: str) -> None:
    layout = make_layout((family, [tuple("x" for _ in family.labels)]))
    snapshot = make_snapshot(make_table("d", layout, [1]))
    page = await page_of(snapshot, openmetrics=True)
    assert f"# TYPE {declared}\n" in page
    assert page.endswith("# EOF\n")
    assert [name for name, _ in parse(page, openmetrics=True)] == [family.name]
    assert [name for name, _ in parse(await page_of(snapshot))] == [family.name]


async def test_openmetrics_never_declares_one_name_twice() -> None:
    gauge = MetricFamily("poll_errors", "gauge", "A gauge of the shorter name.")
    snapshot = make_snapshot(make_table("d", make_layout((ERRORS, [()]), (gauge, [()])), [1, 2]))
    page = await page_of(snapshot, openmetrics=True)
    assert "# TYPE poll_errors gauge\n" in page
    assert "# TYPE poll_errors_total unknown\n" in page


async def test_a_rows_own_label_outranks_the_targets() -> None:
    disk = MetricFamily("node_disk_reads_completed_total", "counter", "Reads.", ("device",))
    page = await page_of(make_snapshot(make_table("srv", make_layout((disk, [("sda",)])), [7])))
    assert sample_lines(page) == ['node_disk_reads_completed_total{instance="srv",site="rathaus",device="sda"} 7']


@pytest.mark.parametrize("openmetrics", [False, True])
async def test_hostile_labels_come_back_as_they_were(openmetrics: bool) -> None:
    layout = make_layout((SPEED, [(str(index), text) for index, text in enumerate(HOSTILE)]))
    snapshot = make_snapshot(make_table('"} 2\nfake{', layout, range(len(HOSTILE))))
    found = parse(await page_of(snapshot, openmetrics), openmetrics)
    assert {name for name, _ in found} == {"ifSpeed"}
    aliases = {int(value): dict(labels)["ifAlias"] for (_, labels), value in found.items()}
    unwritable = {3: "?", 4: "\ufffdname\ufffd"}
    assert aliases == {index: unwritable.get(index, text) for index, text in enumerate(HOSTILE)}


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_whatever_text_leaves_the_page_parseable(texts: list[str]) -> None:
    layout = make_layout((SPEED, [("1", text) for text in texts]))
    snapshot = make_snapshot(make_table("d", layout, list(range(len(texts)))))
    expected = {text.replace("\0", "\ufffd").encode("utf-8", "replace").decode() for text in texts}
    for openmetrics in (False, True):
        page = asyncio.run(page_of(snapshot, openmetrics))
        assert {dict(labels)["ifAlias"] for _, labels in parse(page, openmetrics)} == expected


async def test_of_two_equal_series_the_first_stays() -> None:
    rows = [("1", "a"), ("1", "a"), ("2", "b")]
    one = make_layout((SPEED, rows), (OCTETS, rows))
    two = make_layout((SPEED, [("2", "b"), ("3", "c")]))
    snapshot = make_snapshot(make_table("d", one, [1, 2, 3, 4, 5, 6]), make_table("d", two, [7, 8]))
    found = parse(await page_of(snapshot))
    assert {dict(labels)["ifIndex"]: value for (name, labels), value in found.items() if name == "ifSpeed"} == {
        "1": 1,
        "2": 3,
        "3": 8,
    }
    assert [value for (name, _), value in found.items() if name == "ifHCInOctets"] == [4, 6]


async def test_what_a_vanished_table_held_back_is_shown_again() -> None:
    page = PrometheusPage()
    one, two = (make_table("d", make_layout((ERRORS, [()])), [value]) for value in (1, 2))
    both = await page.render(make_snapshot(one, two), openmetrics=False)
    assert sample_lines(both.decode()) == ['poll_errors_total{device="d",instance="d",site="rathaus"} 1']
    second = await page.render(make_snapshot(two), openmetrics=False)
    assert sample_lines(second.decode()) == ['poll_errors_total{device="d",instance="d",site="rathaus"} 2']


async def test_templates_of_vanished_jobs_are_dropped() -> None:
    page = PrometheusPage()
    label = Watched("1")
    layout = weakref.ref(label)
    await page.render(make_snapshot(make_table("d", make_layout((SPEED, [(label, "")])), [1])), openmetrics=False)
    del label
    gc.collect()
    assert layout() is not None
    await page.render(make_snapshot(), openmetrics=False)
    gc.collect()
    assert layout() is None


@pytest.mark.parametrize(
    "family",
    [
        MetricFamily("if-speed", "gauge", "No name of ours.", ()),
        MetricFamily("ok", "gauge", "A label twice.", ("a", "a")),
        MetricFamily("ok", "gauge", "A label of Prometheus' own.", ("__name__",)),
        MetricFamily("ok", "gauge", "No label name.", ("a b",)),
    ],
)
async def test_names_that_no_format_accepts_cost_only_their_own_column(family: MetricFamily) -> None:
    layout = make_layout((family, [tuple("x" for _ in family.labels)]), (ERRORS, [()]))
    found = parse(await page_of(make_snapshot(make_table("d", layout, [1, 2]))))
    assert list(found.values()) == [2]


async def test_a_table_whose_values_do_not_fit_its_layout_costs_only_itself() -> None:
    layout = make_layout((ERRORS, [()]))
    found = parse(await page_of(make_snapshot(make_table("bad", layout, [1, 2]), make_table("good", layout, [3]))))
    assert list(found.values()) == [3]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1, 2.5, -0.0, 2**64, 1e300, 5e-324], ["1", "2.5", "-0.0", "18446744073709551616", "1e+300", "5e-324"]),
        ([math.nan, math.inf, -math.inf, 7], ["NaN", "+Inf", "-Inf", "7"]),
        ([True, False, 0.1], ["1", "0", "0.1"]),
        ([None, "17", 3, object()], ["NaN", "NaN", "3", "NaN"]),
    ],
)
def test_values_are_spelled_right(values: list[float], texts: list[str]) -> None:
    assert list(spell(values)) == texts


@given(st.lists(st.one_of(st.floats(), st.integers(), st.booleans()), min_size=1))
def test_every_value_comes_back(values: list[float]) -> None:
    for value, text in zip(values, spell(values), strict=True):
        assert math.isnan(value) if text == "NaN" else (int(text) if isinstance(value, int) else float(text)) == value


async def test_own_series_and_standing_findings_are_shown() -> None:
    own = ((families.LOOP_LAG, (((("quantile", "0.99"),), 0.001),)), (families.OUTBOX, (((), 3.0),)))
    alerts = (
        make_alert(),
        make_alert(rule="ups_on_battery", state=AlertState.PENDING),
        make_alert(rule="leak", state=AlertState.RESOLVED),
    )
    found = parse(await page_of(make_snapshot(alerts=alerts, own=own)))
    link = "link:rf-kh-wad"
    finding = {"subject": link, "severity": "warning", "site": "wadersloh", "cause": link, "leads": "true"}
    assert found == {
        ("ringwacht_loop_lag_seconds", frozenset({("quantile", "0.99")})): 0.001,
        ("ringwacht_outbox_pending", frozenset[tuple[str, str]]()): 3.0,
        ("ringwacht_finding", frozenset({"rule": "link_down", **finding}.items())): 1.0,
        ("ringwacht_finding", frozenset({"rule": "ups_on_battery", **finding}.items())): 1.0,
    }


@pytest.mark.parametrize("openmetrics", [False, True])
async def test_an_empty_snapshot_is_a_valid_page(openmetrics: bool) -> None:
    assert await page_of(make_snapshot(), openmetrics) == ("# EOF\n" if openmetrics else "")


async def test_other_tasks_run_while_a_large_page_is_rendered() -> None:
    layout = make_layout((SPEED, [(str(index), "") for index in range(1000)]))
    tables = [make_table(f"sw-{number}", layout, list(range(1000))) for number in range(20)]
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(tick())
    page = await page_of(make_snapshot(*tables))
    other.cancel()
    assert len(sample_lines(page)) == 20_000
    assert ticks >= 20


def declared_families() -> Iterable[MetricFamily]:
    """The daemon's own and the neutral ones."""
    for module in (families, figures):
        yield from (value for value in vars(module).values() if isinstance(value, MetricFamily))
    yield from NEUTRAL


@pytest.mark.integration
async def test_promtool_finds_nothing_wrong_with_our_own_families() -> None:
    ours = [family for family in declared_families() if family.name.startswith("ringwacht_")]
    texts = {"quantile": "0.5"}
    layout = make_layout(*((family, [tuple(texts.get(name, HOSTILE[0]) for name in family.labels)]) for family in ours))
    page = await page_of(make_snapshot(make_table("d", layout, [1] * len(ours))))
    promtool = await asyncio.create_subprocess_exec(
        "promtool",
        "check",
        "metrics",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    remarks, _ = await promtool.communicate(page.encode())
    assert [line for line in remarks.decode().splitlines() if not line.split(" ", 1)[0].endswith(REMARKED)] == []
    assert len(ours) > 30

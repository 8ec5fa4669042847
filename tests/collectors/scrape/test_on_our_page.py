"""What was scraped stands on our own page, in both formats, whatever two exporters say of one family."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from prometheus_client import Metric, parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from agent.contract import Harvest, Table
from exporters.prometheus.page import PrometheusPage
from tests.collectors.scrape.lab import PAGES, page, read
from tests.exporters.fakes import make_snapshot, make_table

FIRST = """\
# HELP a Number of a.
# TYPE a counter
a{x="1"} 1
# TYPE h histogram
h_bucket{le="+Inf"} 2
h_sum 3
h_count 2
"""
SECOND = """\
# HELP a Something\\nelse "quoted" \\\\.
# TYPE a summary
a{quantile="0.5"} NaN
a_sum 4
a_count 5
# TYPE h gauge
h 7
"""
THIRD = """\
# TYPE h_count histogram
h_count 1
# TYPE h_bucket untyped
h_bucket 2
a_total 9
up 1
ringwacht_up 0
"""
QUARRELLING = (FIRST, SECOND, THIRD)


def tables(*harvests: Harvest) -> list[Table]:
    return [make_table(f"srv-{number}", one.layout, one.values) for number, one in enumerate(harvests)]


async def rendered(*harvests: Harvest, openmetrics: bool = False) -> str:
    return (await PrometheusPage().render(make_snapshot(*tables(*harvests)), openmetrics)).decode()


def names(metrics: list[Metric]) -> set[str]:
    return {sample.name for metric in metrics for sample in metric.samples}


async def test_two_exporters_that_disagree() -> None:
    harvests = [read(text) for text in QUARRELLING]
    text = await rendered(*harvests)
    assert text.count("# TYPE a ") == text.count("# TYPE h_count ") == 1
    assert "# TYPE a counter\n" in text
    assert len(names(list(parser.text_string_to_metric_families(text)))) == 7
    found = {line.partition("{")[0] for line in text.splitlines() if not line.startswith("#")}
    assert found == {"a", "a_count", "a_sum", "a_total", "h", "h_bucket", "h_count", "h_sum"}


async def test_two_exporters_that_disagree_in_openmetrics() -> None:
    text = await rendered(*(read(one) for one in QUARRELLING), openmetrics=True)
    client: Any = openmetrics_parser  # it carries no types
    assert {"a", "a_total", "h_bucket"} <= names(list(client.text_string_to_metric_families(text)))


@pytest.mark.integration
@pytest.mark.parametrize("texts", [QUARRELLING, [page(path.stem) for path in sorted(PAGES.glob("*.txt"))]])
async def test_promtool_reads_our_page(texts: list[str]) -> None:
    text = await rendered(*map(read, texts))
    promtool = await asyncio.create_subprocess_exec(
        *("promtool", "check", "metrics"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, remarks = await promtool.communicate(text.encode())
    assert promtool.returncode in {0, 3}, remarks  # 3: remarks on inherited names
    assert b"error while linting" not in remarks

"""A page becomes families and samples as its exporter wrote them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from prometheus_client import Metric
from prometheus_client.openmetrics import parser as openmetrics_parser

from collectors.scrape.lines import MAX_LINE, PageError
from collectors.scrape.names import Selection
from collectors.scrape.parse import Rules
from tests.collectors.scrape.lab import families, key, only, page, read, series

TEXT = """\
# HELP node_intr Interrupts \\\\ served\\nso far.
# TYPE node_intr counter
node_intr 1.5e+06
# TYPE disk_reads_total counter
disk_reads_total{device="sda"} 12 1395066363000
disk_reads_total { device = "sdb" , } 13
# a comment

nothing_declared{a="}",b="\\"x\\" \\\\ y"} -Inf
"""


def test_names_types_and_help_are_the_exporters_own() -> None:
    harvest = read(TEXT)
    assert series(harvest) == {
        key("node_intr"): 1.5e6,
        key("disk_reads_total", device="sda"): 12,
        key("disk_reads_total", device="sdb"): 13,
        key("nothing_declared", a="}", b='"x" \\ y'): -math.inf,
    }
    found = families(harvest)
    assert (found["node_intr"].type, found["node_intr"].help) == ("counter", "Interrupts \\ served so far.")
    assert (found["disk_reads_total"].type, found["disk_reads_total"].labels) == ("counter", ("device",))
    assert (found["nothing_declared"].type, found["nothing_declared"].help) == ("unknown", "")
    assert harvest.partial == ()


def test_openmetrics_says_what_the_clients_own_parser_reads() -> None:
    text = page("openmetrics")
    client: Any = openmetrics_parser  # it carries no types
    metrics: list[Metric] = list(client.text_string_to_metric_families(text))
    theirs = {
        (sample.name, frozenset((name, value.replace("\n", "\ufffd")) for name, value in sample.labels.items())): float(
            sample.value
        )
        for metric in metrics
        for sample in metric.samples
        if not sample.name.endswith("_created")
    }
    ours = series(read(text, openmetrics=True))
    assert {name: repr(value) for name, value in ours.items()} == {name: repr(value) for name, value in theirs.items()}


def test_the_parts_of_a_family_are_families() -> None:
    types = {name: family.type for name, family in families(read(page("openmetrics"), openmetrics=True)).items()}
    assert types == {
        "http_requests_total": "counter",
        "http_request_duration_seconds_bucket": "unknown",
        "http_request_duration_seconds_sum": "unknown",
        "http_request_duration_seconds_count": "counter",
        "rpc_seconds": "gauge",
        "rpc_seconds_sum": "unknown",
        "rpc_seconds_count": "counter",
        "build_info": "gauge",
        "door": "gauge",
        "depth": "unknown",
    }


def test_openmetrics_that_breaks_off_is_refused() -> None:
    with pytest.raises(PageError, match="ends without # EOF"):
        read(page("openmetrics").removesuffix("# EOF\n"), openmetrics=True)


def test_created_is_left_out_only_of_what_counts() -> None:
    text = "# TYPE a counter\na_total 1\na_created 5\n# TYPE b_created gauge\nb_created 7\nfile_created 9\n"
    assert series(read(text)) == {key("a_total"): 1, key("b_created"): 7, key("file_created"): 9}


def test_labels_of_one_family_may_differ() -> None:
    harvest = read('a{x="1"} 1\na{y="2"} 2\na 3\n')
    assert families(harvest)["a"].labels == ("x", "y")
    assert series(harvest) == {key("a", x="1"): 1, key("a", y="2"): 2, key("a"): 3}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends(ends: str) -> None:
    assert series(read(ends.join(["# TYPE a gauge", "a 1", 'b{c="d"} 2', ""]))) == {
        key("a"): 1,
        key("b", c="d"): 2,
    }


@pytest.mark.parametrize("spelt", ["NaN", "nan", "+Inf", "inf", "-Inf", "Infinity", "1e3", "-0", ".5", "5.", "1E+2"])
def test_numbers(spelt: str) -> None:
    [value] = read(f"a {spelt}\n").values
    assert repr(value) == repr(float(spelt))


@pytest.mark.parametrize(
    "line",
    [
        *("<!DOCTYPE html>", "a", "a{", 'a{b="c} 1', "a 1_000", "a 0x10", "a ١", "a 1.2.3", "a one", "a 1 2 3"),
        *("a{} ", "1 2", '{"utf8.name"} 1', "ä 1", "a\x0b1", "a 1\x0b", "a\u00a01", "-a 1"),
    ],
)
def test_a_line_that_is_no_sample_is_named(line: str) -> None:
    with pytest.raises(PageError, match=r"^line 2 (is no sample|has no number)$"):
        read(f"first 1\n{line}\n")


def test_an_error_quotes_little_and_clean() -> None:
    with pytest.raises(PageError) as caught:
        read("\x1b[2J" + "x" * 5000)
    assert len(caught.value.quote.encode()) <= 100
    assert caught.value.quote.isprintable()


def test_a_line_beyond_the_cap_is_refused() -> None:
    with pytest.raises(PageError, match=f"line 2 is longer than {MAX_LINE} characters"):
        read('a 1\nb{c="' + "x" * MAX_LINE + '"} 1\n')


@pytest.mark.parametrize("text", ["", "\n\n", "# TYPE a gauge\n", "# EOF\n"])
def test_a_page_without_samples_is_refused(text: str) -> None:
    with pytest.raises(PageError, match="holds no samples"):
        read(text)


def test_an_allow_list_names_families_or_globs() -> None:
    text = '# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 2\nh_count 1\ngo_info 1\nb_total 3\nbb_total 4\n'
    assert {name for name, _ in series(read(text, only("h")))} == {"h_bucket", "h_sum", "h_count"}
    assert {name for name, _ in series(read(text, only("b", "go_*")))} == {"b_total", "go_info"}
    assert read(text, only("nothing")).partial == ("none of the page's 6 series is asked for",)


def test_beyond_max_series_is_counted() -> None:
    harvest = read("a 1\nb 2\nc 3\nd 4\n", Rules(Selection(), max_series=3))
    assert len(harvest.values) == 3
    assert harvest.partial == ("max_series 3 reached: 1 series left out",)

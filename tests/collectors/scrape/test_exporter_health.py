"""An exporter whose own collector failed gives a page that looks whole: what it lacks must not count as well."""

from __future__ import annotations

import pytest

from collectors.scrape.health import MAX_COLLECTORS, MAX_NAMED
from collectors.scrape.lines import CHUNK
from collectors.scrape.parse import Rules, Source
from collectors.scrape.recall import Recall, read_anew
from tests.collectors.scrape.lab import EVERYTHING, only, read

Partial = tuple[str, ...]

WINDOWS = """windows_exporter_collector_success{{collector="os"}} {success}
windows_exporter_collector_timeout{{collector="os"}} {timeout}
"""


def node(**collectors: int) -> str:
    return "".join(f'node_scrape_collector_success{{collector="{one}"}} {good}\n' for one, good in collectors.items())


def partial(text: str, rules: Rules = EVERYTHING) -> Partial:
    return read(text, rules).partial


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (node(cpu=1, filesystem=0, stat=0), "filesystem, stat"),
        ('windows_exporter_collector_success{collector="os"} 0\n', "os"),
        (WINDOWS.format(success=0, timeout=1), "os"),
        ('windows_exporter_collector_timeout{collector="logical_disk"} 1\n', "logical_disk"),
        ('windows_exporter_collector_success{a="b", collector = "ad",} NaN\n', "ad"),
        ('mysql_exporter_collector_success{collector="collect.slave"} 0\n', "collect.slave"),
        ("odd_collector_success 0\n", "odd_collector_success"),
    ],
)
def test_a_collector_that_failed_is_named(text: str, names: str) -> None:
    assert partial(text) == (f"failed in the exporter: {names}",)


@pytest.mark.parametrize(
    "text",
    [
        node(cpu=1, filesystem=1),
        WINDOWS.format(success=1, timeout=0),
        'node_scrape_collector_duration_seconds{collector="os"} 0\n',
    ],
)
def test_where_all_is_well_nothing_is_said(text: str) -> None:
    assert partial(text) == ()


def test_it_is_heard_where_nobody_asks_for_the_family() -> None:
    assert partial(node(filesystem=0) + "a 1\n", only("a")) == ("failed in the exporter: filesystem",)


def remembered(text: str, before: Recall | None = None) -> tuple[Recall, Partial]:
    recall, harvest = read_anew(Source(text), EVERYTHING, before)
    return recall, harvest.partial


def again(recall: Recall, text: str) -> Partial:
    harvest = recall.read(Source(text))
    assert harvest is not None
    return harvest.partial


def test_each_poll_says_how_it_is_now() -> None:
    recall, said = remembered(node(cpu=1))
    assert (said, again(recall, node(cpu=0)), again(recall, node(cpu=1))) == ((), ("failed in the exporter: cpu",), ())


def test_a_machine_that_lacks_a_thing_lacks_nothing_else() -> None:
    """node_exporter says 0 of whatever the machine does not have; what it once had has failed."""
    recall, said = remembered(node(mdadm=0, nfs=0, bonding=0))
    assert said == ()
    assert again(recall, node(mdadm=1, nfs=0, bonding=0)) == ()
    assert again(recall, node(mdadm=0, nfs=0, bonding=0)) == ("failed in the exporter: mdadm",)
    other, said = remembered(node(mdadm=0, bonding=0) + "a 1\n", recall)
    assert said == ("failed in the exporter: mdadm",)
    assert again(other, node(mdadm=1, bonding=0) + "a 1\n") == ()
    assert partial(node(mdadm=0).replace("node_", "other_")) == ("failed in the exporter: mdadm",)


def test_many_that_failed_are_counted_and_clean() -> None:
    text = "".join(f'x_collector_success{{collector="\x1b{number}"}} 0\n' for number in range(CHUNK))
    (said,) = partial(text)
    assert said.endswith(f", \ufffd{MAX_NAMED - 1} and {MAX_COLLECTORS - MAX_NAMED} more")
    (said,) = partial("".join(f'x_collector_success{{collector="{number}{"é" * 900}"}} 0\n' for number in range(9)))
    assert len(said.encode()) <= 256

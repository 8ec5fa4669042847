"""What ``check`` warns of where the network will not do what it was declared for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import config
from agent.app.design import design_remarks
from agent.app.loading import prepare
from config.loader import load

Remarks = Callable[[str], list[str]]

NEEDS = "defaults: {needs: [a]}\n"
COUNTY = NEEDS + "sites: {a: {}, b: {paths_required: 3}, c: {}, d: {needs: []}}\n"
EXAMPLES = Path(config.__file__).parent / "examples"
RING = (
    "links: {ab: {kind: fibre, ends: [a, b]}, bc: {kind: fibre, ends: [b, c]}, "
    "ca: {kind: fibre, ends: [c, a]}, lte: {kind: mobile, ends: [a, b], standby: true}}"
)

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise


@pytest.fixture
def remarks(tmp_path: Path) -> Remarks:
    def remarks_on(text: str) -> list[str]:
        (tmp_path / "ringwacht.yml").write_text(text, encoding="utf-8")
        return [str(one).replace(f"{tmp_path}/", "") for one in design_remarks(load(tmp_path, {}, {}))]

    return remarks_on


def test_a_network_that_does_what_it_is_for_is_not_remarked_upon(remarks: Remarks) -> None:
    assert remarks(COUNTY + RING) == []


def test_a_site_that_reaches_nothing_of_what_it_needs(remarks: Remarks) -> None:
    assert remarks(NEEDS + "sites: {a: {}, b: {}, c: {}}\nlinks: {ab: {kind: fibre, ends: [a, b]}}") == [
        "ringwacht.yml:2:23: sites.c: no link leads to a, which it needs "
        "(declare the link, or say in `needs` what it needs)"
    ]


def test_where_nothing_says_what_is_needed_it_is_the_core(remarks: Remarks) -> None:
    (line,) = remarks("sites: {a: {core: true}, b: {}, c: {}}\nlinks: {ab: {kind: fibre, ends: [a, b]}}")
    assert "sites.c: no link leads to a" in line


def test_where_no_link_is_declared_that_is_said_once(remarks: Remarks) -> None:
    (line,) = remarks(NEEDS + "sites: {a: {}, b: {}, c: {}}")
    assert line == (
        "ringwacht.yml:2:1: sites: no link is declared, so no site reaches what it needs (b needs a) "
        "(declare `links`, or `needs: []`)"
    )


@pytest.mark.parametrize("text", ["sites: {a: {}}", "sites: {a: {}, b: {}}", "sites: {a: {core: true}}", ""])
def test_where_nothing_is_needed_nothing_is_missing(text: str, remarks: Remarks) -> None:
    assert remarks(text) == []


def test_more_ways_are_required_than_there_are(remarks: Remarks) -> None:
    text = COUNTY.replace("c: {}", "c: {paths_required: 3}") + RING
    assert remarks(text) == [
        "ringwacht.yml:2:60: sites.c.paths_required: 3 ways are required, but there are 2 by design "
        "(links that share a section count once)"
    ]


def test_a_single_way_where_two_are_required(remarks: Remarks) -> None:
    (line,) = remarks(NEEDS + "sites: {a: {}, b: {paths_required: 2}}\nlinks: {ab: {kind: fibre, ends: [a, b]}}")
    assert "2 ways are required, but there is 1 by design" in line


def test_likely_slips_come_with_them_and_check_prints_all(tmp_path: Path) -> None:
    (tmp_path / "ringwacht.yml").write_text(
        "sites: {a: {}, b: {}}\nlinks: {ab: {kind: fibre, ends: [a, b], shared_risk: [mast]}}", encoding="utf-8"
    )
    (warning,) = prepare(tmp_path).plan.warnings
    assert warning == f"{tmp_path}/ringwacht.yml:2:55: links.ab.shared_risk[0]: nothing else shares the risk 'mast'"


@pytest.mark.parametrize("name", ["smallest", "town", "host-agent", "reference"])
def test_the_examples_are_not_remarked_upon(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", "x")
    assert list(design_remarks(prepare(EXAMPLES / name).loaded)) == []

"""The legs of a function: names that are there, and not the same one twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.loader import Loaded

NETWORK = """
sites: {a: {}, b: {}}
devices: {srv: {site: a, address: 192.0.2.1}}
links: {one: {kind: fibre, ends: [a, b]}, two: {kind: mobile, ends: [a, b]}}
services: {backup: {tcp: "192.0.2.1:80"}}
"""

HINT = "(name what takes over when it fails, or leave `standby` out)"


@pytest.mark.parametrize(
    ("legs", "problem"),
    [
        ("primary: one, standby: [one]", f"'one' is its primary leg already {HINT}"),
        ("primary: one, standby: [two, srv, two]", f"'two' is a standby leg already {HINT}"),
    ],
)
def test_a_leg_stands_by_for_another_one(legs: str, problem: str, problems: Callable[..., list[str]]) -> None:
    (said,) = problems(f"{NETWORK}functions: {{f: {{{legs}}}}}\n")
    place, _, rest = said.partition(" functions.f.standby")
    assert place.startswith("ringwacht.yml:6:")
    assert rest.endswith(problem)


def test_a_leg_that_nothing_is_called_is_told_with_what_was_meant(problems: Callable[..., list[str]]) -> None:
    (said,) = problems(f"{NETWORK}functions: {{f: {{primary: srv, standby: [bakcup]}}}}\n")
    assert "functions.f.standby[0]" in said
    assert "backup" in said


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ("failover_tested: 2026-01-01", "failover_tested needs test_every"),
        ("test_every: 0s", "test_every"),
    ],
)
def test_a_switch_over_is_tested_again(terms: str, problem: str, problems: Callable[..., list[str]]) -> None:
    (said,) = problems(f"{NETWORK}functions: {{f: {{primary: srv, standby: [backup], {terms}}}}}\n")
    assert problem in said


def test_devices_links_and_services_may_be_legs(loaded: Callable[..., Loaded]) -> None:
    made = loaded(f"{NETWORK}functions: {{f: {{primary: srv, standby: [one, backup]}}}}\n")
    assert made.inventory.functions["f"].standby == ("one", "backup")

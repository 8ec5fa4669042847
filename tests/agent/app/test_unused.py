"""What is said of parts of a configuration that nothing works with yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.app.loading import prepare

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise

ALERTING = """
sites: {rathaus: {}}
devices: {sw-1: {site: rathaus, address: 192.0.2.1, checks: [icmp]}}
alerting:
  rules: {redundancy_lost: {hold: 5s}, link_down: {hold: 5s}}
  accept:
    - {match: {rule: link_down}, until: 2027-06-30, reason: fibre is ordered}
    - {match: {rule: single_point_of_failure}, until: 2027-06-30, reason: fibre is ordered}
  receivers: {it: {apprise: [{file: url}]}}
  routes: [{match: {rule: redundancy_lost}, receivers: [it]}, {match: {}, receivers: [it]}]
"""


@pytest.mark.parametrize("part", ["rules.redundancy_lost", "accept[1]", "routes[0]"])
def test_whoever_names_a_planned_rule_is_told_that_it_is_not_judged(tmp_path: Path, part: str) -> None:
    (tmp_path / "url").write_text("json://localhost")
    (tmp_path / "ringwacht.yml").write_text(ALERTING)
    told = [line for line in prepare(tmp_path / "ringwacht.yml").plan.warnings if "not judged yet" in line]
    assert len(told) == 3
    assert [line for line in told if line.startswith(f"alerting.{part}: ")]

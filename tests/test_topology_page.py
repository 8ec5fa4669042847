"""The examples of docs/topology.md load as they stand, and every alert and warning that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.app.design import design_remarks
from agent.app.loading import prepare
from agent.risk.catalogue.neighbours import TABLE
from agent.risk.topology import Topology, element_of

PAGE = (Path(__file__).parents[1] / "docs/topology.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise


def test_the_examples_load_and_are_not_remarked_upon(tmp_path: Path) -> None:
    text = "\n".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
    (tmp_path / "ringwacht.yml").write_text(text, encoding="utf-8")
    loaded = prepare(tmp_path).loaded
    assert list(design_remarks(loaded)) == []
    topology = Topology.of(loaded.inventory, loaded.settings)
    for one in loaded.settings.alerting.accept:
        assert topology.loss([element_of(one.match.subject or "")]) is not None


def test_every_alert_of_the_comparison_is_described() -> None:
    assert set(re.findall(r"^\| `(\w+)` \(", PAGE, re.MULTILINE)) == {rule.name for rule in TABLE}

"""What ``check`` says of tests of restores that are yet to come."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.app.loading import prepare

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise


@pytest.mark.parametrize(("day", "said"), [("2999-01-01", True), ("2020-01-01", False)])
def test_a_restore_that_was_tested_in_the_future_is_remarked_upon(day: str, said: bool, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("0123456789abcdef")
    terms = f"every: 1d, token: {{file: token}}, restore_every: 180d, restore_tested: {day}"
    (tmp_path / "ringwacht.yml").write_text(f"services: {{backup: {{heartbeat: {{{terms}}}}}}}\n")
    found = [line for line in prepare(tmp_path / "ringwacht.yml").plan.warnings if "restore_tested" in line]
    assert [f"{day} is in the future" in line for line in found] == [True] * said

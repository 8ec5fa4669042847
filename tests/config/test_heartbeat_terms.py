"""What no job can keep to, or what nobody would notice to be wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.loader import Loaded

Problems = Callable[..., list[str]]
TEXT = "services: {{backup: {{heartbeat: {{{terms}, token: {{file: token}}}}}}}}"
GOOD = "0123456789abcdef"


@pytest.mark.parametrize(
    ("terms", "token", "said"),
    [
        ("every: 24h", "hunter22", "the token is shorter than 12 characters (openssl rand -hex 16)"),
        ("every: 24h", f"{GOOD} ", "the token begins or ends with a space, which no header can carry"),
        (
            "every: 1h, longest: 90m",
            GOOD,
            "longest must not be longer than every (every is the time from one success to the next)",
        ),
        ("every: 24h, restore_tested: 2026-01-01", GOOD, "restore_tested needs restore_every (e.g. 180d)"),
        ("every: 24h, restore_every: 0s", GOOD, "must be at least 0.1"),
    ],
)
def test_what_cannot_work_is_refused(terms: str, token: str, said: str, problems: Problems, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(token)
    (found,) = problems(TEXT.format(terms=terms))
    assert found.endswith(f": {said}")


def test_a_run_may_last_until_the_next_is_due(loaded: Callable[..., Loaded], tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{GOOD}\n")
    terms = loaded(TEXT.format(terms="every: 24h, longest: 24h, restore_every: 180d")).inventory.services["backup"]
    assert terms.heartbeat is not None
    assert terms.heartbeat.longest == terms.heartbeat.every

from __future__ import annotations

from pathlib import Path

import pytest

import config
from agent.app.loading import own_keys
from agent.risk.rules import RULE_OPTIONS
from collectors.registry import make_specs
from config.document import Document
from config.handbook import human_duration, render_reference

PAGE = Path(config.__file__).parent.parent / "docs" / "configuration.md"
PARAMS = own_keys(make_specs())


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == render_reference(PARAMS, RULE_OPTIONS), "run `make docs`"


def test_every_section_is_on_it() -> None:
    page = render_reference()
    assert not [name for name in Document.model_fields if f"| `{name}` |" not in page]
    assert "| `interval` | duration | `1m` | Time between polls. |" in page
    assert "| `listen` | address | `127.0.0.1:9595` |" in page


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (0.5, "0.5s"), (90, "90s"), (1800, "30m"), (7200, "2h"), (604_800, "1w"), (157_680_000, "5y")],
)
def test_durations_for_people(seconds: float, text: str) -> None:
    assert human_duration(seconds) == text

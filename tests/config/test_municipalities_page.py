"""docs/municipalities.md says what the code does, and what the configuration refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.loader import load
from exporters.web.sharing.viewers import DOOR, SHARED

PAGE = (Path(__file__).parents[2] / "docs" / "municipalities.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```yaml\n(municipality.*?)```", PAGE, re.DOTALL)[0]
TOKEN = "0123456789abcdef"


def secrets(folder: Path, **texts: str) -> None:
    (folder / "secrets").mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / "secrets" / name.replace("_", "-")).write_text(text)


def test_the_example_loads(write: Callable[..., Path], tmp_path: Path) -> None:
    secrets(tmp_path, view_wadersloh=TOKEN + "w", view_beckum=TOKEN + "b", web_token=TOKEN)
    loaded = load(write(EXAMPLE), {}, {})
    assert loaded.inventory.sites["schule-wad"].municipality == "wadersloh"


@pytest.mark.parametrize(
    ("wadersloh", "beckum", "said"),
    [
        ("short", TOKEN, "municipalities.wadersloh: token has fewer than 16 characters"),
        (TOKEN, TOKEN, "municipalities: two municipalities have the same token"),
        (TOKEN + "\n", TOKEN, "municipalities: two municipalities have the same token"),
        (TOKEN + "w", TOKEN + "0", "municipalities: web.token is short, or that of a municipality"),
    ],
)
def test_a_token_that_tells_nobody_apart_is_refused(
    wadersloh: str, beckum: str, said: str, write: Callable[..., Path], tmp_path: Path
) -> None:
    secrets(tmp_path, view_wadersloh=wadersloh, view_beckum=beckum, web_token=TOKEN + "0")
    with pytest.raises(ConfigError, match=re.escape(said)) as caught:
        load(write(EXAMPLE), {}, {})
    assert TOKEN not in str(caught.value)


def test_every_path_that_is_shared_is_named() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| with the token of a municipality"))
    named = set(re.findall(r"`([^`]+)`", row)) - {"/api/v1/"}
    assert {name if name.startswith("/") else f"/api/v1/{name}" for name in named} == SHARED
    assert f"`{DOOR}`" in PAGE

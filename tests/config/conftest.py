from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collectors.nut.params import NutParams
from collectors.scrape.params import ScrapeParams
from config.errors import ConfigError
from config.loader import Loaded, load

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes ringwacht.yml and further files into a folder of its own."""

    def write_files(text: str, **others: str) -> Path:
        (tmp_path / "ringwacht.yml").write_text(text, encoding="utf-8")
        for name, content in others.items():
            (tmp_path / f"{name}.yml").write_text(content, encoding="utf-8")
        return tmp_path

    return write_files


@pytest.fixture
def problems(write: Write) -> Callable[..., list[str]]:
    """Loads files that are wrong; returns the lines without the folder's name."""

    def problems_of(text: str, **others: str) -> list[str]:
        folder = write(text, **others)
        with pytest.raises(ConfigError) as caught:
            load(folder, {"nut": NutParams, "scrape": ScrapeParams}, {})
        return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]

    return problems_of


@pytest.fixture
def loaded(write: Write) -> Callable[..., Loaded]:
    def load_files(text: str, **others: str) -> Loaded:
        return load(write(text, **others), {"nut": NutParams, "scrape": ScrapeParams}, {})

    return load_files

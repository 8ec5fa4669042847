"""Whatever a configuration holds, loading it succeeds or says what is wrong; nothing else is raised."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import config
from agent.risk.rules import RULE_OPTIONS
from collectors.nut.params import NutParams
from collectors.scrape.params import ScrapeParams
from config.errors import ConfigError
from config.loader import load
from config.yaml import read_yaml

REFERENCE = Path(config.__file__).parent / "examples/reference"
FILES = [REFERENCE / "ringwacht.yml", *sorted((REFERENCE / "inventory").iterdir())]
TEXT = "\n".join(path.read_text() for path in FILES).replace("include:\n  - inventory/*.yml", "")
RELAXED = settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("mutations")
    for name in ("secrets", "assets.csv"):
        (folder / name).symlink_to(REFERENCE / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RINGWACHT_SSH_PASSWORD", "x")
        yield folder / "ringwacht.yml"


def load_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    with contextlib.suppress(ConfigError):
        try:
            load(path, {"nut": NutParams, "scrape": ScrapeParams}, RULE_OPTIONS)
        except ConfigError as error:
            lines = (
                text.count("\n") + text.count("\r") + text.count("\x85") + text.count("\u2028") + text.count("\u2029")
            )
            for problem in error.problems:
                assert str(problem).startswith(f"{path}:{problem.line}:{problem.column}: ")
                assert "\n" not in str(problem)
                assert 1 <= problem.line <= lines + 2
            raise


def test_the_unchanged_text_loads(path: Path) -> None:
    path.write_text(TEXT)
    assert load(path, {"nut": NutParams, "scrape": ScrapeParams}, RULE_OPTIONS).inventory.devices


@RELAXED
@given(data=st.data())
def test_mutated_text(path: Path, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TEXT) - 1))
    length = data.draw(st.integers(0, 60))
    junk = data.draw(st.sampled_from(list("{}[]:,&*!|>'\"%@`#-?\t\n\0 \ud800")) | st.text(max_size=20))
    load_text(path, TEXT[:start] + junk + TEXT[start + length :])


DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["a/b/", "/", "[::1]:x", "99%", "5m", "-", "params", "kreishaus", "*", "~", "1e999s", "9" * 5000]),
)
KEYS = st.one_of(st.text(max_size=10), st.sampled_from(["params", "site", "file", "env", "match", "checks", "from"]))
JUNK = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


def containers(value: object) -> Iterator[dict[str, object] | list[object]]:
    if isinstance(value, dict):
        found = cast("dict[str, object]", value)
        yield found
        for inner in found.values():
            yield from containers(inner)
    elif isinstance(value, list):
        items = cast("list[object]", value)
        yield items
        for inner in items:
            yield from containers(inner)


@RELAXED
@given(data=st.data())
def test_mutated_values(path: Path, data: st.DataObject) -> None:
    path.write_text(TEXT)
    document = read_yaml(path, path.parent).plain()
    for _ in range(data.draw(st.integers(1, 4))):
        places = [place for place in containers(document) if place]
        place = places[data.draw(st.integers(0, len(places) - 1))]
        junk = data.draw(JUNK)
        if isinstance(place, dict):
            key = data.draw(st.sampled_from(sorted(place)) | KEYS)
            place[key] = junk
        else:
            place[data.draw(st.integers(0, len(place) - 1))] = junk
    load_text(path, yaml.dump(_plain(document), Dumper=DUMPER, allow_unicode=True))


def _plain(value: Any) -> Any:
    """Return the value with the texts that the dumper knows, and without what YAML cannot write."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        items = cast("list[object]", value)
        return [_plain(inner) for inner in items]
    return "".join(char for char in value if char.isprintable() or char == "\n") if isinstance(value, str) else value


@RELAXED
@given(st.binary(max_size=200))
def test_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with contextlib.suppress(ConfigError):
        load(path, {"nut": NutParams, "scrape": ScrapeParams}, RULE_OPTIONS)

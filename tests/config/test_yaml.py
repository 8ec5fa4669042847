from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import ConfigError
from config.yaml import MAX_ALIASES, MAX_DEPTH, MAX_NODES, Scalar, read_yaml, resolve_plain


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.yml"


def refusal(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError) as caught:
        read_yaml(path, path.parent)
    return str(caught.value.problems[0]).replace(f"{path.parent}/", "")


@pytest.mark.parametrize(
    "text",
    [
        *("17:30", "0123", "no", "yes", "on", "off", "NO", "y", "2026-11-22", "12:34:56:78:90:12", "1_000", "0x1F"),
        *("0o17", "1.50", "+5", "-0", "12e34567", "1e400", ".inf", ".nan", "127.0.0.1", "=", "<<<", "2c", "9" * 5000),
    ],
)
def test_text_stays_text(text: str) -> None:
    assert resolve_plain(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("0", 0), ("-17", -17), ("4711", 4711), ("1.5", 1.5), ("-0.25", -0.25), ("1e-07", 1e-7)),
        *(("true", True), ("FALSE", False), ("null", None), ("~", None), ("", None)),
    ],
)
def test_numbers_and_words(text: str, value: Scalar) -> None:
    resolved = resolve_plain(text)
    assert resolved == value
    assert type(resolved) is type(value)


def test_quoted_is_text_and_keys_are_text(path: Path) -> None:
    path.write_text("no: 'true'\n2021: \"5\"\nnull: |\n  7\n")
    assert read_yaml(path, path.parent).plain() == {"no": "true", "2021": "5", "null": "7\n"}


def test_an_empty_file_is_an_empty_mapping_and_a_bom_is_skipped(path: Path) -> None:
    path.write_text("# nothing\n")
    assert read_yaml(path, path.parent).plain() == {}
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(path, path.parent).plain() == {"a": 1}


def test_marks_count_characters_from_one(path: Path) -> None:
    path.write_text("größe: {ä: 1, b: [x, y]}\n", encoding="utf-8")
    outer = read_yaml(path, path.parent).mapping["größe"]
    assert outer.mark[1:] == (1, 1)
    assert outer.node.mark[1:] == (1, 8)
    assert outer.node.mapping["b"].mark[1:] == (1, 15)
    assert outer.node.mapping["b"].node.items[1].mark[1:] == (1, 22)


def test_aliases_share_a_node(path: Path) -> None:
    path.write_text("a: &x {k: 1}\nb: *x\n")
    assert read_yaml(path, path.parent).plain() == {"a": {"k": 1}, "b": {"k": 1}}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{','.join(['*' + chr(97 + level)] * 9)}]\n" for level in range(8)
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: &a [*a]", "x.yml:1:8: there is no anchor 'a' above"),
        ("a: *b", "x.yml:1:4: there is no anchor 'b' above"),
        ("a: 1\n---\nb: 2", "x.yml:2:1: holds more than one document"),
        ("a: !!python/object:os.system x", "x.yml:1:4: the tag 'tag:yaml.org,2002:python/object:os.system'"),
        ("a: {<<: {b: 1}}", "x.yml:1:5: merge keys (<<) are not supported"),
        ("? [a]\n: b", "x.yml:1:3: a key must be text"),
        ("a: \0", "x.yml:1:4: holds the control character U+0000"),
        ("a: 1\nb: \x1b", "x.yml:2:4: holds the control character U+001B"),
        (b"a: 1\nb: \xff", "x.yml:2:4: is not UTF-8"),
        ("a:\n\t- b", "x.yml:2:1: is not YAML: "),
        ("a: 'x", "x.yml:1:6: is not YAML: "),
        ("a: [1", "x.yml:2:1: is not YAML: "),
        ("a: 1\nb: 2\na: 3", "x.yml:3:1: a: is defined twice, first at "),
        ("a:\n  - {c: 1, c: 2}", "x.yml:2:12: a[0].c: is defined twice, first at "),
    ],
)
def test_refusals_say_where(path: Path, content: str | bytes, expected: str) -> None:
    assert refusal(path, content).startswith(expected)


def test_a_duplicate_names_both_places(path: Path) -> None:
    assert refusal(path, "a: 1\nb: 2\na: 3").endswith(
        f"first at {path.parent}/x.yml:1:1".replace(f"{path.parent}/", "")
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("[" * 100_000, f"nested deeper than {MAX_DEPTH}"),
        ("{a: " * 100_000, f"nested deeper than {MAX_DEPTH}"),
        ("- " * 100_000, f"nested deeper than {MAX_DEPTH}"),
        ("".join(" " * level + "a:\n" for level in range(1000)), f"nested deeper than {MAX_DEPTH}"),
        ("a: &a 1\nb: [" + "*a," * (MAX_ALIASES + 1) + "]", f"more than {MAX_ALIASES} aliases"),
        ("[" + "x," * (MAX_NODES + 2) + "]", f"more than {MAX_NODES} values"),
        ("x" * 8_000_001, "larger than 8 MB"),
    ],
)
def test_limits_hold(path: Path, content: str, expected: str) -> None:
    assert expected in refusal(path, content)


def test_an_alias_that_is_deep_counts_where_it_is_used(path: Path) -> None:
    nested = "[" * 30 + "]" * 30
    assert "nested deeper" in refusal(path, f"a: &a {nested}\nb: {'[' * 30}*a{']' * 30}")


def test_an_alias_bomb_of_nine_levels_is_refused(path: Path) -> None:
    assert "more than" in refusal(path, BOMB)  # unfolded, it would be a thousand million nodes


def test_duplicates_are_not_counted_for_ever(path: Path) -> None:
    path.write_text("{" + "a," * 100_000 + "}")
    with pytest.raises(ConfigError) as caught:
        read_yaml(path, path.parent)
    assert 100 <= len(caught.value.problems) <= 102


def test_a_missing_file_and_a_folder_are_refused(path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        read_yaml(path, path.parent)
    with pytest.raises(ConfigError, match="there is no such file"):
        read_yaml(path.parent, path.parent)

"""docs/collectors/snmp-failures.md: every failure has its line, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs/collectors/snmp-failures.md").read_text(encoding="utf-8")
LINES = dict(re.findall(r"^\| (F\d\d) \|(.*)\|$", PAGE, re.MULTILINE))


def names() -> set[str]:
    """Every test function there is."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in TESTS.rglob("test_*.py"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, functions)}


def test_every_failure_has_one_line() -> None:
    numbers = re.findall(r"^\| (F\d\d) ", PAGE, re.MULTILINE)
    assert numbers == [f"F{number:02}" for number in range(1, 37)]


def test_every_test_that_is_named_is_there() -> None:
    known = names()
    for number, line in LINES.items():
        named = re.findall(r"`(test_\w+)`", line)
        assert named, number
        assert set(named) <= known, (number, set(named) - known)


def test_a_failure_with_tests_of_its_number_names_one_of_them() -> None:
    """``test_f07_…`` shows F07."""
    numbered = {number for name in names() for number in re.findall(r"(?<=_)f(\d\d)(?=_)", name)}
    assert len(numbered) > 30
    for number in sorted(numbered):
        assert f"_f{number}_" in LINES[f"F{number}"], number

"""Rules of the house that no linter knows: names, files, what may be written where."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("agent", "collectors", "config", "exporters", "grafana")
MAX_LINES = 300
LONG_FILES = {"agent/contract.py": "every type that crosses a stage, in one place to read"}

# Spelt in parts, so that this file passes its own test.
BUILD_MACHINE = ("/wo" + "rk/", "/ro" + "ot/", "/tmp" + "/bench")
INDEX_HOSTS = ("py" + "pi.", "python" + "hosted")

# How a distribution's import name differs from its own.
IMPORT_NAMES = {
    "dnspython": "dns",
    "google-re2": "re2",
    "gufo-ping": "gufo.ping",
    "gufo-snmp": "gufo.snmp",
    "pyyaml": "yaml",
}

# What nothing of ours imports: openpyxl reads XML with it where it is there, and without it nothing reads workbooks.
USED_BY_OTHERS = {"defusedxml": "openpyxl.DEFUSEDXML"}


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, those not yet committed included."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [path for name in names if (path := ROOT / name).is_file()]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def sources() -> list[Path]:
    return tracked(*(f"{package}/**/*.py" for package in PACKAGES), *(f"{package}/*.py" for package in PACKAGES))


def project() -> dict[str, Any]:
    described: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return described


@pytest.mark.parametrize("name", PACKAGES)
def test_an_import_name_has_one_owner(name: str) -> None:
    """`pip install config` would silently overwrite our package (it exists)."""
    assert set(packages_distributions().get(name, [])) <= {"ringwacht"}
    assert list(import_module(name).__path__) == [str(ROOT / name)]


def is_spec_or_docstring(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name == "SPEC" or name.endswith("_SPEC") or name == "__all__"
        case _:
            return False


def test_packages_hold_a_docstring_or_a_spec_only() -> None:
    """A collector's own package may also hold its params model and builder."""
    for path in tracked("*__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        if path.relative_to(ROOT).parts[0] == "collectors" and len(path.relative_to(ROOT).parts) == 3:
            continue
        assert all(is_spec_or_docstring(node) for node in body), relative(path)
        assert ast.get_docstring(ast.Module(body, [])), relative(path)


def test_no_package_shadows_another_under_tests() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_requirements_are_hashed_and_name_no_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    for requirement in re.sub(r"\\\n", " ", text).splitlines():
        if requirement.strip() and not requirement.lstrip().startswith("#"):
            assert re.match(r"^[A-Za-z0-9._-]+(\[[^]]+\])?==\S+", requirement), requirement[:60]
            assert "--hash=sha256:" in requirement, requirement[:60]


def test_no_file_names_a_build_machine_or_an_index() -> None:
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        found = [word for word in (*BUILD_MACHINE, *INDEX_HOSTS) if word in text]
        assert not found, f"{relative(path)} names {found}"


def test_sources_stay_short() -> None:
    long = {
        relative(path): lines
        for path in (*sources(), *tracked("tests/*.py", "tests/**/*.py"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert set(long) == set(LONG_FILES), long


def test_every_collector_has_a_page() -> None:
    specs = import_module("collectors.registry").make_specs()
    kinds = [spec.kind for spec in specs]
    assert kinds
    assert len(kinds) == len(set(kinds))
    for spec in specs:
        folder = getattr(spec.build, "func", spec.build).__module__.split(".")[1]  # a partial has none
        page = ROOT / "docs" / "collectors" / f"{folder}.md"
        assert page.is_file(), f"{spec.kind} has no {relative(page)}"
        assert spec.kind in page.read_text(encoding="utf-8")


def test_every_rule_has_a_runbook_section() -> None:
    rules = import_module("agent.risk.rules").RULES
    names = [rule if isinstance(rule, str) else rule.name for rule in rules]
    assert names
    headings = re.findall(
        r"^#+ +`?([a-z_]+)`?", (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(set(names) - set(headings)) == []


def imported() -> Iterator[str]:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_dependency_is_used() -> None:
    modules = set(imported())
    for requirement in project()["dependencies"]:
        name = re.split(r"[^A-Za-z0-9_.-]", requirement, maxsplit=1)[0]
        wanted = USED_BY_OTHERS.get(name) or IMPORT_NAMES.get(name, name.replace("-", "_"))
        assert any(module == wanted or module.startswith(f"{wanted}.") for module in modules), f"nothing imports {name}"


def test_every_folder_of_the_wheel_is_a_package() -> None:
    """Hatchling ships them by name; a folder without `__init__.py` would be a namespace that others can extend."""
    for path in sources():
        assert (path.parent / "__init__.py").is_file(), relative(path)

"""Module files as YAML: keys there twice, merged or empty, all that is wrong at once, and when a file is read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.contract import ParamError
from collectors.snmp.mapping.library import load_library
from collectors.snmp.modules.modfile import load_modules
from collectors.snmp.modules.module import ModuleError
from collectors.snmp.spec import make_spec
from tests.collectors.snmp.modules.test_modfile import GOOD, written


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "snmp.yml"


def test_all_faults_of_a_file_are_told_in_the_order_of_its_lines(file: Path) -> None:
    written(file, "b:\n  walk: [x]\n  wlak: [1]\na:\n  walk: [1]\n  walk: [2]\n  metrics: [{oid: 1}]\n")
    with pytest.raises(ModuleError) as refusal:
        load_modules(file)
    lines = [line.removeprefix(f"{file}:").split(": ")[:2] for line in str(refusal.value).splitlines()]
    assert lines == [["2", "b.walk.0"], ["3", "b.wlak"], ["6", "walk"], ["7", "a.metrics.0.name"]]


def test_merged_keys_and_keys_without_a_value_are_read(file: Path) -> None:
    """As Go's YAML reads them: what stands there goes before what is merged."""
    text = "base: &base\n  walk: [1.2]\n  retries: 2\nm:\n  <<: [*base]\n  retries: 3\n  get:\n  metrics:\n"
    rest = "  - {name: a, oid: 1.2.3, indexes: , lookups: , enum_values: , regex_extracts: , help: }\n"
    modules = load_modules(written(file, text + rest))
    assert (modules["m"].walk, modules["m"].retries, modules["m"].get) == (("1.2",), 3, ())
    assert modules["m"].metrics[0].indexes == ()


def test_two_files_must_not_define_one_module(tmp_path: Path) -> None:
    one, other = written(tmp_path / "a.yml", GOOD), written(tmp_path / "b.yml", "x:\n  walk: [1]\n" + GOOD)
    with pytest.raises(ParamError) as refusal:
        make_spec((one, other))
    assert f"{other}:3: modules.m: {one}:1 has a module of this name, too" in str(refusal.value)


def test_a_file_of_ones_own_may_replace_what_is_shipped(file: Path) -> None:
    text = GOOD.replace("m:", "if_mib:", 1).replace("[1.2]", "[1.3.6.1.2.1.2, 1.3.6.1.2.1.31.1.1]")
    library = load_library((written(file, text),))
    assert [metric.name for metric in library.modules["if_mib"].metrics] == ["a"]


def test_a_file_is_parsed_again_only_when_it_says_something_else(file: Path) -> None:
    written(file, GOOD)
    first, again = load_library((file,)), load_library((file,))
    written(file, GOOD.replace("1.2.3", "1.2.4"))
    edited = load_library((file,))
    assert again.modules["m"] is first.modules["m"]
    assert again.revision == first.revision
    assert edited.modules["m"].metrics[0].oid == "1.2.4"
    assert edited.revision != first.revision


def test_an_alias_within_itself_is_refused(file: Path) -> None:
    with pytest.raises(ModuleError, match="an alias within itself"):
        load_modules(written(file, "m: &m\n  walk: [1.2]\n  get: [*m]\n"))


def test_of_very_many_faults_the_first_are_told(file: Path) -> None:
    with pytest.raises(ModuleError) as refusal:
        load_modules(written(file, "".join(f"m{at}:\n  wlak: [1]\n" for at in range(200))))
    lines = str(refusal.value).splitlines()
    assert len(lines) == 51
    assert lines[-1] == f"{file}: and more"

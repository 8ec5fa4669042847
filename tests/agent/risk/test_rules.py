from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from agent.contract import Reason, Severity
from agent.risk import texts
from agent.risk.catalogue.servers import FillingOptions
from agent.risk.catalogue.services import CertificateOptions
from agent.risk.docs import render
from agent.risk.rule import BoundOptions, options_of
from agent.risk.rules import RULE_OPTIONS, RULES, WINDOWS
from agent.risk.texts import Words
from config.kinds import Kinds
from config.placeholders import check_placeholders
from config.settings import Settings

HOUSE = Path(__file__).parents[3]


def test_the_page_is_current() -> None:
    """Rewritten here so that the difference is there to commit."""
    page = HOUSE / "docs" / "alerts.md"
    before = page.read_text() if page.exists() else ""
    page.write_text(render())
    assert before == render()


def test_each_rule_has_its_anchor_on_the_page() -> None:
    headings = re.findall(r"^##+ ([a-z_]+)$", render(), re.MULTILINE)
    assert headings == list(RULES)


def test_each_rule_that_is_judged_stands_in_the_table_and_the_other_way_round() -> None:
    used: set[str] = set()
    files = [*(HOUSE / "agent" / "risk").rglob("*.py"), *(HOUSE / "agent" / "alerts").rglob("*.py")]
    for file in files:
        if file.parent.name != "catalogue" and file.name not in {"rules.py", "docs.py"}:
            names = {node.id for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Name)}
            used |= {name for name in names if name.lower() in RULES}
    by_hand = {rule.name for rule in RULES.values() if rule.select is None}
    assert {name.lower() for name in used} == by_hand


def test_a_plain_threshold_has_all_that_it_is_made_of() -> None:
    plain = [rule for rule in RULES.values() if rule.select is not None]
    assert plain
    for rule in plain:
        assert issubclass(rule.options, BoundOptions)
        assert Severity(rule.severity)
        assert check_placeholders(Words("de").template(rule.name))
        assert f"- Series: `{rule.select}`.\n- Option `above` (default " in render()


def test_what_the_reference_configures_is_known() -> None:
    asked = {"link_down", "redundancy_lost", "leak", "smoke", "ups_on_battery", "certificate_expiring"}
    assert asked <= set(RULE_OPTIONS)


def test_options_as_configured_or_by_default() -> None:
    raw = {"alerting": {"rules": {"certificate_expiring": {"warning": "30d"}}}}
    settings = Settings.model_validate(raw, context=Kinds.of({}, RULE_OPTIONS))
    options = options_of(settings, "certificate_expiring", CertificateOptions)
    assert (options.warning, options.critical) == (30 * 86400, 7 * 86400)
    assert options_of(settings, "filesystem_filling", FillingOptions).within == 86400


def test_windows_are_declared_for_what_asks_for_the_past() -> None:
    asked = {window.family: window.ends_only for window in WINDOWS}
    assert asked["node_filesystem_avail_bytes"] is False
    assert asked["ifHCInOctets"] is asked["ifHCOutOctets"] is True


CATALOGUE = texts._TEXTS  # pyright: ignore[reportPrivateUsage]  # the table itself is what is tested


@pytest.mark.parametrize("key", CATALOGUE)
def test_both_languages_say_the_same_things(key: str) -> None:
    fields = [sorted(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in CATALOGUE[key]]
    assert fields[0] == fields[1]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason) -> None:
    assert Words("de").reason(reason)
    assert Words("en").reason(reason)


def test_lists_are_joined_as_people_do() -> None:
    assert [Words("de").joined(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a und b",
        "a, b und c",
    ]


def test_a_value_is_never_a_format() -> None:
    said = Words("en").say("smoke", name="{sensors}{0}{sensors.__class__}", sensors="\x1b[2Jx")
    assert said == "{sensors}{0}{sensors.__class__}: smoke detected (\ufffd[2Jx)"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s"), (59, "59 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (172_800, "2 Tagen")],
)
def test_durations(seconds: float, text: str) -> None:
    assert Words("de").duration(seconds) == text


def test_sizes_and_numbers() -> None:
    assert [Words("de").size(size) for size in (12, 1536, 3.5 * 2**40)] == ["12 B", "1,5 KiB", "3,5 TiB"]
    assert Words("en").celsius(27.25) == "27.2 °C"


def test_commands_of_the_runbooks_are_whole() -> None:
    steps = [step for rule in RULES.values() for step in rule.runbook if "ringwacht collect" in step]
    assert steps
    assert all(re.search(r"`ringwacht collect PATH (NAME|DEVICE)\b", step) for step in steps)

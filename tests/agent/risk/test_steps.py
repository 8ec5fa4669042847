from __future__ import annotations

import re

import pytest

from agent.contract import Severity
from agent.risk.german.facts import FACTS
from agent.risk.rule import Rule
from agent.risk.rules import RULES
from agent.risk.steps import GERMAN, fact_of, meaning_of, steps_of
from config.rules import RuleOptions

CODE = re.compile(r"`[^`]*`")
LONGEST = 300  # a line of a message takes no more

LINE = Rule(
    "line",
    severity="info",
    meaning="A line.",
    runbook=("Look.", "Radio: look up.", "Fibre: look down.", "Leased line: call.", "Rain: wait."),
)


def codes(text: str) -> list[str]:
    """What stands between backticks, in any order."""
    assert text.count("`") % 2 == 0
    return sorted(CODE.findall(text))


def test_every_shipped_rule_and_no_other_has_german_texts() -> None:
    assert set(GERMAN) == set(RULES)


def test_what_is_said_of_severities_and_options_and_nothing_else_has_a_german_text() -> None:
    said = {rule.severity for rule in RULES.values()} - set(Severity)
    for rule in RULES.values():
        own = rule.options.model_fields.keys() - RuleOptions.model_fields.keys()
        said |= {rule.options.model_fields[name].description or "" for name in own}
    assert said == set(FACTS)
    for english in said:
        german = fact_of(english, "de")
        assert german != english == fact_of(english, "en")
        assert codes(english) == [one for one in codes(german) if one != "`fallback`"]


@pytest.mark.parametrize("name", RULES)
def test_german_steps_are_as_many_and_are_no_copy(name: str) -> None:
    rule = RULES[name]
    steps = steps_of(rule, "de")
    assert len(steps) == len(rule.runbook)
    assert meaning_of(rule, "de") != rule.meaning
    assert all(german != english for german, english in zip(steps, rule.runbook, strict=True))


@pytest.mark.parametrize("name", RULES)
def test_commands_options_and_paths_are_the_same_in_both_languages(name: str) -> None:
    rule = RULES[name]
    assert codes(meaning_of(rule, "de")) == codes(rule.meaning)
    for german, english in zip(steps_of(rule, "de"), rule.runbook, strict=True):
        assert codes(german) == codes(english)


@pytest.mark.parametrize("name", RULES)
def test_a_step_fits_a_line_of_a_message(name: str) -> None:
    assert all(len(step) <= LONGEST for language in ("de", "en") for step in steps_of(RULES[name], language))


@pytest.mark.parametrize("name", RULES)
def test_texts_are_whole_sentences_on_one_line(name: str) -> None:
    for text in (meaning_of(RULES[name], "de"), *steps_of(RULES[name], "de")):
        assert text == " ".join(text.split())
        assert text.endswith((".", "?"))


def test_english_is_what_the_catalogue_says_and_what_there_is_without_a_german_text() -> None:
    rule = RULES["link_down"]
    assert (meaning_of(rule, "en"), steps_of(rule, "en")) == (rule.meaning, rule.runbook)
    assert (meaning_of(LINE, "de"), steps_of(LINE, "de")) == (LINE.meaning, LINE.runbook)


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        ("radio", "Radio"),
        ("wlan", "Radio"),
        ("fibre", "Fibre"),
        ("leased", "Leased line"),
        ("mobile", "Leased line"),
        ("copper", None),
        ("vpn", None),
    ],
)
def test_a_step_about_another_kind_of_link_is_left_out(kind: str, left: str | None) -> None:
    beginnings = [step.partition(":")[0] for step in steps_of(LINE, "en", kind)]
    assert beginnings == ["Look.", *([left] if left else []), "Rain"]


@pytest.mark.parametrize("kind", [None, "other"])
def test_where_the_kind_is_not_known_every_step_stays(kind: str | None) -> None:
    assert steps_of(LINE, "en", kind) == LINE.runbook


def test_german_steps_are_chosen_as_the_english_ones() -> None:
    rule = RULES["link_down"]
    german, english = steps_of(rule, "de", "leased"), steps_of(rule, "en", "leased")
    assert len(german) == len(english) == len(rule.runbook) - 2
    assert german[1].startswith("Gemietete Leitung: ")
    assert english[1].startswith("Leased line: ")

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import Wrong
from config.loader import Loaded
from config.selectors import Matcher, compile_pattern, parse_selector

EXAMPLE = '(e.g. windows_printqueue_jobs{device="srv-1"})'
PAST = "looks into the past: `offset` and `@` are not possible (only the present is judged)"
RE2 = "(RE2 syntax, without look-around)"

REFUSED = [
    ("", f"'' is not a selector: no expression found in input {EXAMPLE}"),
    ("{}", "'{}' is not a selector: vector selector must contain at least one non-empty matcher "
           "(name a family, or a label that is not empty)"),
    ("x{", f"'x{{' is not a selector: unexpected end of input inside braces {EXAMPLE}"),
    ('x{a="1}', f"""'x{{a="1}}' is not a selector: unterminated quoted string " {EXAMPLE}"""),
    ("ä", f"'ä' is not a selector: unexpected character: 'ä' {EXAMPLE}"),
    ("x{a=`b\\d`}",
     "'x{a=`b\\d`}' is not a selector: unknown escape sequence 'd' (write \"…\" and double each backslash)"),
    ('x{__name__="y"}',
     "'x{__name__=\"y\"}' is not a selector: metric name must not be set twice: 'x' or 'y' " + EXAMPLE),
    ("sum(x)", f"'sum(x)' is more than a selector: nothing is summed up here {EXAMPLE}"),
    ("rate(x[5m])", f"'rate(x[5m])' is more than a selector: functions are not worked out here {EXAMPLE}"),
    ("x > 5", f"'x > 5' is more than a selector: the bound is written as `above:` or `below:` {EXAMPLE}"),
    ("x[5m]", f"'x[5m]' is more than a selector: a range is not possible; `changed:` looks back {EXAMPLE}"),
    ("x[5m:1m]", f"'x[5m:1m]' is more than a selector: a range is not possible; `changed:` looks back {EXAMPLE}"),
    ("-x", f"'-x' is more than a selector: a sign has no place here {EXAMPLE}"),
    ("(x)", f"'(x)' is more than a selector: write it without parentheses {EXAMPLE}"),
    ("5", f"'5' is more than a selector: it is a number {EXAMPLE}"),
    ('"x"', f"'\"x\"' is more than a selector: it is a quoted text; write the family without quotes {EXAMPLE}"),
    ("a or b", """'a or b' joins two selectors with `or` (write two rules, or one label as =~"a|b")"""),
    ("a and b", "'a and b' joins two selectors with `and` (only one family is looked at)"),
    ("a unless b", "'a unless b' joins two selectors with `unless` (only one family is looked at)"),
    ("x offset 5m", f"'x offset 5m' {PAST}"),
    ("x @ 1", f"'x @ 1' {PAST}"),
    ('x{a="1" or b="2"}',
     """'x{a="1" or b="2"}' joins matchers with `or` (write two rules, or one label as =~"a|b")"""),
    ('x{a=~"("}', f"""'x{{a=~"("}}' is not a selector: illegal regex for ( {RE2}"""),
    ('x{a=~"(?=b)"}', f"""'x{{a=~"(?=b)"}}' is not a selector: illegal regex for (?=b) {RE2}"""),
    ('x{a=~"b**"}', f"'b**' is not a regular expression: bad repetition operator: ** {RE2}"),
    ('x{a!~"b{1,2000}"}', f"'b{{1,2000}}' is not a regular expression: invalid repetition size: {{1,2000}} {RE2}"),
    ("x" * 1001, "is longer than 1000 characters"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text[:30] for text, _ in REFUSED])
def test_refused_at_its_place_with_a_hint(text: str, message: str, problems: Callable[..., list[str]]) -> None:
    found = problems(f"rules: {{r: {{select: {json.dumps(text)}, above: 1}}}}")
    assert found == [f"ringwacht.yml:1:21: rules.r.select: {message}"]


def test_a_selector_is_text_in_the_file_and_a_value_in_the_program(loaded: Callable[..., Loaded]) -> None:
    text = 'windows_printqueue_jobs{device="srv-fach-1",name!~"PDF.*"}'
    rule = loaded(f"rules: {{r: {{select: {json.dumps(text)}, above: 200}}}}").inventory.rules["r"]
    assert rule.select == parse_selector(text)
    assert str(rule.select) == rule.model_dump()["select"] == text
    assert rule.select.family == "windows_printqueue_jobs"
    assert rule.select.named("device") == "srv-fach-1"
    assert rule.select.named("name") is None


@pytest.mark.parametrize(
    ("text", "family", "wanted", "unwanted"),
    [
        ("a", "a", "a", "b"),
        ('{__name__="a"}', "a", "a", "b"),
        ('{"a", x="1"}', "a", "a", "b"),
        ('{__name__=~"a.*", __name__!="ab", x="1"}', None, "ac", "ab"),
        ('{x="1"}', None, "anything", None),
        ('{__name__="a", __name__="b"}', "a", "never", "a"),
    ],
)
def test_families_by_name(text: str, family: str | None, wanted: str, unwanted: str | None) -> None:
    selector = parse_selector(text)
    assert selector.family == family
    assert selector.wants(wanted) is (wanted != "never")
    assert unwanted is None or not selector.wants(unwanted)


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("node_load1", "node_load1"),
        ('{__name__=~"node_.*"}', "node_"),
        ('{__name__=~"node_x+y"}', "node_x"),
        ('{__name__=~"node_x?"}', "node_"),
        ('{__name__=~"node_x{0,2}"}', "node_"),
        ('{__name__=~"node_.*|if.*"}', ""),
        ('{__name__=~"(?i)node_.*"}', ""),
        ('{__name__=~"no.*", __name__=~"node_.*", __name__!~"node_l.*"}', "node_"),
        ('{x="1"}', ""),
    ],
)
def test_what_the_names_that_are_meant_begin_with(text: str, beginning: str) -> None:
    assert parse_selector(text).beginning == beginning


@pytest.mark.parametrize(
    ("matcher", "meant", "others"),
    [
        ('a="1"', ["1"], ["", "11"]),
        ('a!="1"', ["", "11"], ["1"]),
        ('a=~"1|2"', ["1", "2"], ["", "12", "01"]),
        ('a!~"1|2"', ["", "12"], ["1", "2"]),
        ('a=~"1.*"', ["1", "1\n2"], ["", "21"]),
        ('a=~"gi1/0/(49|50)"', ["gi1/0/49"], ["gi1/0/490", "xgi1/0/49"]),
        ('a=~"\\\\d+"', ["42"], ["", "4x"]),
        ('a=~"(?i)keller"', ["Keller", "KELLER"], ["Keller 2"]),
        ('a=""', [""], ["x"]),
        ('a!=""', ["x"], [""]),
        ('a=~".*"', ["", "x"], []),
        ('a=~".+"', ["x", "ü"], [""]),
    ],
)
def test_matchers_hold_whole_values(matcher: str, meant: list[str], others: list[str]) -> None:
    (found,) = parse_selector(f"x{{{matcher}}}").labels
    assert [text for text in (*meant, *others) if found.matches(text)] == meant


SIMPLE = st.recursive(
    st.sampled_from(["a", "b", "ä", ".", "[ab]", "[^a]", "\\."]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        inner.map(lambda one: f"(?:{one})*"),
        inner.map(lambda one: f"(?:{one})?"),
    ),
    max_leaves=6,
)


@given(SIMPLE, st.text("abä.", max_size=5))
def test_the_same_as_any_engine_on_what_all_have_in_common(pattern: str, text: str) -> None:
    found = compile_pattern(pattern).fullmatch(text) is not None
    assert found == (re.compile(pattern, re.DOTALL).fullmatch(text) is not None)


def test_what_takes_other_engines_for_ever_does_not_take_this_one() -> None:
    assert not Matcher("a", "=~", "(a*)*b", compile_pattern("(a*)*b")).matches("a" * 250)


@given(st.text(max_size=60))
def test_whatever_is_written_is_a_selector_or_refused(text: str) -> None:
    try:
        selector = parse_selector(text)
    except Wrong:
        return
    assert selector.families or selector.labels

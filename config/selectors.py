"""Which series a rule means: an instant selector in PromQL's syntax, parsed and compiled once.

Source: Prometheus, querying/basics, "Time series selectors". Regular expressions are RE2's, run in linear time whatever
a device calls itself, and match a value as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, Protocol

import promql_parser
import re2
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from config.errors import Wrong, shown

NAME = "__name__"
MAX_LENGTH = 1000
_EXAMPLE = 'e.g. windows_printqueue_jobs{device="srv-1"}'
# re2 ships no types
_RE2_ERROR: type[Exception] = re2.error  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
_RE2 = "RE2 syntax, without look-around"
_OR = 'write two rules, or one label as =~"a|b"'
_SETS: Mapping[str, str] = {"or": _OR, "and": "only one family is looked at", "unless": "only one family is looked at"}
_LITERAL = re.compile(r"(?:[a-zA-Z0-9_:](?![*?{]))*")  # the last one may be there any number of times, e.g. none

Operator = Literal["=", "!=", "=~", "!~"]


class _Pattern(Protocol):
    """What is used of a compiled expression."""

    @property
    def groups(self) -> int: ...

    @property
    def groupindex(self) -> Mapping[str, int]: ...

    def fullmatch(self, text: str) -> object | None: ...


@dataclass(frozen=True, slots=True)
class Matcher:
    """What one label must be. A label that a series does not have is the empty text, as in PromQL."""

    name: str
    operator: Operator
    value: str
    pattern: _Pattern | None = field(default=None, compare=False, repr=False)

    def matches(self, text: str) -> bool:
        """Whether a label's value is meant."""
        if self.pattern is None:
            return (text == self.value) == (self.operator == "=")
        return (self.pattern.fullmatch(text) is not None) == (self.operator == "=~")


@dataclass(frozen=True, slots=True)
class Selector:
    """Series by family and labels; ``families`` are the matchers on the name itself, ``labels`` those on labels."""

    text: str
    families: tuple[Matcher, ...]
    labels: tuple[Matcher, ...]

    def __str__(self) -> str:
        """Return the selector as it was written."""
        return self.text

    @property
    def family(self) -> str | None:
        """The one family that it names, or None where it means several."""
        return next((matcher.value for matcher in self.families if matcher.operator == "="), None)

    @property
    def beginning(self) -> str:
        """What the name of each family that may be meant begins with; empty where that cannot be told."""
        if self.family is not None:
            return self.family
        patterns = [one.value for one in self.families if one.operator == "=~" and "|" not in one.value]
        return max((found[0] for one in patterns if (found := _LITERAL.match(one))), key=len, default="")

    def wants(self, family: str) -> bool:
        """Whether series of a family may be meant."""
        return all(matcher.matches(family) for matcher in self.families)

    def named(self, label: str) -> str | None:
        """Return the value that a label must have, or None where no ``=`` says so."""
        given = (one.value for one in self.labels if one.name == label and one.operator == "=" and one.value)
        return next(given, None)


def parse_selector(value: object) -> Selector:
    """Return the selector that a text means. Raises Wrong."""
    if isinstance(value, Selector):
        return value
    if not isinstance(value, str):
        raise Wrong("must be text", _EXAMPLE)
    if len(value) > MAX_LENGTH:
        raise Wrong(f"is longer than {MAX_LENGTH} characters")
    parsed = _instant(value)
    matchers = [_matcher(one) for one in parsed.matchers.matchers]
    if parsed.name is not None:
        matchers.insert(0, Matcher(NAME, "=", parsed.name))
    families = tuple(one for one in matchers if one.name == NAME)
    return Selector(str(value), families, tuple(one for one in matchers if one.name != NAME))


def _instant(text: str) -> promql_parser.VectorSelector:
    try:
        parsed = promql_parser.parse(text)
    except ValueError as error:
        raise Wrong(f"{shown(text)} is not a selector: {shown(error)[1:-1]}", _hint(text, str(error))) from None
    if not isinstance(parsed, promql_parser.VectorSelector):
        if isinstance(parsed, promql_parser.BinaryExpr) and (instead := _SETS.get(str(parsed.op))) is not None:
            raise Wrong(f"{shown(text)} joins two selectors with `{parsed.op}`", instead)
        raise Wrong(f"{shown(text)} is more than a selector: {_excess(parsed)}", _EXAMPLE)
    if parsed.offset is not None or parsed.at is not None:
        raise Wrong(
            f"{shown(text)} looks into the past: `offset` and `@` are not possible", "only the present is judged"
        )
    if parsed.matchers.or_matchers:
        raise Wrong(f"{shown(text)} joins matchers with `or`", _OR)
    return parsed


def _hint(text: str, error: str) -> str:
    if "`" in text:
        return 'write "…" and double each backslash'
    if "non-empty" in error:
        return "name a family, or a label that is not empty"
    return _RE2 if "regex" in error else _EXAMPLE


_EXCESS: Mapping[str, str] = {
    "AggregateExpr": "nothing is summed up here",
    "BinaryExpr": "the bound is written as `above:` or `below:`",
    "Call": "functions are not worked out here",
    "MatrixSelector": "a range is not possible; `changed:` looks back",
    "NumberLiteral": "it is a number",
    "ParenExpr": "write it without parentheses",
    "StringLiteral": "it is a quoted text; write the family without quotes",
    "SubqueryExpr": "a range is not possible; `changed:` looks back",
    "UnaryExpr": "a sign has no place here",
}


def _excess(parsed: promql_parser.Expr) -> str:
    return _EXCESS.get(type(parsed).__name__, "only the present value of series is judged")


_OPERATORS: Mapping[str, Operator] = {
    "MatchOp.Equal": "=",
    "MatchOp.NotEqual": "!=",
    "MatchOp.Re": "=~",
    "MatchOp.NotRe": "!~",
}


def _matcher(parsed: promql_parser.Matcher) -> Matcher:
    operator = _OPERATORS[str(parsed.op)]
    pattern = compile_pattern(parsed.value) if operator in {"=~", "!~"} else None
    return Matcher(parsed.name, operator, parsed.value, pattern)


def compile_pattern(text: str, *, capture: bool = False) -> _Pattern:
    """Compile an expression of RE2's syntax. Raises Wrong."""
    options = re2.Options()
    options.log_errors = False
    options.never_capture = not capture
    options.dot_nl = True  # as Prometheus since 3.0
    try:
        pattern: _Pattern = re2.compile(text, options)
    except _RE2_ERROR as error:
        why = b"".join(error.args).decode("utf-8", "replace")
        raise Wrong(f"{shown(text)} is not a regular expression: {why}", _RE2) from None
    return pattern


def groups_of(text: str) -> frozenset[str]:
    """Return what may be named of an expression's match: numbers (0 is all of it) and names. Raises Wrong."""
    pattern = compile_pattern(text, capture=True)
    return frozenset({*map(str, range(pattern.groups + 1)), *pattern.groupindex})


Select = Annotated[
    Selector,
    PlainValidator(parse_selector),
    PlainSerializer(str),
    WithJsonSchema({"title": "selector", "type": "string", "maxLength": MAX_LENGTH}),
]

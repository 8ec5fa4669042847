"""docs/configuration.md: every section and key with type, default and meaning, from the models themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from config.base import ID_PATTERN
from config.rules import RuleOptions
from config.schema import build_schema
from config.units import DURATIONS

INTRODUCTION = Path(__file__).parent / "introduction.md"
_NO_PARAMS: Mapping[str, type[BaseModel]] = {}
_NO_RULES: Mapping[str, type[RuleOptions]] = {}


def render_reference(
    params: Mapping[str, type[BaseModel]] = _NO_PARAMS, rules: Mapping[str, type[RuleOptions]] = _NO_RULES
) -> str:
    """Return the page: the introduction, written by hand, and one table for each mapping of the file."""
    page = _Page(build_schema(params, rules))
    return INTRODUCTION.read_text(encoding="utf-8") + "\n".join(page.lines()) + "\n"


class _Page:
    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._definitions: Mapping[str, Any] = schema["$defs"]
        self._places: dict[str | None, str] = {}

    def lines(self) -> Iterator[str]:
        yield from ("", "## Sections", "", "| section | type | meaning |", "|---|---|---|")
        sections: Mapping[str, Any] = self._schema["properties"]
        for name, value in sections.items():
            yield f"| `{name}` | {self._type(value)} | {self._meaning(value)} |"
        for name, value in sections.items():
            yield from self._nested(name, value, level=2)

    def _nested(self, place: str, value: Mapping[str, Any], level: int) -> Iterator[str]:
        """Yield the chapters of what a value may hold: a mapping, or entries or items that are mappings."""
        suffix, model = _model_in(value)
        if model is None:
            yield from self._alternatives(place, value, level)
            return
        place += suffix
        if model in self._places:
            return
        self._places[model] = place
        yield from self._chapter(place, self._definitions[model], min(level, 4))
        for key, inner in self._definitions[model].get("properties", {}).items():
            yield from self._nested(f"{place}.{key}", inner, level + 1)

    def _alternatives(self, place: str, value: Mapping[str, Any], level: int) -> Iterator[str]:
        """Yield the chapters of a mapping whose keys are fixed, one for all keys with the same model."""
        keys: dict[str | None, list[str]] = {}
        for key, inner in value.get("properties", {}).items():
            keys.setdefault(_model_in(inner)[1], []).append(key)
        for names in keys.values():
            inner = value["properties"][names[0]]
            yield from self._nested(f"{place}.{', '.join(names)}", inner, level + 1)

    def _chapter(self, place: str, model: Mapping[str, Any], level: int) -> Iterator[str]:
        yield from ("", f"{'#' * level} `{place}`", "", str(model.get("description", "")))
        properties: Mapping[str, Any] = model.get("properties", {})
        if not properties:
            return
        yield from ("", "| key | type | default | meaning |", "|---|---|---|---|")
        required = model.get("required", [])
        for key, value in properties.items():
            default = "required" if key in required else _default(value)
            yield f"| `{key}` | {self._type(value)} | {default} | {self._meaning(value)} |"

    def _meaning(self, value: Mapping[str, Any]) -> str:
        text = value.get("description")
        if text is None and (model := _model_in(value)[1]) is not None:
            text = self._definitions[model].get("description")
        return _cell(str(text or "").partition("\n")[0])

    def _type(self, value: Mapping[str, Any]) -> str:
        text, (_, model) = _type_of(value), _model_in(value)
        if model in self._places:
            text += f", see `{self._places[model]}`"
        return _cell(text)


def _without_null(value: Mapping[str, Any]) -> Mapping[str, Any]:
    options: list[Mapping[str, Any]] = [option for option in value.get("anyOf", ()) if option.get("type") != "null"]
    if "title" not in value and len(options) == 1:
        return options[0]
    return value


def _model_in(value: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the name of the model that a value, its entries or its items follow, and how that is written in a path."""
    value = _without_null(value)
    if "$ref" in value:
        return "", str(value["$ref"]).rpartition("/")[2]
    for inner in value.get("patternProperties", {}).values():
        return f".<id>{_model_in(inner)[0]}", _model_in(inner)[1]
    if isinstance(value.get("items"), Mapping):
        return f"[]{_model_in(value['items'])[0]}", _model_in(value["items"])[1]
    return "", None


def _type_of(value: Mapping[str, Any]) -> str:
    value = _without_null(value)
    named = next((say(value) for key, say in _TYPES.items() if key in value), None)
    return named or _PLAIN_TYPES[value["type"]]


def _words(value: Mapping[str, Any]) -> str:
    words = value.get("enum", [value.get("const")])
    return ", ".join(f"`{word}`" for word in dict.fromkeys(map(str, words)))


_PLAIN_TYPES: Mapping[str, str] = {
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "string": "text",
    "object": "mapping",
}
# the first key that a schema has says how its type is called
_TYPES: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "title": lambda value: str(value["title"]),
    "enum": _words,
    "const": _words,
    "prefixItems": lambda value: f"two of: {_type_of(value['prefixItems'][0])}",
    "items": lambda value: f"list of {_type_of(value['items'])}",
    "patternProperties": lambda _: "mapping by id",
    "$ref": lambda _: "mapping",
    "pattern": lambda value: "id" if value["pattern"] == ID_PATTERN else None,
}


def _default(value: Mapping[str, Any]) -> str:
    default = value.get("default")
    if default is None or default == []:
        return "—"
    if value.get("title") == "duration":
        return f"`{human_duration(default)}`"
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def human_duration(seconds: float) -> str:
    """Return seconds in the largest unit that divides them."""
    for unit in ("y", "w", "d", "h", "m"):
        if seconds and seconds % DURATIONS[unit] == 0:
            return f"{seconds / DURATIONS[unit]:g}{unit}"
    return f"{seconds:g}s"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

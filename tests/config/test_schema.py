from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import Field

import config
from agent.risk.rules import RULE_OPTIONS
from collectors.nut.params import NutParams
from collectors.scrape.params import ScrapeParams
from config.base import Model
from config.document import Document
from config.rules import RuleOptions
from config.schema import build_schema
from config.yaml import read_yaml

EXAMPLES = Path(config.__file__).parent / "examples"
Schema = Mapping[str, Any]

_TYPES: Mapping[str, Callable[[object], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    # a number that would be written back differently (51.990) is text to our reader
    "number": lambda value: re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", str(value)) is not None,
    # the loader takes a number for text as it is written
    "string": lambda value: isinstance(value, str | int | float) and not isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def violations(value: Any, schema: Schema, root: Schema, path: str = "") -> Iterator[str]:
    """Validate as far as our schema goes: the keywords that it uses."""
    if "$ref" in schema:
        schema = {
            **root["$defs"][schema["$ref"].rpartition("/")[2]],
            **{k: v for k, v in schema.items() if k != "$ref"},
        }
    if "anyOf" in schema and all(any(violations(value, option, root)) for option in schema["anyOf"]):
        yield f"{path}: {value!r} fits none of {schema['anyOf']}"
    if "type" in schema and not _TYPES[schema["type"]](value):
        yield f"{path}: {value!r} is no {schema['type']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is not in {schema['enum']}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{path}: {value!r} does not match {schema['pattern']}"
    if isinstance(value, list):
        items = cast("list[object]", value)
        for number, item in enumerate(items):
            yield from violations(item, schema.get("items", {}), root, f"{path}[{number}]")
    if isinstance(value, dict):
        yield from _entries(cast("dict[str, Any]", value), schema, root, path)


def _entries(value: Mapping[str, Any], schema: Schema, root: Schema, path: str) -> Iterator[str]:
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{path}: {key} is missing"
    patterns: Mapping[str, Any] = schema.get("patternProperties", {})
    for key, inner in value.items():
        known = schema.get("properties", {}).get(key)
        matching = next((found for pattern, found in patterns.items() if re.search(pattern, key)), None)
        found = known or matching or schema.get("additionalProperties", True)
        if found is False or (patterns and found is True):
            yield f"{path}: {key} is unknown"
        elif isinstance(found, Mapping):
            yield from violations(inner, cast("Schema", found), root, f"{path}.{key}")


@pytest.mark.parametrize(
    "file", sorted(EXAMPLES.glob("*/**/*.yml")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_the_schema_accepts_every_example(file: Path) -> None:
    schema = build_schema({"nut": NutParams, "scrape": ScrapeParams}, RULE_OPTIONS)
    assert list(violations(read_yaml(file, file.parent).plain(), schema, schema)) == []


@pytest.mark.parametrize(
    "document",
    [
        {"site": {}},
        {"devices": {"d": {"site": "a", "adress": "h"}}},
        {"devices": {"d": {"site": "a", "params": {}}}},
        {"devices": {"d": {"site": "a", "interval": "30x"}}},
        {"devices": {"d": {"address": "h"}}},
        {"devices": {"a b": {"site": "a"}}},
        {"devices": {"d": {"site": "a", "tls": {"server_nam": "x"}}}},
        {"credentials": {"c": {"token": "inline"}}},
        {"alerting": {"rules": {"leak": {"hold": True}}}},
        {"links": {"l": {"kind": "fiber", "ends": ["a", "b"]}}},
        {"alerting": {"maintenance": [{"name": "n", "start": "x"}]}},
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(document: Any) -> None:
    schema = build_schema({}, RULE_OPTIONS)
    assert list(violations(document, schema, schema))


class SnmpParams(Model):
    """A collector's keys."""

    max_repetitions: int = Field(default=10, description="Rows asked for at once.")


class TightRule(RuleOptions):
    """A rule's keys."""

    above: float = 0.9


def test_kinds_and_rules_are_completed() -> None:
    schema = build_schema({"snmp": SnmpParams}, {"tight": TightRule})
    for owner in ("Device", "RoleDefaults"):
        assert schema["$defs"][owner]["properties"]["snmp"]["anyOf"][0] == {"$ref": "#/$defs/SnmpParams"}
        assert "params" not in schema["$defs"][owner]["properties"]
    rules = schema["$defs"]["Alerting"]["properties"]["rules"]
    assert rules["additionalProperties"] is False
    assert set(rules["properties"]) == {"tight"}
    assert list(violations({"alerting": {"rules": {"tihgt": {}}}}, schema, schema))


def test_the_schema_is_json_with_the_input_forms_as_defaults() -> None:
    schema = json.loads(json.dumps(build_schema({}, RULE_OPTIONS)))
    assert schema["$defs"]["Web"]["properties"]["listen"]["default"] == "127.0.0.1:9595"
    assert schema["$schema"].endswith("2020-12/schema")
    assert set(schema["properties"]) == set(Document.model_fields)


def test_every_key_is_described() -> None:
    schema = build_schema({}, RULE_OPTIONS)
    models = {"": schema, **schema["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, model in models.items()
        for key, value in model.get("properties", {}).items()
        if not ("description" in value or "$ref" in value or "$ref" in value.get("anyOf", [{}])[0])
    ]
    assert silent == []

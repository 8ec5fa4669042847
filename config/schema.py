"""The JSON schema of a configuration file: what ``ringwacht schema`` prints and editors complete from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema

from config.address import Address
from config.document import Document
from config.kinds import Kinds
from config.rules import RuleOptions

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _OwnTitles(GenerateJsonSchema):
    """Without titles made from field names, so that those that remain name a kind of quantity."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        del schema
        return False

    def encode_default(self, dft: Any) -> Any:
        """Write an address as the file does."""
        return str(dft) if isinstance(dft, Address) else super().encode_default(dft)


def build_schema(params: Mapping[str, type[BaseModel]], rules: Mapping[str, type[RuleOptions]]) -> dict[str, Any]:
    """Return the schema (draft 2020-12) of the input form, with the keys of the kinds of check and the rules given."""
    kinds = Kinds.of(params, rules)
    models: list[type[BaseModel]] = list(
        dict.fromkeys((Document, RuleOptions, *kinds.params.values(), *kinds.rules.values()))
    )
    found, schema = models_json_schema([(model, "validation") for model in models], schema_generator=_OwnTitles)
    references = {model: reference for (model, _), reference in found.items()}
    definitions: dict[str, Any] = schema["$defs"]
    own_keys = {kind: _or_null(references[model]) for kind, model in kinds.params.items()}
    for owner in ("Device", "RoleDefaults"):
        properties = definitions[owner]["properties"]
        del properties["params"]
        properties.update(own_keys)
    adjusted = definitions["Alerting"]["properties"]["rules"]
    adjusted["properties"] = {rule: _or_null(references[model]) for rule, model in kinds.rules.items()}
    adjusted["additionalProperties"] = references[RuleOptions] if kinds.open_rules else False
    root = definitions.pop("Document")
    used = _used({**root, "$defs": definitions})
    return {
        "$schema": DIALECT,
        **root,
        "title": "Ringwacht configuration",
        "$defs": {name: definition for name, definition in definitions.items() if name in used},
    }


def _used(schema: JsonSchemaValue) -> frozenset[str]:
    """Return the definitions that are referred to: types that are written as text leave theirs behind."""
    return frozenset(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))


def _or_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    """A key with nothing after it means that nothing more is said."""
    return {"anyOf": [schema, {"type": "null"}]}

"""pydantic's errors in the words of an operator."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, NamedTuple, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.base import ID_PATTERN
from config.errors import Wrong, did_you_mean, shown

Path = tuple[str | int, ...]
EXPLAINED = "explained"


class Explained(NamedTuple):
    """One error: where (from the root), what, what was perhaps meant, and whether the key itself is wrong."""

    path: Path
    message: str
    hint: str | None = None
    at_key: bool = False


def explain(error: ValidationError, model: type[BaseModel], own_keys: Iterable[str] = ()) -> Iterator[Explained]:
    """Yield every error of a validation. ``own_keys`` are those that a device may have beyond its model's."""
    details = error.errors(include_url=False)
    broken = {detail["loc"][:-1] for detail in details}
    for detail in details:
        # pydantic counts only the items that are valid
        if detail["type"] != "too_short" or detail["loc"] not in broken:
            yield _explain_one(detail, model, tuple(own_keys))


def _explain_one(detail: ErrorDetails, model: type[BaseModel], own_keys: tuple[str, ...]) -> Explained:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    at_key = len(path) < len(detail["loc"])
    context: Mapping[str, Any] = detail.get("ctx", {})
    if detail["type"] == EXPLAINED:
        return Explained(path, detail["msg"], context.get("hint"), context.get("at_key", at_key))
    if detail["type"] == "value_error":
        cause = context.get("error")
        return Explained(path, str(cause), cause.hint if isinstance(cause, Wrong) else None, at_key)
    if detail["type"] == "extra_forbidden":
        owner = model_at(model, path[:-1])
        keys = keys_of(owner, own_keys) if owner else ()
        return Explained(path, "unknown key", did_you_mean(str(path[-1]), keys), at_key=True)
    message, hint = _in_words(detail["type"], detail["msg"], context)
    if detail["type"] == "literal_error":
        # only the expected words are said: the input may be a secret in the wrong place
        hint = did_you_mean(str(detail["input"])[:100], re.findall("'([^']*)'", message))
    return Explained(path, message, hint, at_key)


_WORDS: Mapping[str, str] = {
    "missing": "is missing",
    "model_type": "must be a mapping (key: value)",
    "model_attributes_type": "must be a mapping (key: value)",
    "mapping_type": "must be a mapping (key: value)",
    "dict_type": "must be a mapping (key: value)",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_too_short": "is empty",
}
_TEMPLATES: Mapping[str, str] = {
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "too_short": "needs at least {min_length} (has {actual_length})",
    "too_long": "may have at most {max_length} (has {actual_length})",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "does not match {pattern}",
    "literal_error": "must be one of {expected}",
}


def _in_words(kind: str, message: str, context: Mapping[str, Any]) -> tuple[str, str | None]:
    if kind == "string_pattern_mismatch" and context.get("pattern") == ID_PATTERN:
        return "may hold only letters, digits, and _ . -", None
    if kind in _WORDS:
        return _WORDS[kind], None
    if kind in _TEMPLATES:
        return _TEMPLATES[kind].format_map(context), None
    return message[:1].lower() + message[1:], None


def keys_of(model: type[BaseModel], own_keys: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the keys that a section's mapping may have, as they are written in the file."""
    keys = tuple(info.alias or name for name, info in model.model_fields.items() if name != "params")
    return (*keys, *own_keys) if "params" in model.model_fields else keys


def model_at(annotation: Any, path: Path) -> type[BaseModel] | None:
    """Return the model that describes the mapping at a path, or None where there is none."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return model_at(arguments[0], path)
    if origin in {Union, types.UnionType}:
        return next((found for option in arguments if (found := model_at(option, path))), None)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _in_model(annotation, path)
    if origin is None or not path:
        return None
    # mappings hold their values' type last, lists and tuples first
    inner = arguments[-1] if issubclass(cast("type", origin), Mapping) else arguments[0]
    return model_at(inner, path[1:])


def _in_model(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    if not path:
        return model
    for name, info in model.model_fields.items():
        if path[0] in {name, info.alias}:
            return model_at(info.annotation, path[1:])
    return None


def unknown_name(name: str, known: Iterable[str], what: str) -> tuple[str, str | None]:
    """Return message and hint for a name that nothing has."""
    return f"there is no {what} {shown(name)}", did_you_mean(name, known)

"""Keys and rules whose models live elsewhere: what a device's own keys and ``alerting.rules`` are validated with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple, cast

from pydantic import BaseModel, BeforeValidator, SerializeAsAny, ValidationError, ValidationInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from config.base import is_mapping
from config.devicekeys import DEVICE_KEYS
from config.errors import Wrong
from config.explain import EXPLAINED, Explained, explain, unknown_name
from config.rules import RuleOptions


@dataclass(frozen=True, slots=True)
class Kinds:
    """Handed to pydantic as the validation context. With ``open_rules`` no rule's name is refused."""

    params: Mapping[str, type[BaseModel]] = field(default_factory=lambda: DEVICE_KEYS)
    rules: Mapping[str, type[RuleOptions]] = field(default_factory=dict[str, type[RuleOptions]])
    open_rules: bool = True

    @classmethod
    def of(cls, params: Mapping[str, type[BaseModel]], rules: Mapping[str, type[RuleOptions]]) -> Kinds:
        """Return the kinds given, completed by the configuration's own, and the rules; without any, none is refused."""
        return cls({**DEVICE_KEYS, **params}, rules, open_rules=not rules)


def kinds_of(info: ValidationInfo) -> Kinds:
    """Return the kinds in force: the configuration's own where no loader runs."""
    return info.context if isinstance(info.context, Kinds) else Kinds()


class _Raw(NamedTuple):
    """A device's own key as it stands in the file."""

    value: object


def lift_params(data: object, info: ValidationInfo) -> object:
    """Gather a device's own keys (``scrape: {…}``) under ``params``, where their models validate them."""
    if not is_mapping(data):
        return data
    raw = dict(data)
    if "params" in raw and isinstance(info.context, Kinds):
        # from a file: `params` is where the models' attribute is, no key that anybody writes
        return {**raw, "params": _Raw(None)}
    own = {kind: _Raw(raw.pop(kind)) for kind in kinds_of(info).params if kind in raw}
    if not own:
        return raw
    given = cast("Mapping[str, Any]", raw.get("params", {}))
    return {**raw, "params": {**given, **own}}


def _validate_params(value: object, info: ValidationInfo) -> object:
    """Validate what ``lift_params`` gathered."""
    if not is_mapping(value):
        raise Wrong("unknown key")
    raw = {kind: part.value for kind, part in value.items() if isinstance(part, _Raw)}
    models = kinds_of(info).params
    return {**value, **_validate_each(raw, models, info)}


def _validate_rules(value: object, info: ValidationInfo) -> object:
    if not is_mapping(value):
        return value
    kinds = kinds_of(info)
    if kinds.open_rules:
        return _validate_each(value, {**dict.fromkeys(value, RuleOptions), **kinds.rules}, info)
    return _validate_each(value, kinds.rules, info)


def _validate_each(
    raw: Mapping[str, object], models: Mapping[str, type[BaseModel]], info: ValidationInfo
) -> dict[str, BaseModel]:
    valid: dict[str, BaseModel] = {}
    wrong: list[InitErrorDetails] = []
    for name, value in raw.items():
        model = models.get(name)
        if model is None:
            wrong.append(_detail(Explained((name,), *unknown_name(name, models, "rule"), at_key=True)))
            continue
        try:
            valid[name] = model.model_validate({} if value is None else value, context=info.context)
        except ValidationError as error:
            wrong += [_detail(found._replace(path=(name, *found.path))) for found in explain(error, model)]
    if wrong:
        raise ValidationError.from_exception_data("parameters", wrong, hide_input=True)
    return valid


def _detail(found: Explained) -> InitErrorDetails:
    # the message is no template of ours, pydantic wants it to be a literal all the same
    message: Any = found.message
    return InitErrorDetails(
        type=PydanticCustomError(EXPLAINED, message, {"hint": found.hint, "at_key": found.at_key}),
        loc=found.path,
        input=None,
    )


Params = Annotated[Mapping[str, SerializeAsAny[BaseModel]], BeforeValidator(_validate_params)]
RuleTable = Annotated[Mapping[str, SerializeAsAny[RuleOptions]], BeforeValidator(_validate_rules)]

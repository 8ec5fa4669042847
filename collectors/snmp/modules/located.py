"""What a validation finds wrong, with lines and the keys that were likely meant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from pydantic import ValidationError

from collectors.snmp.modules.yamlfile import MOST, Document, Fault, Place
from config.errors import did_you_mean

FEW = 20
"""Fewer keys than these are all named where none was likely meant."""
Keys = Callable[[Place], Collection[str]]
"""Returns the keys that may stand at a place."""


def faults_of(error: ValidationError, document: Document, top: Place, keys: Keys) -> Iterator[Fault]:
    """Yield all that is wrong with a section, which stands at ``top``."""
    for found in error.errors(include_input=False, include_url=False)[: MOST + 1]:
        place = (*top, *found["loc"])
        message = str(found["msg"]).removeprefix("Value error, ")
        if found["type"] == "extra_forbidden":
            message = _unknown(str(place[-1]), keys(place))
        yield document.fault(place, message)


def _unknown(key: str, known: Collection[str]) -> str:
    hint = did_you_mean(key, set(known))
    if hint is None and len(known) < FEW:
        hint = f"known: {', '.join(known)}"
    return f"unknown key; {hint}" if hint else "unknown key"

"""What a validation finds wrong, with lines and the keys that were likely meant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from pydantic import ValidationError

from collectors.snmp.yamlfile import Document, Fault, Place
from config.errors import did_you_mean

MOST = 50
"""So many faults of one section are told; more would say nothing new."""
Keys = Callable[[Place], Collection[str]]
"""Returns the keys that may stand at a place."""


def faults_of(error: ValidationError, document: Document, top: Place, keys: Keys) -> Iterator[Fault]:
    """Yield all that is wrong with a section, which stands at ``top``."""
    for found in error.errors(include_input=False, include_url=False)[:MOST]:
        place = (*top, *found["loc"])
        message = str(found["msg"]).removeprefix("Value error, ")
        if found["type"] == "extra_forbidden":
            known = keys(place)
            hint = did_you_mean(str(place[-1]), set(known)) or (
                f"known: {', '.join(known)}" if len(known) < MOST else ""
            )
            message = f"unknown key{f'; {hint}' if hint else ''}"
        yield document.fault(place, message)

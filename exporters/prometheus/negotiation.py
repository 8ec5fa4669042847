"""Which format and coding a scraper gets: RFC 9110 sections 12.5.1 (Accept) and 12.5.3 (Accept-Encoding)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class _Choice(NamedTuple):
    value: str
    parameters: Mapping[str, str]
    quality: float


def _choices(header: str) -> Iterator[_Choice]:
    for part in header.split(","):
        value, *rest = (piece.strip().lower() for piece in part.split(";"))
        parameters = {name.strip(): text.strip(' "') for name, _, text in (piece.partition("=") for piece in rest)}
        yield _Choice(value, parameters, _quality(parameters.get("q", "1")))


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def wants_openmetrics(accept: str) -> bool:
    """Whether OpenMetrics 1.0.0 is asked for by name and at least as dearly as plain text."""
    openmetrics = text = 0.0
    for choice in _choices(accept):
        if choice.value == "application/openmetrics-text" and choice.parameters.get("version", "1.0.0") == "1.0.0":
            openmetrics = max(openmetrics, choice.quality)
        elif choice.value == "text/plain":
            text = max(text, choice.quality)
    return openmetrics > 0 and openmetrics >= text


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the answer may be compressed with gzip; what is named outranks ``*``."""
    qualities = {choice.value: choice.quality for choice in _choices(accept_encoding)}
    return qualities.get("gzip", qualities.get("*", 0.0)) > 0

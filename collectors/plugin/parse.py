"""What a plug-in wrote and how it ended -> samples and facts. Pure.

Source: Monitoring Plugins Development Guidelines, "Plugin Output for Nagios" and "Plugin Return Codes".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from agent.families import (
    PLUGIN_BEYOND,
    PLUGIN_DETAILS,
    PLUGIN_ERRORS,
    PLUGIN_EXIT,
    PLUGIN_OUTPUT,
    PLUGIN_STATUS,
    PLUGIN_WORDS,
)
from agent.layout import Sample, clean_text
from collectors.plugin.families import VALUE
from collectors.plugin.perfdata import Perfdata, read_perfdata

UNKNOWN = PLUGIN_WORDS.index("UNKNOWN")
MAX_TEXT_BYTES = 512
MAX_DETAILS_BYTES = 1024
# what is shorter would blot out half of every text
MIN_MASKED_BYTES = 4
MASK = b"***"


class Output(NamedTuple):
    """The parts of what a plug-in wrote."""

    text: str
    details: tuple[str, ...]
    perfdata: tuple[str, ...]


def masked(raw: bytes, secrets: Iterable[bytes]) -> bytes:
    """Blot out every secret that a plug-in repeats; the longest first, since one may hold another."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= MIN_MASKED_BYTES:
            raw = raw.replace(secret, MASK)
    return raw


def split_output(raw: bytes) -> Output:
    """Tell text, long text and performance data apart: ``text | data``, lines of text, the last of them ``| data``."""
    first, *rest = raw.decode("utf-8", "replace").strip().split("\n")
    text, _, data = first.partition("|")
    details: list[str] = []
    perfdata = [data]
    for number, line in enumerate(rest):
        long_text, bar, data = line.partition("|")
        details.append(long_text.strip())
        if bar:  # from here on all is performance data
            perfdata += [data, *rest[number + 1 :]]
            break
    return Output(text.strip(), tuple(filter(None, details)), tuple(perfdata))


def harvested(output: bytes, errors: bytes, exit_status: int) -> tuple[list[Sample], dict[str, str], tuple[str, ...]]:
    """Return samples, facts and what is missing. A plug-in that says nothing but errors is quoted with these."""
    said = split_output(output)
    blamed = split_output(errors).text
    if not said.text:
        said, blamed = said._replace(text=blamed), ""
    data = read_perfdata(said.perfdata)
    status = exit_status if exit_status in range(UNKNOWN + 1) else UNKNOWN
    samples = [Sample(PLUGIN_STATUS, (), float(status))]
    samples += [Sample(VALUE, (one.label, one.unit), one.value) for one in data.measures]
    facts = {
        PLUGIN_OUTPUT: clean_text(said.text, MAX_TEXT_BYTES),
        PLUGIN_DETAILS: clean_text(" / ".join(said.details), MAX_DETAILS_BYTES),
        PLUGIN_ERRORS: clean_text(blamed, MAX_TEXT_BYTES),
        PLUGIN_BEYOND: clean_text(", ".join(one.beyond for one in data.measures if one.beyond), MAX_TEXT_BYTES),
        PLUGIN_EXIT: "" if exit_status == status else str(exit_status),
    }
    return samples, {name: text for name, text in facts.items() if text}, tuple(_missing(data))


def _missing(data: Perfdata) -> Iterator[str]:
    if data.broken:
        yield clean_text(f"{data.broken} items of performance data cannot be read: {', '.join(data.quoted)}")
    if data.surplus:
        yield f"performance data beyond {len(data.measures)} labels is left out"

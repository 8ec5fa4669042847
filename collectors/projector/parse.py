"""Lines of PJLink (JBMIA, PJLink specifications, class 1 version 1.04 and class 2 version 2.10). Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

from agent.contract import MetricFamily
from agent.layout import Sample, clean_text

MOST_BYTES = 136
"""Of a reply without its carriage return: header, command and 128 bytes of answer (class 2, section 3.2)."""
HOUR_SECONDS = 3600
# What a counter shows that the projector does not keep.
NO_HOURS = frozenset({65535, 99999})
POWER_STATES: Mapping[str, str] = {"0": "standby", "1": "on", "2": "cooling", "3": "warming"}
ASLEEP = frozenset({"standby", "cooling", "warming"})
PARTS = ("fan", "lamp", "temperature", "cover", "filter", "other")
INPUTS: Mapping[str, str] = {
    "1": "rgb",
    "2": "video",
    "3": "digital",
    "4": "storage",
    "5": "network",
    "6": "internal",
}

POWER_STATE = MetricFamily(
    "ringwacht_projector_power_state",
    "gauge",
    "State set of a projector's power: standby, on, cooling, warming.",
    ("state",),
)
ERROR = MetricFamily(
    "ringwacht_projector_error",
    "gauge",
    "What the projector reports of a part: 0 well, 1 a warning, 2 an error; "
    "`part` is fan, lamp, temperature, cover, filter or other.",
    ("part",),
)
LAMP_SECONDS = MetricFamily(
    "ringwacht_projector_lamp_seconds_total",
    "counter",
    "Time that the lamp has burnt, as the projector counts it in hours; begins anew when its counter is reset.",
    ("lamp",),
)
LAMP_ON = MetricFamily(
    "ringwacht_projector_lamp_on", "gauge", "1 while the lamp burns, 0 while it does not.", ("lamp",)
)
FILTER_SECONDS = MetricFamily(
    "ringwacht_projector_filter_seconds",
    "gauge",
    "Time that the filter has been in use, as the projector counts it in hours.",
)
INPUT_INFO = MetricFamily(
    "ringwacht_projector_input_info", "gauge", "1, with the input that is shown: its kind and number.", ("input",)
)
FAMILIES: tuple[MetricFamily, ...] = (POWER_STATE, ERROR, LAMP_SECONDS, LAMP_ON, FILTER_SECONDS, INPUT_INFO)

_GREETING = re.compile(r"PJLINK (?:(0)|1 ([0-9A-Fa-f]{8})|(ERRA))\s*", re.ASCII | re.IGNORECASE)
_REPLY = re.compile(r"%([12])([A-Z0-9]{4})=(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_ERROR = re.compile(r"ERR([1-4A])", re.ASCII | re.IGNORECASE)
_LAMPS = re.compile(r"\d{1,5} [01](?: \d{1,5} [01]){0,7}", re.ASCII)
_HOURS = re.compile(r"\d{1,5}", re.ASCII)
_INPUT = re.compile(r"([1-6])([1-9A-Z])", re.ASCII)
_LEVELS = re.compile(r"[012]{6}", re.ASCII)

Refusal = Literal["undefined", "parameter", "time", "failure", "password"]
_REFUSALS: Mapping[str, Refusal] = {
    "1": "undefined",
    "2": "parameter",
    "3": "time",
    "4": "failure",
    "A": "password",
}


REFUSED = ""


class NotPjlink(ValueError):
    """What came is no line of PJLink; the text says why, for people."""


class Question(NamedTuple):
    """One thing that can be asked. There is no other kind of command here: nothing is ever set."""

    name: str
    pjlink_class: int = 1

    @property
    def line(self) -> bytes:
        """The command as it is sent."""
        return f"%{self.pjlink_class}{self.name} ?\r".encode("ascii")


class Reply(NamedTuple):
    """An answer, or why there is none (ERR1 to ERR4, ERRA); ``text`` is as sent, not yet clean."""

    text: str
    refusal: Refusal | None = None


CLASS = Question("CLSS")
POWER = Question("POWR")
ERRORS = Question("ERST")
LAMPS = Question("LAMP")
INPUT = Question("INPT")
FILTER = Question("FILT", 2)
STATES = (ERRORS, LAMPS, INPUT)
STATES_OF_CLASS_2 = (*STATES, FILTER)
# Never NAME: it is what people call it, and may name one of them.
FACTS: Mapping[Question, str] = {Question("INF1"): "vendor", Question("INF2"): "model"}
FACTS_OF_CLASS_2: Mapping[Question, str] = {
    **FACTS,
    Question("SNUM", 2): "serial",
    Question("SVER", 2): "firmware",
    Question("RLMP", 2): "lamp_part",
    Question("RFIL", 2): "filter_part",
    Question("RRES", 2): "recommended_resolution",
}


def challenge(line: bytes) -> str | None:
    """Return the random number that the password is to be mixed with; None where none is asked for.

    ``REFUSED`` where nobody is let in at all (``PJLINK ERRA``). Raises NotPjlink where it is no greeting.
    """
    found = _GREETING.fullmatch(_text(line))
    if found is None:
        raise NotPjlink("no greeting of PJLink")
    return REFUSED if found[3] else found[2]


def digest(random: str, password: str) -> bytes:
    """Return what goes before the first command: MD5 of both (class 1, section 5.1)."""
    return hashlib.md5((random + password).encode(), usedforsecurity=False).hexdigest().encode("ascii")


def reply(line: bytes, question: Question) -> Reply:
    """Return what a line answers. Raises NotPjlink where it is no answer to the question."""
    text = _text(line)
    if text.upper() == "PJLINK ERRA":
        return Reply("", "password")
    found = _REPLY.fullmatch(text)
    if found is None or found[2].upper() != question.name:
        raise NotPjlink(f"no answer of PJLink to {question.name}")
    refused = _ERROR.fullmatch(found[3].strip())
    return Reply("", _REFUSALS[refused[1].upper()]) if refused else Reply(found[3])


def power_of(text: str) -> str | None:
    """Return the state of the power; None for one that the specification does not know."""
    return POWER_STATES.get(text.strip())


def samples(question: Question, text: str) -> Iterator[Sample]:
    """Yield the series of an answer. Raises NotPjlink where it is none that can be."""
    try:
        yield from _READERS[question](text.strip())
    except KeyError:
        raise NotPjlink(f"{question.name}: {clean_text(text, 24)!r} is no answer that can be") from None


def fact(text: str) -> str:
    """Return what the projector says of itself, clean; "" where it says nothing."""
    return clean_text(text.strip(), 128)


def _power(text: str) -> Iterator[Sample]:
    now = POWER_STATES[text]
    for state in POWER_STATES.values():
        yield Sample(POWER_STATE, (state,), float(state == now))


def _errors(text: str) -> Iterator[Sample]:
    levels = _matched(_LEVELS, text)[0]
    for part, level in zip(PARTS, levels, strict=True):
        yield Sample(ERROR, (part,), float(level))


def _lamps(text: str) -> Iterator[Sample]:
    words = _matched(_LAMPS, text)[0].split(" ")
    for number, (hours, lit) in enumerate(zip(words[::2], words[1::2], strict=True), start=1):
        if int(hours) not in NO_HOURS:
            yield Sample(LAMP_SECONDS, (str(number),), float(int(hours) * HOUR_SECONDS))
        yield Sample(LAMP_ON, (str(number),), float(lit))


def _input(text: str) -> Iterator[Sample]:
    found = _matched(_INPUT, text)
    yield Sample(INPUT_INFO, (f"{INPUTS[found[1]]} {found[2]}",), 1.0)


def _filter(text: str) -> Iterator[Sample]:
    hours = int(_matched(_HOURS, text)[0])
    if hours not in NO_HOURS:
        yield Sample(FILTER_SECONDS, (), float(hours * HOUR_SECONDS))


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise KeyError(text)
    return found


_READERS: Mapping[Question, Callable[[str], Iterator[Sample]]] = {
    POWER: _power,
    ERRORS: _errors,
    LAMPS: _lamps,
    INPUT: _input,
    FILTER: _filter,
}


def _text(line: bytes) -> str:
    """Return a line without its end; some end it with a line feed, which then is the next one's first byte."""
    return line.strip(b"\r\n").decode("utf-8", "replace")

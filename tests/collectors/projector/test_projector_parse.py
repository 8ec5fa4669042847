"""What the lines of PJLink mean."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.layout import Sample
from collectors.projector import parse
from collectors.projector.parse import NotPjlink, Question, challenge, digest, reply, samples


def read(question: Question, text: str) -> dict[str, float]:
    found = samples(question, text)
    return {" ".join((one.family.name.removeprefix("ringwacht_projector_"), *one.labels)): one.value for one in found}


def test_a_greeting_asks_for_a_password_or_does_not() -> None:
    assert challenge(b"PJLINK 0") is None
    assert challenge(b"\nPJLINK 1 498E4a67") == "498E4a67"
    assert challenge(b"PJLINK ERRA") == parse.REFUSED
    assert challenge(b"PJLINK 0 ") is None


@pytest.mark.parametrize(
    "line", [b"", b"PJLINK", b"PJLINK 1 ", b"PJLINK 1 xyz", b"SSH-2.0-x", b"\xff\xfe", b"PJLINK 2"]
)
def test_what_is_no_greeting_is_refused(line: bytes) -> None:
    with pytest.raises(NotPjlink):
        challenge(line)


def test_the_digest_is_that_of_the_specification() -> None:
    """The example of class 1, section 5.2: random number 498e4a67, password JBMIAProjectorLink."""
    assert digest("498e4a67", "JBMIAProjectorLink") == b"5d8409bc1c3fa39749434aa3a5c38682"


def test_only_questions_can_be_built() -> None:
    asked = [parse.POWER, parse.CLASS, *parse.STATES_OF_CLASS_2, *parse.FACTS_OF_CLASS_2]
    assert all(question.line.endswith(b" ?\r") for question in asked)
    assert Question("NAME") not in asked


def test_an_answer_is_told_from_a_refusal() -> None:
    assert reply(b"%1POWR=1", parse.POWER).text == "1"
    assert reply(b"%1powr=err3", parse.POWER).refusal == "time"
    assert reply(b"PJLINK ERRA", parse.POWER).refusal == "password"
    assert reply(b"%2FILT=ERR1", parse.FILTER).refusal == "undefined"
    with pytest.raises(NotPjlink):
        reply(b"%1LAMP=1 1", parse.POWER)


def test_power_is_a_set_of_states() -> None:
    assert read(parse.POWER, "2") == {
        "power_state standby": 0,
        "power_state on": 0,
        "power_state cooling": 1,
        "power_state warming": 0,
    }


def test_errors_are_told_by_part() -> None:
    assert read(parse.ERRORS, "012000") == {
        "error fan": 0,
        "error lamp": 1,
        "error temperature": 2,
        "error cover": 0,
        "error filter": 0,
        "error other": 0,
    }


def test_hours_become_seconds() -> None:
    assert read(parse.LAMPS, "2120 1 7 0") == {
        "lamp_seconds_total 1": 2120 * 3600,
        "lamp_on 1": 1,
        "lamp_seconds_total 2": 7 * 3600,
        "lamp_on 2": 0,
    }
    assert read(parse.LAMPS, "65535 1") == {"lamp_on 1": 1}, "what is not counted"
    assert read(parse.FILTER, "99999") == {}
    assert read(parse.FILTER, "350") == {"filter_seconds": 350 * 3600}
    assert read(parse.INPUT, "3A") == {"input_info digital A": 1}


def refusal(read: Callable[[], object]) -> str:
    """Why it was refused; "" where it was not. Nothing else is ever raised."""
    try:
        read()
    except NotPjlink as error:
        return str(error)
    return ""


@given(text=st.text(max_size=140), question=st.sampled_from([parse.POWER, *parse.STATES_OF_CLASS_2]))
def test_whatever_is_answered_is_read_or_refused(text: str, question: Question) -> None:
    found: list[Sample] = []
    assert refusal(lambda: found.extend(samples(question, text))).isprintable()
    assert all(sample.value >= 0 for sample in found)


@given(line=st.binary(max_size=160))
def test_whatever_is_sent_is_a_line_or_none(line: bytes) -> None:
    assert refusal(lambda: challenge(line)).isprintable()
    assert refusal(lambda: reply(line, parse.POWER)).isprintable()

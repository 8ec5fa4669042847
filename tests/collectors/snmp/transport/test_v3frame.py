"""Reading v3 messages, and what of them is believed: any bytes, every truncation, every bit that is turned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import BadReply, Unreachable
from agent.demo import ber
from collectors.snmp.transport.ber import element
from collectors.snmp.transport.ciphers import Guard
from collectors.snmp.transport.reply import Reply
from collectors.snmp.transport.security import Keys
from collectors.snmp.transport.v3frame import AUTHENTICATED, ENCRYPTED, Frame, Report, read_frame, read_report
from collectors.snmp.transport.v3sieve import V3Sieve
from tests.collectors.snmp.lab import by_user
from tests.harness.snmpv3_agent import ENGINE, USER, V3Agent

REQUEST_ID, MESSAGE_ID = 4711, 815
GUARD = Guard(by_user().snmp, Keys(), ENGINE)
UPTIME = ber.tlv(ber.SEQUENCE, ber.oid((1, 3, 6, 1, 2, 1, 1, 3, 0)) + ber.integer(7, ber.TIMETICKS))


def asked(flags: int = AUTHENTICATED | ENCRYPTED) -> Frame:
    """The frame of a request, as the agent sees it."""
    return Frame(MESSAGE_ID, flags, ENGINE, 3, 1000, USER, b"", 0, b"", b"", encrypted=True)


def response(flags: int | None = None, request_id: int = REQUEST_ID, agent: V3Agent | None = None) -> bytes:
    body = ber.integer(request_id) + ber.integer(0) * 2 + ber.tlv(ber.SEQUENCE, UPTIME)
    return (agent or V3Agent()).message(asked(), ber.tlv(ber.RESPONSE, body), flags)


def sieve() -> V3Sieve:
    return V3Sieve(MESSAGE_ID, REQUEST_ID, ENGINE, USER, GUARD)


REPORT = V3Agent().report(asked(), 5)
RESPONSE = response()


def test_the_right_answer_is_taken_with_its_values() -> None:
    answer = sieve().take(RESPONSE)
    assert answer is not None
    assert isinstance(answer.content, Reply)
    assert (answer.authentic, answer.content.rows) == (True, (("1.3.6.1.2.1.1.3.0", 7),))
    assert (answer.frame.boots, answer.frame.seconds) == (3, 1000)


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5, 6])
def test_each_report_is_read_and_only_the_one_of_the_time_window_is_signed(kind: int) -> None:
    datagram = V3Agent().report(asked(), kind)
    assert read_report(datagram) == Report(kind, ENGINE, USER)
    answer = sieve().take(datagram)
    assert answer is not None
    assert (answer.content, answer.authentic) == (Report(kind, ENGINE, USER), kind == 2)


def test_a_report_of_something_else_is_none_of_the_six() -> None:
    assert read_report(V3Agent().report(asked(), 9)) == Report(0, ENGINE, USER)
    assert read_report(RESPONSE) is None
    assert read_report(b"\x30\x03\x02\x01\x01") is None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_a_value_error(datagram: bytes) -> None:
    try:
        read_frame(datagram)
    except ValueError:
        assert sieve().take(datagram) is None


@given(st.binary(max_size=80), st.sampled_from([0, AUTHENTICATED, AUTHENTICATED | ENCRYPTED]))
def test_whatever_a_device_with_the_right_keys_says_is_an_answer_or_none(pdu: bytes, flags: int) -> None:
    answer = sieve().take(V3Agent().message(asked(), pdu, flags))
    assert answer is None or isinstance(answer.content, Report) or flags == AUTHENTICATED | ENCRYPTED


@pytest.mark.parametrize(
    ("boots", "seconds", "engine_id"),
    [(-1, 0, ENGINE), (0, -1, ENGINE), (1 << 31, 0, ENGINE), (0, 1 << 31, ENGINE), (1, 1, bytes(65))],
)
def test_a_clock_or_an_engine_id_out_of_bounds_is_no_frame(boots: int, seconds: int, engine_id: bytes) -> None:
    agent = V3Agent(engine_id=engine_id)
    agent.boots, agent.seconds = boots, seconds
    with pytest.raises(ValueError, match="out of bounds"):
        read_frame(agent.report(asked(), 4))


@pytest.mark.parametrize("datagram", [RESPONSE, REPORT], ids=["response", "report"])
def test_no_truncation_is_an_answer(datagram: bytes) -> None:
    for size in range(len(datagram)):
        assert sieve().take(datagram[:size]) is None
        assert read_report(datagram[:size]) is None


def test_no_bit_of_a_response_can_be_turned() -> None:
    """All of it is signed, also what we do not read."""
    for at in range(len(RESPONSE)):
        for bit in range(8):
            turned = bytearray(RESPONSE)
            turned[at] ^= 1 << bit
            assert sieve().take(bytes(turned)) is None, (at, bit)


@pytest.mark.parametrize(
    "datagram",
    [
        response(0),
        response(AUTHENTICATED),
        response(agent=V3Agent(engine_id=b"\x80\0\x1f\x88\x04other")),
        response(request_id=REQUEST_ID + 1),
    ],
    ids=["unsigned", "signed in clear", "of another engine", "to another request"],
)
def test_what_is_weaker_than_asked_or_not_ours_is_not_believed(datagram: bytes) -> None:
    assert sieve().take(datagram) is None


def test_the_failure_says_whether_anything_came() -> None:
    silent = sieve().failure()
    assert isinstance(silent, Unreachable)
    bothered = sieve()
    assert bothered.take(response(0)) is None
    assert isinstance(bothered.failure(), BadReply)
    assert "not authentic" in str(bothered.failure())


def test_a_guard_of_no_authentication_signs_and_believes_nothing() -> None:
    credential = by_user().snmp.model_copy(update={"auth_protocol": None, "auth_password": None})
    guard = Guard(credential, Keys(), ENGINE)
    assert (guard.flags, guard.digest_octets) == (0, 0)
    assert not guard.is_authentic(RESPONSE, read_frame(RESPONSE))


def test_encryption_comes_back_and_a_wrong_key_gives_no_scoped_pdu() -> None:
    frame = read_frame(RESPONSE)
    assert element(GUARD.decrypted(frame), 0)[0] == ber.SEQUENCE
    wrong = Guard(by_user(priv="wrong-password").snmp, Keys(), ENGINE)
    assert GUARD.decrypted(frame) != wrong.decrypted(frame)
    assert V3Sieve(MESSAGE_ID, REQUEST_ID, ENGINE, USER, wrong).take(RESPONSE) is None


def test_f13_an_answer_to_the_last_try_counts_and_is_told_from_one_in_time() -> None:
    """By the request-id that went with that message-id; a report, too."""
    for earlier, taken in (({MESSAGE_ID: REQUEST_ID}, True), ({MESSAGE_ID: 1}, False), ({}, False)):
        sieve = V3Sieve(1, 1, ENGINE, USER, GUARD, earlier)
        assert (sieve.take(RESPONSE) is not None) is taken
        assert sieve.late == bool(earlier)
    in_time = V3Sieve(MESSAGE_ID, REQUEST_ID, ENGINE, USER, GUARD, {1: 1})
    assert in_time.take(RESPONSE) is not None
    assert not in_time.late
    assert V3Sieve(1, 1, ENGINE, USER, GUARD, {MESSAGE_ID: REQUEST_ID}).take(REPORT) is not None

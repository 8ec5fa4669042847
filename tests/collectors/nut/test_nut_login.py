"""What becomes of a name and a password: they go to NUT in its own form, and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

import pytest
from pydantic import SecretStr

from agent.contract import AuthFailed, BadReply
from collectors.nut.client import quoted
from config.credentials import Credential, NutCredential
from tests.collectors.nut.upsd import Answer, collector, failure, good, serving


def credential(password: str) -> Credential:
    return Credential(nut=NutCredential(username="wacht", password=SecretStr(password)))


async def test_the_login_is_quoted_and_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(good) as (server, target):
        await collector(replace(target, credential=credential('ge"heim # 1'))).collect()
    assert server.heard[:2] == ["USERNAME wacht", r'PASSWORD "ge\"heim \# 1"']
    assert "heim" not in caplog.text


async def test_a_login_that_is_refused_leaves_nothing_open_and_names_no_password() -> None:
    def denied(line: str) -> Iterable[bytes]:
        return [b"ERR ACCESS-DENIED\n"] if "PASSWORD" in line else good(line)

    error = await failure(denied, credential=credential("geheim"))
    assert isinstance(error, AuthFailed)
    assert "geheim" not in str(error)


def echo(line: str) -> Iterable[bytes]:
    """A console server: it sends each line back."""
    return [f"{line}\n".encode()]


def late_echo(line: str) -> Iterable[bytes]:
    """It greets the login, and sends it back afterwards."""
    return [b"OK\n"] if line.startswith(("USERNAME", "PASSWORD")) else [b"PASSWORD geheim123\n"]


def echo_as_error(line: str) -> Iterable[bytes]:
    return [b"OK\n"] if line.startswith(("USERNAME", "PASSWORD")) else [b"ERR GEHEIM\n"]


@pytest.mark.parametrize("answer", [echo, late_echo, echo_as_error])
async def test_what_sends_the_password_back_is_not_quoted(answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    error = await failure(answer, credential=credential("geheim123"))
    assert isinstance(error, BadReply)
    for text in (error.detail, str(error), caplog.text):
        assert "geheim" not in text.lower()
        assert "PASSWORD" not in text


async def test_the_password_is_sent_to_nobody_who_does_not_take_the_name() -> None:
    async with serving(echo) as (server, target):
        with pytest.raises(BadReply, match="no answer of NUT"):
            await collector(replace(target, credential=credential("geheim"))).collect()
    assert {line.split()[0] for line in server.heard} == {"USERNAME"}


@pytest.mark.parametrize("password", ["zeile\nLOGIN usv1", "käse", "tab\t"])
def test_a_password_that_the_protocol_cannot_carry_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII") as caught:
        credential(password)
    assert password not in str(caught.value)


def test_a_plain_word_stays_as_it_is() -> None:
    assert quoted("Wacht_1.x") == "Wacht_1.x"
    assert quoted("a b\\c") == '"a b\\\\c"'
    assert quoted("") == '""'

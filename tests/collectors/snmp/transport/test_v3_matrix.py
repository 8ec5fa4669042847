"""All authentication times all privacy protocols, by both engines, against Debian's snmpd with OpenSSL."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr

from agent.contract import AuthFailed
from collectors.snmp.engines import Peer, converse
from collectors.snmp.oid import SYS_NAME, SYS_UPTIME
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.exchange import Engine
from collectors.snmp.transport.security import Keys
from config.address import Address
from config.credentials import AuthProtocol, PrivProtocol
from tests.collectors.snmp.lab import Login
from tests.harness.snmpd import V3_AUTH, V3_PRIV, Snmpd, matrix_users, snmpd, user_name

pytestmark = pytest.mark.integration

AUTHS: tuple[str, ...] = get_args(AuthProtocol)
PRIVS: tuple[str, ...] = get_args(PrivProtocol)
CELLS = [(auth, priv) for auth in AUTHS for priv in (None, *PRIVS)]
ENGINES: tuple[Engine, ...] = ("gufo", "pysnmp")
TABLE = "1.3.6.1.2.1.1.9.1.3"
KEYS = Keys()


def login(auth: str, priv: str | None, auth_password: str = V3_AUTH, priv_password: str = V3_PRIV) -> Any:
    """A cell's credential."""
    return Login(
        version="3",
        username=user_name(auth, priv),
        auth_protocol=auth,
        auth_password=SecretStr(auth_password),
        priv_protocol=priv,
        priv_password=SecretStr(priv_password) if priv else None,
    ).snmp


async def read(agent: Snmpd, credential: Any, engine: Engine, timeout_seconds: float = 2.0) -> int:
    """How many rows come of a scalar and a table."""
    peer = Peer(Address("127.0.0.1", agent.port), credential, timeout_seconds)
    session = converse(peer, KEYS, SnmpParams(engine=engine, retries=0))
    assert session.engine == engine
    session.start(10.0)
    try:
        found = await session.get([SYS_UPTIME, SYS_NAME])
        assert isinstance(found[SYS_UPTIME], int)
        page = await session.bulk(session.cursor(TABLE, 5), "table", 0)
    finally:
        session.close()
    return len(found) + len([row for row in page if row is not None])


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncGenerator[Snmpd]:
    async with snmpd(tmp_path, matrix_users()) as running:
        yield running


@pytest.mark.parametrize("engine", ENGINES)
async def test_every_cell_of_the_matrix_is_read(agent: Snmpd, engine: Engine) -> None:
    assert len(CELLS) == 6 * (6 + 1)
    rows = {cell: await read(agent, login(*cell), engine) for cell in CELLS}
    assert rows == dict.fromkeys(CELLS, 7)


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_wrong_authentication_password_is_named_in_every_row(agent: Snmpd, engine: Engine) -> None:
    for auth in AUTHS:
        with pytest.raises(AuthFailed, match="authentication: wrong password") as caught:
            await read(agent, login(auth, "AES-128", auth_password="not-the-password"), engine)
        assert "not-the-password" not in str(caught.value)


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_wrong_privacy_password_is_named_in_every_column(agent: Snmpd, engine: Engine) -> None:
    for priv in PRIVS:
        with pytest.raises(AuthFailed, match="privacy: the device cannot decrypt"):
            await read(agent, login("SHA-256", priv, priv_password="not-the-password"), engine, 0.2)


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_wrong_protocol_is_named_as_the_wrong_password_is(agent: Snmpd, engine: Engine) -> None:
    wrong = login("SHA-256", "AES-256").model_copy(update={"auth_protocol": "SHA-512"})
    with pytest.raises(AuthFailed, match="authentication: wrong password or protocol"):
        await read(agent, wrong, engine)
    wrong = login("MD5", "AES-256").model_copy(update={"priv_protocol": "AES-256-C"})
    with pytest.raises(AuthFailed, match="privacy: the device cannot decrypt"):
        await read(agent, wrong, engine, 0.2)

"""Whom the token is told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.contract import BadReply, Unreachable
from tests.collectors.mdm.management_lab import build, token
from tests.collectors.probe.servers import Authority
from tests.harness.fakes import FakeWire
from tests.harness.mdm.managements import Management
from tests.harness.mdm.relution_mock import ACCESS, relution, relution_device

NAME = "mdm.example"


class Names(FakeWire):
    """Knows one name, which is this machine's."""

    async def resolve(self, host: str, prefer: int | None = None) -> str:
        """Return the address. Raises Unreachable."""
        del prefer
        if host != NAME:
            raise Unreachable(f"{host}: no such name")
        return "127.0.0.1"


async def test_only_who_shows_a_certificate_that_is_trusted_gets_the_token(tmp_path: Path) -> None:
    authority = Authority()
    management = Management([relution_device(number) for number in range(5)])
    ca = str(authority.write(tmp_path / "ca.pem"))
    async with relution(management, tls=authority.serve(tmp_path, NAME)) as url:
        port = url.rpartition(":")[2]
        named: dict[str, Any] = {"mdm": "relution", "url": f"https://{NAME}:{port}"}
        with pytest.raises(BadReply, match="certificate"):
            await build(token(ACCESS), Names(), **named).collect()
        with pytest.raises(BadReply, match="certificate"):
            await build(token(ACCESS), Names(), mdm="relution", url=url, ca=ca).collect()
        assert management.asked == []
        assert len((await build(token(ACCESS), Names(), **named, ca=ca).collect()).managed) == 5
        assert len((await build(token(ACCESS), Names(), **named, verify=False).collect()).managed) == 5


async def test_a_name_that_nobody_knows_is_told_as_such() -> None:
    with pytest.raises(Unreachable, match="no such name"):
        await build(token(ACCESS), Names(), mdm="relution", url="https://relution.example").collect()

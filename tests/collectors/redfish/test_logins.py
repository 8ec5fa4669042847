"""Who gets a login, what a refused one means, and how often one is tried."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from agent.contract import AuthFailed, BadReply, Reason
from agent.wire.wire import LocalWire
from collectors.redfish.limits import MAX_REFUSED
from tests.collectors.probe.servers import local_wire
from tests.collectors.redfish.lab import collector, values
from tests.harness.mockups import ROOT, Tree, at, older
from tests.harness.redfish import Controller, served


@pytest.fixture
async def wire() -> AsyncIterator[LocalWire]:
    async with local_wire() as wire:
        yield wire


class Stranger(Controller):
    """A web server that wants a login, and is no controller, or is one in the way that it says."""

    def __init__(
        self, status: int, body: Any = None, headers: dict[str, str] | None = None, tree: Tree | None = None
    ) -> None:
        super().__init__(tree or {})
        self.told = (status, body, headers)
        self.authorised = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.authorised += "Authorization" in request.headers
        if request.path.rstrip("/") == ROOT and "X-Auth-Token" not in request.headers:
            status, body, headers = self.told
            return web.json_response(body, status=status, headers=headers)
        return await super().answer(request)


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", [None, {"error": "login first"}, {"v1": "/redfish/v1/"}])
async def test_that_a_server_wants_a_login_does_not_make_it_a_controller(
    wire: LocalWire, status: int, body: object
) -> None:
    stranger = Stranger(status, body)
    async with served(stranger) as port:
        with pytest.raises(BadReply, match=f"no Redfish service at /redfish/v1/ \\(status {status}\\)"):
            await collector(wire, port).collect()
    assert (stranger.passwords_seen, stranger.authorised) == (0, 0)
    assert not [one for one in stranger.asked if one.startswith("POST")]


SAID = {"error": {"code": "Base.1.8.GeneralError", "@Message.ExtendedInfo": [{"MessageId": "Base.1.8.NoLogin"}]}}


@pytest.mark.parametrize(
    ("body", "headers", "versions"),
    [(None, {"OData-Version": "4.0"}, False), (SAID, None, False), (None, None, True)],
)
async def test_a_controller_that_hides_its_root_shows_in_other_ways_what_it_is(
    wire: LocalWire, body: object, headers: dict[str, str] | None, versions: bool
) -> None:
    stranger = Stranger(401, body, headers, older())
    if versions:
        stranger.open_paths = {"/redfish"}
        stranger.tree["/redfish"] = {"v1": "/redfish/v1/"}
    async with served(stranger) as port:
        assert values(await collector(wire, port).collect())["hardware_ok FAN1"] == 1
    assert (stranger.passwords_seen, stranger.open) == (1, {})


async def test_where_the_root_is_hidden_no_login_goes_with_each_request(wire: LocalWire) -> None:
    stranger = Stranger(401, None, {"OData-Version": "4.0"}, older())
    stranger.sessions = False
    async with served(stranger) as port:
        with pytest.raises(BadReply, match="the login fails with status 404"):
            await collector(wire, port).collect()
    assert stranger.authorised == 0


@pytest.mark.parametrize(
    ("status", "error", "reason", "told"),
    [
        (503, None, Reason.BAD_REPLY, "the controller is not ready (status 503)"),
        (503, {"@Message.ExtendedInfo": [{"MessageId": "X.SessionLimitExceeded"}]}, Reason.BAD_REPLY, "no session is"),
        (403, {"@Message.ExtendedInfo": [{"MessageId": "X.SessionLimitExceeded"}]}, Reason.BAD_REPLY, "no session is"),
        (400, {"message": "The maximum number of user sessions is reached."}, Reason.BAD_REPLY, "no session is left"),
        (400, {"message": "Too many sessions."}, Reason.BAD_REPLY, "no session is left"),
        (400, {"message": "The session key is malformed."}, Reason.BAD_REPLY, "fails with status 400"),
        (403, {"message": "You may not."}, Reason.AUTH, "the login is refused (status 403)"),
    ],
)
async def test_why_nobody_is_let_in(wire: LocalWire, status: int, error: Any, reason: Reason, told: str) -> None:
    controller = Controller(older())
    controller.login = web.json_response({} if error is None else {"error": error}, status=status)
    async with served(controller) as port:
        with pytest.raises((BadReply, AuthFailed)) as failed:
            await collector(wire, port).collect()
    assert failed.value.reason is reason
    assert told in failed.value.detail


def drives(count: int) -> Tree:
    tree = older()
    places = [f"{ROOT}/Systems/1/Storage/RAID/Drives/{number}" for number in range(count)]
    tree[f"{ROOT}/Systems/1/Storage/RAID"]["Drives"] = list(map(at, places))
    return tree


@pytest.mark.parametrize("status", [401, 403])
async def test_a_login_with_each_request_is_not_tried_again_and_again(wire: LocalWire, status: int) -> None:
    controller = Controller(drives(60))
    controller.sessions = False
    controller.raw = {f"{ROOT}/Systems/1/Storage/RAID/Drives/{number}": (status, b"") for number in range(60)}
    async with served(controller) as port:
        found = await collector(wire, port).collect()
    refused = [one for one in controller.asked if "/Drives/" in one]
    assert len(refused) < MAX_REFUSED + 4
    assert values(found)["hardware_ok FAN1"] == 1
    assert "not everything was read: the login is not accepted any more" in found.partial


async def test_a_wrong_login_with_each_request_is_tried_once(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.sessions = False
    controller.raw = {path: (401, b"") for path in controller.tree if path != ROOT}
    async with served(controller) as port:
        with pytest.raises(AuthFailed):
            await collector(wire, port).collect()
    assert len([one for one in controller.asked if one.startswith("GET") and one != f"GET {ROOT}"]) == 1


async def test_one_refusal_at_the_end_takes_nothing_away(wire: LocalWire) -> None:
    controller = Controller(older())
    controller.raw = {f"{ROOT}/Managers/bmc": (401, b"")}
    async with served(controller) as port:
        found = await collector(wire, port).collect()
    assert found.partial == (f"{ROOT}/Managers/bmc: status 401",)
    assert values(found)["hardware_ok FAN1"] == 1

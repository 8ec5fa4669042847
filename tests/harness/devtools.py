"""A real browser that is asked what it sees: width, colours, requests, complaints, a picture (DevTools protocol)."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp

from tests.harness.chromium import browser_command

START_SECONDS = 60.0
LOAD_SECONDS = 60.0
_MAX_MESSAGE_BYTES = 64 * 1024 * 1024
_LISTENING = re.compile(rb"DevTools listening on (ws://\S+)")
_COMPLAINTS = {"Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.javascriptDialogOpening"}


class Screen(NamedTuple):
    """What the page is shown on; sizes in CSS pixels."""

    width: int
    height: int = 900
    dark: bool = False
    media: str = "screen"


class Tab:
    """One page in the browser. ``requests`` and ``complaints`` hold what happened since it was opened."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._loads = 0

    async def open(self) -> None:
        target = await self.ask("Target.createTarget", url="about:blank")
        attached = await self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.ask(f"{domain}.enable")

    async def load(self, url: str, screen: Screen) -> None:
        """Shows the page and waits until it has loaded."""
        size = {"width": screen.width, "height": screen.height, "deviceScaleFactor": 1, "mobile": screen.width < 600}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if screen.dark else "light"}
        await self.ask("Emulation.setDeviceMetricsOverride", **size)
        await self.ask("Emulation.setEmulatedMedia", media=screen.media, features=[scheme])
        before = self._loads
        await self.ask("Page.navigate", url=url)
        async with asyncio.timeout(LOAD_SECONDS):
            while self._loads == before:
                await self._take()

    async def value(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = await self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def picture(self, *, whole: bool = True) -> bytes:
        """A PNG of the whole page, or of what fits on the screen."""
        shot = await self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(shot["data"])

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        session = {} if self._session is None else {"sessionId": self._session}
        await self._socket.send_json({"id": number, "method": method, "params": params, **session})
        async with asyncio.timeout(LOAD_SECONDS):
            while True:
                message = await self._take()
                if message.get("id") == number:
                    assert "error" not in message, message
                    result: dict[str, Any] = message["result"]
                    return result

    async def _take(self) -> dict[str, Any]:
        message: dict[str, Any] = await self._socket.receive_json()
        method = message.get("method")
        if method == "Page.loadEventFired":
            self._loads += 1
        elif method == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        elif method in _COMPLAINTS:
            self.complaints.append(json.dumps(message["params"]))
        return message


@asynccontextmanager
async def browser_tab(directory: Path) -> AsyncGenerator[Tab]:
    """A tab in a browser of its own with a new profile under the directory."""
    browser = await asyncio.create_subprocess_exec(
        *browser_command(directory, "--hide-scrollbars", "--remote-debugging-port=0", "about:blank"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert browser.stderr is not None
        async with asyncio.timeout(START_SECONDS):
            url = await _address(browser.stderr)
        drain = asyncio.create_task(browser.stderr.read())
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(url, max_msg_size=_MAX_MESSAGE_BYTES) as socket,
        ):
            tab = Tab(socket)
            await tab.open()
            yield tab
        drain.cancel()
    finally:
        if browser.returncode is None:
            browser.kill()
            await browser.wait()


async def _address(stderr: asyncio.StreamReader) -> str:
    said: list[bytes] = []
    while line := await stderr.readline():
        said.append(line)
        if found := _LISTENING.search(line):
            return found[1].decode()
    raise AssertionError(b"".join(said).decode(errors="replace"))

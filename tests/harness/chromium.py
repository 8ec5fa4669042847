"""A real browser (Debian's chromium, headless) that loads one page."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

LOAD_SECONDS = 60.0
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_CONSOLE = re.compile(r'^\[[^\]]*:CONSOLE\W\d+\W?\] (".*)$', re.MULTILINE)


class LoadedPage(NamedTuple):
    """The document after it was loaded, and what was written on its console: refusals and errors too."""

    dom: str
    console: tuple[str, ...]


def browser_command(directory: Path, *more: str) -> list[str]:
    """The command that starts the browser with a new profile under the directory."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program is not None, "chromium is missing; tests/servers.sh installs it"
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [program, *root, *_FLAGS, f"--user-data-dir={directory / 'profile'}", *more]


async def load_page(url: str, directory: Path) -> LoadedPage:
    """Loads the URL in a browser of its own with a new profile; raises AssertionError where the browser fails."""
    browser = await asyncio.create_subprocess_exec(
        *browser_command(directory, "--enable-logging=stderr", "--dump-dom", url),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(LOAD_SECONDS):
            out, log = await browser.communicate()
    finally:
        if browser.returncode is None:
            browser.kill()
            await browser.wait()
    assert browser.returncode == 0, log.decode(errors="replace")
    return LoadedPage(out.decode(), tuple(_CONSOLE.findall(log.decode(errors="replace"))))

"""The demo's county, watched by a real daemon: what happens there, and what somebody is told of it, in order."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from agent.demo.county import County
from agent.demo.scenario import Scenario, What
from agent.engine.clock import SystemClock
from tests.harness.daemon import COMMAND
from tests.harness.process import ServerProcess, answers, wait_until, write_yaml
from tests.harness.sink import Received, Sink

LATE = 0.1  # seconds after which the county tells an event at the latest


class Play(NamedTuple):
    """What is played, and how. ``about``: only this subject is told of, so that no message speaks of two things."""

    scenario: Scenario
    speed: float
    traps: bool = True
    about: str | None = None


class Told(NamedTuple):
    """What a receiver was sent."""

    kind: str
    rule: str
    subject: str


class Course:
    """What happened and what was told, in the order of its arrival here (seconds of the loop's clock)."""

    def __init__(self) -> None:
        self.log: list[tuple[float, What | Told]] = []
        self.texts: dict[Told, str] = {}

    def note(self, what: What | Told) -> None:
        self.log.append((asyncio.get_running_loop().time(), what))

    def receive(self, message: Received) -> None:
        """Note one message of the webhook."""
        sent = message.json()
        subject, rule = _about(sent["message"])
        told = Told(sent["title"].split(":")[0], rule, subject)
        self.texts[told] = sent["title"]
        self.note(told)

    def at(self, what: What | Told) -> float:
        """When it arrived first."""
        return next(at for at, one in self.log if one == what)

    def __iter__(self) -> Iterator[What | Told]:
        return (what for _, what in self.log)


def _about(text: str) -> tuple[str, str]:
    """Subject and rule, from the last lines of a message."""
    found = re.search(r"^(\S+) · rule (\S+) · ref ", text, re.MULTILINE)
    assert found is not None, text
    return found[1], found[2]


@asynccontextmanager
async def watched(directory: Path, receiver: Sink, play: Play) -> AsyncGenerator[Course]:
    """The county and the daemon that watches it."""
    now = SystemClock().now()
    prepare = partial(County.prepare, now=now, speed=play.speed, scenario=play.scenario, usual_ports=False)
    county = await asyncio.to_thread(prepare, directory / "county")
    await asyncio.to_thread(_tell_the_receiver, county.prepared.config_path, receiver.port, play)
    course, seen = Course(), 0

    def received() -> None:
        nonlocal seen
        for message in receiver.requests[seen:]:
            course.receive(message)
        seen = len(receiver.requests)

    receiver.meanwhile = received
    await county.start()
    daemon = ServerProcess((*COMMAND, "run", str(county.prepared.directory)), directory / "ringwacht.log")
    events = asyncio.create_task(_listen(county, course))
    try:
        await daemon.start(lambda: answers(f"http://{county.prepared.web_address}/-/ready"))
        yield course
    finally:
        await daemon.stop()
        await county.stop()
        await events
    assert "Traceback" not in daemon.log()


def _tell_the_receiver(path: Path, port: int, play: Play) -> None:
    """The demo's configuration, with somebody to tell, without this machine, and without a trap port if so wanted."""
    config: dict[str, Any] = yaml.safe_load(path.read_text())
    (path.parent / "secrets/sink").write_text(f"json://127.0.0.1:{port}/told")
    config["alerting"]["receivers"] = {"sink": {"apprise": [{"file": "secrets/sink"}]}}
    config["alerting"]["routes"] = [{"receivers": ["sink"]}]
    if play.about is not None:
        config["alerting"]["routes"][0]["match"] = {"subject": play.about}
    if not play.traps:
        del config["traps"]
    write_yaml(path, config)
    network = path.parent / "inventory/network.yml"
    lines = network.read_text().splitlines(keepends=True)
    network.write_text("".join(line for line in lines if "checks: [host]" not in line))


async def _listen(county: County, course: Course) -> None:
    async for event in county.events():
        course.note(event.what)


async def until(course: Course, what: What | Told) -> None:
    """Waits until it has happened, or was told."""

    async def there() -> bool:
        return what in list(course)

    await wait_until(there, f"{what} after {[str(one) for one in course]}", 120)

"""Duty calendars from files and URLs: read, kept, read again."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from agent.alerts.roster import Roster
from agent.app import rosters as rosters_module
from agent.app.calendars import fetch, plain
from agent.app.rosters import Rosters, offline_roster
from agent.contract import Wire
from config.calendarfaults import CalendarError, Fault, FaultKey
from config.calendarfiles import SCHOOL, copy_of
from config.icalbounds import LARGEST_BYTES
from config.settings import Settings
from config.workdays import ClosedDays
from tests.agent.alerts.rotas import TUESDAY, calendar, event
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeWire

GOOD = calendar(event("a", "20261101T000000", "20270601T000000"))
OTHER = calendar(event("b", "20261101T000000", "20270601T000000"))
Answer = Callable[[web.Request], web.StreamResponse]


@asynccontextmanager
async def served(answer: Answer) -> AsyncGenerator[str]:
    async def handle(request: web.Request) -> web.StreamResponse:
        return answer(request)

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/secret-token"
    finally:
        await runner.cleanup()


def settings(folder: Path, **source: Any) -> Settings:
    receivers: dict[str, Any] = {name: {"apprise": [{"env": "PATH"}]} for name in ("a", "b")}
    receivers["rota"] = {"duty": {"otherwise": ["b"], "refresh": "15m", **source}}
    return Settings.model_validate({"state": {"directory": folder}, "alerting": {"receivers": receivers}})


class Bench:
    """A keeper of calendars under a fake clock, and what it handed on last."""

    def __init__(self, config: Settings) -> None:
        self.clock = FakeClock(TUESDAY)
        self.roster = Roster()
        self.changed = asyncio.Event()
        self.config = config
        self.rosters = self.keeper(FakeWire(at_once=True))

    def keeper(self, wire: Wire) -> Rosters:
        return Rosters(wire, self.clock, lambda: self.config, self._take)

    def _take(self, roster: Roster) -> None:
        self.roster = roster
        self.changed.set()

    def on_duty(self) -> tuple[str, ...]:
        return self.roster.expand(("rota",), self.config, self.clock.now())

    async def open(self) -> None:
        await self.rosters.open(self.config)
        self.rosters.publish()

    async def next_change(self) -> None:
        self.changed.clear()
        async with asyncio.timeout(20):
            await self.changed.wait()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        task = asyncio.create_task(self.rosters.run())
        try:
            await self.next_change()
            yield
        finally:
            task.cancel()


async def test_a_file_is_read_at_once_and_again_when_it_is_due(tmp_path: Path) -> None:
    file = tmp_path / "duty.ics"
    file.write_bytes(GOOD)
    bench = Bench(settings(tmp_path, file=file))
    await bench.open()
    assert bench.on_duty() == ("a",)
    async with bench.running():
        file.write_bytes(OTHER)
        await bench.clock.advance(899)
        assert bench.on_duty() == ("a",)
        await bench.clock.advance(2)
        assert bench.on_duty() == ("b",)


async def test_a_bad_new_copy_leaves_the_old_one_in_force_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "duty.ics"
    file.write_bytes(GOOD)
    bench = Bench(settings(tmp_path, file=file))
    await bench.open()
    async with bench.running():
        file.write_bytes(b"hello")
        await bench.clock.advance(901)
        assert bench.on_duty() == ("a",)
        assert bench.roster.troubles == {"rota": Fault("none")}
        file.write_bytes(OTHER)
        await bench.clock.advance(901)
        assert (bench.on_duty(), bench.roster.troubles) == (("b",), {})


async def test_an_old_copy_is_expanded_anew_each_day(tmp_path: Path) -> None:
    file = tmp_path / "duty.ics"
    file.write_bytes(calendar(event("a", "20261124T000000", "20261125T000000", "RRULE:FREQ=DAILY")))
    bench = Bench(settings(tmp_path, file=file, refresh="1d"))
    await bench.open()
    async with bench.running():
        file.unlink()
        for _ in range(100):
            await bench.clock.advance(86400)
        assert bench.on_duty() == ("a",)


async def test_a_url_is_fetched_and_its_last_good_copy_survives_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(lambda _: web.Response(body=GOOD)) as url:
        monkeypatch.setenv("CALENDAR", url)
        config = settings(tmp_path, url={"env": "CALENDAR"})
        bench = Bench(config)
        await bench.open()
        assert (bench.on_duty(), bench.roster.troubles) == (("b",), {"rota": Fault("fresh")})
        async with bench.running():
            assert (bench.on_duty(), bench.roster.troubles) == (("a",), {})
    copy = copy_of(config, "rota")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    again = Bench(config)
    await again.open()
    assert (again.on_duty(), again.roster.troubles) == (("a",), {})
    async with again.running():
        assert again.on_duty() == ("a",)
        assert "secret-token" not in str(again.roster.troubles)
        assert list(again.roster.troubles) == ["rota"]


async def test_a_bad_answer_does_not_replace_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [GOOD, b"<html>login</html>"]
    async with served(lambda _: web.Response(body=answers[0])) as url:
        monkeypatch.setenv("CALENDAR", url)
        config = settings(tmp_path, url={"env": "CALENDAR"})
        bench = Bench(config)
        await bench.open()
        async with bench.running():
            answers.pop(0)
            await asyncio.gather(bench.clock.advance(901), bench.next_change())
            assert bench.roster.troubles == {"rota": Fault("none")}
    assert copy_of(config, "rota").read_bytes() == GOOD


def test_without_the_network_the_last_copy_answers(tmp_path: Path) -> None:
    config = settings(tmp_path, url={"env": "PATH"})
    assert offline_roster(config, TUESDAY).troubles == {"rota": Fault("fresh")}
    copy_of(config, "rota").parent.mkdir()
    copy_of(config, "rota").write_bytes(GOOD)
    assert offline_roster(config, TUESDAY).expand(("rota",), config, TUESDAY) == ("a",)


async def test_a_redirect_is_followed_on_the_same_host_only() -> None:
    def answer(request: web.Request) -> web.StreamResponse:
        places = {"/secret-token": "/moved", "/away": "http://localhost:1/", "/round": "/round"}
        place = places.get(request.path)
        return web.Response(body=GOOD) if place is None else web.Response(status=302, headers={"Location": place})

    async with served(answer) as url:
        assert await fetch(url) == GOOD
        with pytest.raises(CalendarError, match="another host"):
            await fetch(url.replace("secret-token", "away"))
        with pytest.raises(CalendarError, match="without end"):
            await fetch(url.replace("secret-token", "round"))


@pytest.mark.parametrize(
    ("status", "size", "why"), [(404, 0, "HTTP status 404"), (200, LARGEST_BYTES + 1, "larger than 2 MB")]
)
async def test_what_cannot_be_fetched_says_why_and_nothing_of_the_url(status: int, size: int, why: str) -> None:
    async with served(lambda _: web.Response(status=status, body=b"x" * size)) as url:
        with pytest.raises(CalendarError) as caught:
            await fetch(url)
    assert str(caught.value) == why
    with pytest.raises(CalendarError) as gone:
        await fetch(url)
    assert "secret-token" not in str(gone.value)


@pytest.mark.parametrize(
    ("torn", "why"),
    [
        (GOOD[:100], "event"),
        (b"<html>login</html>", "none"),
        (None, "missing"),
        (calendar(event("Erika Mustermann", "20261201")), "strangers"),
    ],
)
async def test_a_start_with_a_torn_file_has_the_last_good_copy_in_force(
    tmp_path: Path, torn: bytes | None, why: FaultKey
) -> None:
    file = tmp_path / "duty.ics"
    config = settings(tmp_path, file=file)
    file.write_bytes(GOOD)
    bench = Bench(config)
    await bench.open()
    async with bench.running():
        assert copy_of(config, "rota").read_bytes() == GOOD
    file.unlink() if torn is None else file.write_bytes(torn)
    again = Bench(config)
    await again.open()
    assert (again.on_duty(), again.roster.troubles["rota"].key) == (("a",), why)
    async with again.running():
        assert (again.on_duty(), again.roster.troubles["rota"].key) == (("a",), why)
    copy_of(config, "rota").unlink()
    await again.open()
    assert (again.on_duty(), again.roster.troubles["rota"].key) == (("b",), why)


async def test_a_file_that_hangs_does_not_hold_up_the_start(tmp_path: Path) -> None:
    class Hanging(FakeWire):
        async def blocking(self, pool: str, call: Callable[[], Any]) -> Any:
            await asyncio.Event().wait()

    bench = Bench(settings(tmp_path, file=tmp_path / "duty.ics"))
    bench.rosters = bench.keeper(Hanging())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rosters_module, "OPEN_BUDGET_SECONDS", 0.01)
        await bench.open()
    assert (bench.on_duty(), bench.roster.troubles) == (("b",), {"rota": Fault("busy")})


def test_a_school_calendar_that_is_torn_leaves_its_last_good_copy_in_force(tmp_path: Path) -> None:
    own = tmp_path / "school.ics"
    town = {"school_calendar": own}
    config = Settings.model_validate({"state": {"directory": tmp_path}, "municipality": town})
    own.write_bytes(calendar(event("Ferien", "20261208")))
    asyncio.run(Bench(config).open())
    own.write_bytes(b"<html>login</html>")
    assert date(2026, 12, 8) in ClosedDays.of_schools(config)
    copy_of(config, SCHOOL).unlink()
    assert date(2026, 12, 8) not in ClosedDays.of_schools(config)


def test_webcal_is_fetched_by_tls() -> None:
    assert plain("webcal://calendar.example/token") == "https://calendar.example/token"
    assert plain(" HTTPS://calendar.example/a:b") == "https://calendar.example/a:b"

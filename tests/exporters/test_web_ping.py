"""/ping/<service>: whatever can call a URL can report."""

from __future__ import annotations

import io

import pytest

from agent.contract import Heartbeat, HeartbeatSignal, Refused
from exporters.web.patience import WRONG_AT_ONCE
from exporters.web.ping import Report, report_of
from tests.exporters.fakes import FakeCommands, make_snapshot
from tests.exporters.webserver import Client, serve

RIGHT = {"Authorization": "Bearer hunter22"}


class Daemon(FakeCommands):
    """Takes the reports of one service; ``taken`` holds them."""

    def __init__(self) -> None:
        super().__init__(make_snapshot())
        self.taken: list[Report] = []
        self.asked = 0
        self.disk_full = False

    async def report(
        self,
        service: str,
        token: str,
        signal: HeartbeatSignal,
        exit_code: int | None = None,
        size_bytes: int | None = None,
    ) -> Heartbeat:
        self.asked += 1
        if (service, token) != ("backup", "hunter22"):
            raise Refused("forbidden", "service or token is not known")
        if self.disk_full:
            raise Refused("unavailable", "the report could not be kept; report again")
        self.taken.append(Report(signal, exit_code, size_bytes))
        return Heartbeat(service, 0.0)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    ("path", "report"),
    [
        ("/ping/backup", Report("success")),
        ("/ping/backup/start", Report("start")),
        ("/ping/backup/fail", Report("fail")),
        ("/ping/backup/0", Report("success", 0)),
        ("/ping/backup/255", Report("fail", 255)),
    ],
)
async def test_what_is_reported_stands_in_the_path(method: str, path: str, report: Report) -> None:
    daemon = Daemon()
    async with serve(daemon) as client:
        status, _, headers = await client.get(path, method, **RIGHT)
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert daemon.taken == [report]


@pytest.mark.parametrize(
    ("query", "report"),
    [
        ("/ping/backup?size=123456789", Report("success", None, 123456789)),
        ("/ping/backup/0?size=0", Report("success", 0, 0)),
        ("/ping/backup?size=1000000000000000000", Report("success", None, 10**18)),
        ("/ping/backup/start?size=5", Report("start")),
        ("/ping/backup/3?size=nothing", Report("fail", 3)),
    ],
)
async def test_a_success_may_say_how_much_it_wrote_and_a_failure_is_not_lost_for_it(query: str, report: Report) -> None:
    daemon = Daemon()
    async with serve(daemon) as client:
        assert (await client.get(query, **RIGHT))[0] == 200
    assert daemon.taken == [report]


SIZES = ["5GB", "5e9", "1.5", "-1", "%2B5", "NaN", "inf", "", "%D9%A3", "1000000000000000001", "9" * 5000, "5&size=6"]


@pytest.mark.parametrize("size", SIZES)
async def test_a_size_that_is_no_number_of_bytes_is_refused_and_says_what_is_wanted(size: str) -> None:
    daemon = Daemon()
    async with serve(daemon) as client:
        status, body, _ = await client.get(f"/ping/backup?size={size}", **RIGHT)
    assert (status, daemon.asked) == (400, 0)
    assert body == b"size is a whole number of bytes without a unit, once, e.g. ?size=123456789\n"


async def test_the_token_may_stand_in_the_address() -> None:
    daemon = Daemon()
    async with serve(daemon) as client:
        assert (await client.get("/ping/backup/3?token=hunter22"))[0] == 200
    assert daemon.taken == [Report("fail", 3)]


@pytest.mark.parametrize("length", [60_000, 5_000_000])
async def test_a_log_that_is_sent_along_is_passed_over(length: int) -> None:
    daemon = Daemon()
    async with serve(daemon) as client:
        sent = client.session.post(f"{client.url}/ping/backup", data=io.BytesIO(b"\xff" * length), headers=RIGHT)
        async with sent as answer:
            assert answer.status == 200
        assert (await client.get("/ping/backup/start", **RIGHT))[0] == 200
    assert daemon.taken == [Report("success"), Report("start")]


@pytest.mark.parametrize("path", ["/ping/backup", "/api/v1/silences"])
async def test_a_body_that_is_not_encoded_as_it_says_is_refused(path: str, caplog: pytest.LogCaptureFixture) -> None:
    async with serve(Daemon()) as client:
        said = {**RIGHT, "Content-Encoding": "gzip"}
        async with client.session.post(f"{client.url}{path}", data=b"not gzip", headers=said) as answer:
            assert answer.status == 400
    assert not caplog.records


@pytest.mark.parametrize("path", ["/ping/backup", "/ping/nobody?token=hunter22", "/ping/backup/start?token=x"])
async def test_an_unknown_service_and_a_wrong_token_look_the_same(path: str) -> None:
    async with serve(Daemon()) as client:
        assert (await client.get(path))[:2] == (403, b"service or token is not known\n")


@pytest.mark.parametrize("path", ["/ping", "/ping/backup/256", "/ping/backup/-1", "/ping/backup/٣", "/ping/backup/ok"])
async def test_what_says_nothing_is_not_found(path: str) -> None:
    daemon = Daemon()
    async with serve(daemon) as client:
        assert (await client.get(path, **RIGHT))[0] == 404
    assert daemon.asked == 0


async def test_what_could_not_be_kept_is_to_be_reported_again() -> None:
    daemon = Daemon()
    daemon.disk_full = True
    async with serve(daemon) as client:
        status, _, headers = await client.get("/ping/backup", **RIGHT)
    assert (status, headers["Retry-After"]) == (503, "30")


async def tries(client: Client, count: int) -> list[int]:
    return [(await client.get("/ping/backup?token=wrong"))[0] for _ in range(count)]


async def test_who_guesses_must_wait_and_locks_nobody_out() -> None:
    daemon = Daemon()
    async with serve(daemon) as client:
        assert await tries(client, WRONG_AT_ONCE) == [403] * WRONG_AT_ONCE
        status, _, headers = await client.get("/ping/backup?token=wrong")
        assert (status, headers["Retry-After"]) == (429, "60")
        assert (await client.get("/ping/backup", **RIGHT))[0] == 200
    assert daemon.taken == [Report("success")]


async def test_a_disk_that_is_full_is_no_wrong_try() -> None:
    daemon = Daemon()
    daemon.disk_full = True
    async with serve(daemon) as client:
        statuses = {(await client.get("/ping/backup", **RIGHT))[0] for _ in range(WRONG_AT_ONCE + 2)}
        assert (await tries(client, 1)) == [403]
    assert statuses == {503}


@pytest.mark.parametrize("what", ["0x10", "1e2", " 1", "1000", "START", "start/"])
def test_only_what_is_documented_is_read(what: str) -> None:
    assert report_of(what) is None

"""``ringwacht alerts test``, and what ``check`` says of URLs that are none."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent.app.loading import prepare
from agent.app.testmessage import try_all
from agent.cli import cli
from agent.contract import Delivered, Parcel, Rejected
from config.errors import ConfigError
from exporters.notify import AppriseDeliverer
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeWire
from tests.harness.process import free_port
from tests.harness.sink import sink

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise

CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
DTSTART:20270115T000000Z
DTEND:20270116T000000Z
SUMMARY:anna
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def configure(folder: Path, **urls: str) -> Path:
    """A receiver for each URL, and ``rota`` by calendar: ``anna`` on 15 January 2027, else ``bert``."""
    (folder / "rota.ics").write_text(CALENDAR, encoding="utf-8", newline="")
    receivers = [f"    {name}: {{apprise: [{{file: {name}}}]}}" for name in urls]
    for name, url in urls.items():
        (folder / name).write_text(url, encoding="utf-8")
    if {"anna", "bert"} <= urls.keys():
        receivers.append("    rota: {duty: {file: rota.ics, otherwise: [bert]}}")
    web = f"web: {{listen: 127.0.0.1:{free_port()}}}"  # where no daemon is
    text = "\n".join(["alerting:", "  receivers:", *receivers, web])
    (folder / "ringwacht.yml").write_text(text, encoding="utf-8")
    return folder


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["alerts", "test", *arguments])


async def test_whoever_has_duty_is_tried_over_every_url_and_told_that_it_is_a_test(tmp_path: Path) -> None:
    async with sink() as here, sink() as there:
        folder = configure(tmp_path, anna=f"json://127.0.0.1:{here.port}", bert=f"json://127.0.0.1:{there.port}")
        loaded = (await asyncio.to_thread(prepare, folder)).loaded
        january = FakeClock(now=1_800_000_000.0)
        assert [(one.receiver, one.outcome) for one in await try_all(loaded, "rota", FakeWire(), january)] == [
            ("anna", Delivered())
        ]
        later = FakeClock(now=1_800_200_000.0)
        assert [one.receiver for one in await try_all(loaded, "rota", FakeWire(), later)] == ["bert"]
    assert here.requests[0].json()["title"].startswith("TEST: Probemeldung an anna, 09:00")


async def test_a_way_that_refuses_is_named_by_its_place(tmp_path: Path) -> None:
    async with sink() as here:
        here.status = 401
        folder = configure(tmp_path, anna=f"json://user:geheim@127.0.0.1:{here.port}")
        loaded = (await asyncio.to_thread(prepare, folder)).loaded
        (tried,) = await try_all(loaded, "anna", FakeWire(), FakeClock())
    assert tried.outcome == Rejected("URL 1 of anna refused the message: HTTP 401")
    assert (tried.word, tried.why) == ("refused", "URL 1 of anna refused the message: HTTP 401")


async def test_a_way_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(_: AppriseDeliverer, __: Parcel) -> Delivered:
        await asyncio.Event().wait()
        return Delivered()

    monkeypatch.setattr(AppriseDeliverer, "deliver", hang)
    loaded = (await asyncio.to_thread(prepare, configure(tmp_path, anna="json://127.0.0.1"))).loaded
    (tried,) = await try_all(loaded, "anna", FakeWire(), FakeClock(), 0.0)
    assert (tried.word, tried.why) == ("failed", "URL 1 of anna: timeout: budget of 0 s used up")


def test_the_command_ends_with_1_where_a_way_fails_and_never_shows_the_url(tmp_path: Path) -> None:
    configure(tmp_path, anna=f"json://user:geheim@127.0.0.1:{free_port()}")
    plain = invoke(str(tmp_path), "--receiver", "anna", "--as", "anna")
    assert (plain.exit_code, plain.stdout) == (1, "URL 1 of anna did not take the message: no good answer\n")
    assert "no daemon answers there; sent without it, and not noted as a test" in plain.stderr
    found = invoke(str(tmp_path), "--receiver", "anna", "--as", "anna", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)[0] == {
        "receiver": "anna",
        "url": 1,
        "outcome": "failed",
        "why": "URL 1 of anna did not take the message: no good answer",
    }


def test_an_unknown_receiver_is_an_error_with_a_hint(tmp_path: Path) -> None:
    configure(tmp_path, anna="json://127.0.0.1:9")
    result = invoke(str(tmp_path), "--receiver", "ana", "--as", "anna")
    assert result.exit_code == 2
    assert result.output == "'ana' is no receiver of the configuration; did you mean anna?\n"


@pytest.mark.parametrize(
    ("url", "problem", "hint"),
    [
        ("jsn://user:geheim@host", "Apprise knows no service for this URL", "did you mean json?"),
        ("quatsch-und-so://geheim", "Apprise knows no service for this URL", "see its list of services"),
        ("slack://geheim", "Apprise cannot read this slack URL", "something is missing"),
        ("geheim@example.org", "this is no URL", "e.g. mailto://"),
    ],
)
def test_check_says_where_a_url_is_wrong_and_what_may_be_meant(
    tmp_path: Path, url: str, problem: str, hint: str
) -> None:
    configure(tmp_path, anna=url)
    with pytest.raises(ConfigError) as caught:
        prepare(tmp_path)
    text = str(caught.value)
    assert f"ringwacht.yml:3:22: alerting.receivers.anna.apprise[0]: {problem}" in text
    assert hint in text
    assert "geheim" not in text

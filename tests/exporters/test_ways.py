"""What the real plug-ins of Apprise make of our messages: their requests are caught, mail goes to a server of ours."""

from __future__ import annotations

import asyncio
import io
import json
import re
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast
from urllib.parse import parse_qs

import pytest
import requests
from pydantic import SecretStr
from requests.adapters import HTTPAdapter

from agent.contract import Delivered, Retry
from exporters.messages.compose import Message, compose
from exporters.messages.sms import septets
from exporters.ways import Way, load_ways
from tests.exporters.briefings import briefing, make_alert, parcel, told

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

HOSTILE = (
    "@everyone <!channel> <@U1> [hier](https://evil.example) <b>fett</b> ||weg|| `x` \x1b[31m\r\nBcc: x@evil.example"
)

URLS = {
    "discord": "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz0123456789",
    "google": "gchat://workspace/key/token",
    "gotify": "gotify://localhost/abcdefghijklmno",
    "json": "json://localhost",
    "matrix": "matrix://user:pass@localhost/#room",
    "mattermost": "mmost://localhost/3ccdd113474722377935511fc85d3dd4",
    "nextcloud": "nctalk://user:pass@localhost/room1",
    "ntfy": "ntfy://localhost/topic",
    "pushover": f"pover://{'u' * 30}@{'a' * 30}",
    "rocket": "rocket://a/b@localhost/#room",
    "signal": "signal://localhost:8080/+15551234567/+15557654321",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    "teams": "workflows://host.example/a1b2c3/sig123",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "webex": f"wxteams://{'a' * 80}",
    "zulip": f"zulip://botname@myorg/{'a' * 32}/general",
}
TEXT_MESSAGES = {
    "plivo": f"plivo://{'a' * 25}@{'b' * 40}/15551234567/15557654321",
    "seven": "seven://apikey/15557654321",
    "smseagle": "smseagle://token@localhost/15557654321",
    "twilio": f"twilio://AC{'a' * 32}:{'b' * 32}@15551234567/15557654321",
}
ANSWER = {
    **{"ok": True, "status": 1, "access_token": "x", "user_id": "@a:b", "room_id": "!r:b", "event_id": "e"},
    **{"home_server": "b", "joined_rooms": ["!r:b"], "success": "100", "messages": [], "result": []},
}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bodies of all requests; nothing leaves this machine."""
    bodies: list[str] = []

    def send(_: HTTPAdapter, request: requests.PreparedRequest, **__: Any) -> requests.Response:
        body = request.body or ""
        bodies.append(body.decode() if isinstance(body, bytes) else str(body))
        answer = requests.Response()
        answer.status_code = 200
        answer.raw = io.BytesIO(b"ok" if "slack.com" in str(request.url) else json.dumps(ANSWER).encode())
        answer.request = request
        return answer

    monkeypatch.setattr(HTTPAdapter, "send", send)
    return bodies


def way(url: str) -> Way:
    (found,) = load_ways([SecretStr(url)])
    assert found is not None
    return found


def test_a_service_that_drips_holds_the_thread_that_asked_it_and_none_that_others_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: list[threading.Thread] = []

    def drip(_: HTTPAdapter, __: requests.PreparedRequest, **___: Any) -> requests.Response:
        threads.append(threading.current_thread())
        raise requests.ConnectionError

    monkeypatch.setattr(HTTPAdapter, "send", drip)
    assert isinstance(way(URLS["json"]).send(hostile(), "key-1"), Retry)
    assert threads == [threading.current_thread()]


def hostile() -> Message:
    alert = make_alert(HOSTILE, evidence=(HOSTILE,))
    return compose(parcel(told(alert, effects=(HOSTILE,))), briefing())


def texts(body: str) -> str:
    """What a request says, whether JSON or a form, with all strings unescaped."""
    try:
        return "\n".join(_strings(json.loads(body)))
    except ValueError:
        return "\n".join(value for values in parse_qs(body).values() for value in values)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(list(cast("dict[str, object]", value).values()))
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            yield from _strings(one)


@pytest.mark.parametrize("name", URLS)
def test_no_messenger_is_told_to_mention_link_or_format_what_a_device_says(name: str, sent: list[str]) -> None:
    assert way(URLS[name]).send(hostile(), "key-1") == Delivered()
    said = "\n".join(map(texts, sent))
    assert "＠everyone" in said
    assert "Quittieren" in said
    for acting in ("@everyone", "<!channel", "<@U1", "](https://evil", "<b>fett", "||", "\x1b", "\nBcc"):
        assert acting not in said
    assert "`x`" not in said


@pytest.mark.parametrize("name", ["google", "rocket", "teams", "webex"])
def test_services_that_render_markdown_get_addresses_that_open(name: str, sent: list[str]) -> None:
    alert = make_alert("sw_1 *fett*", evidence=("Seite [hier](https://evil.example/a_b)", "Port_1 ist aus"))
    assert way(URLS[name]).send(compose(parcel(told(alert)), briefing()), "key-1") == Delivered()
    said = texts(sent[-1])
    token = re.search(
        r"/a/([0-9a-f]{12}~on-call~[0-9a-f]+~[0-9a-f]{24})", compose(parcel(told(alert)), briefing()).body()
    )
    assert token is not None
    address = f"https://ringwacht.example/a/{token[1]}"
    assert f"]({address})" in said or f"<{address}|" in said
    assert "](https://evil" not in said
    assert "*fett*" not in said.replace("\\*", "") or name == "teams"


@pytest.mark.parametrize("name", TEXT_MESSAGES)
def test_a_service_for_text_messages_gets_one_short_text(name: str, sent: list[str]) -> None:
    way(TEXT_MESSAGES[name]).send(hostile(), "key-1")
    long = [text for text in texts(sent[-1]).splitlines() if "KRITISCH" in text]
    assert len(long) == 1
    assert septets(long[0]) <= (140 if name == "plivo" else 160)
    assert "Was zu tun ist" not in texts(sent[-1])


def test_a_message_is_cut_to_what_the_service_takes_and_keeps_the_link(sent: list[str]) -> None:
    many = compose(parcel(told(make_alert(evidence=("x" * 290,) * 6, norm="BSI"))), briefing())
    way(URLS["teams"]).send(many, "key-1")
    said = texts(sent[-1])
    assert "/a/000000000001" in said
    assert "x" * 50 not in said
    way(URLS["zulip"]).send(many, "key-1")
    topic, content = parse_qs(sent[-1])["topic"][0], parse_qs(sent[-1])["content"][0]
    assert len(topic) <= 60
    assert content.startswith(many.title())


def test_no_picture_is_fetched_from_a_third_party(sent: list[str]) -> None:
    for name in ("discord", "mattermost", "slack", "teams"):
        way(URLS[name]).send(hostile(), "key-1")
    assert "github" not in "".join(sent)


@dataclass
class Mailbox:
    """A mail server that takes everything."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list[EmailMessage])
    recipients: list[str] = field(default_factory=list[str])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One session (RFC 5321, 4.1.1)."""
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                self.recipients.append(line.decode().strip())
            if word == b"DATA":
                writer.write(b"354 go\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                parsed = message_from_bytes(data, policy=policy.default)
                assert isinstance(parsed, EmailMessage)
                self.mails.append(parsed)
            writer.write(b"250 ok\r\n")
            if word == b"QUIT":
                break
        writer.close()


@asynccontextmanager
async def mailbox() -> AsyncGenerator[Mailbox]:
    box = Mailbox()
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box


@pytest.mark.parametrize(("form", "subtype"), [("text", "plain"), ("html", "html")])
async def test_a_device_can_neither_add_a_header_to_a_mail_nor_markup_to_its_text(form: str, subtype: str) -> None:
    async with mailbox() as box:
        options = f"from=ringwacht@kreis.example&to=it@kreis.example&mode=insecure&format={form}"
        url = f"mailto://127.0.0.1:{box.port}?{options}"
        assert await asyncio.to_thread(lambda: way(url).send(hostile(), "key-1")) == Delivered()
    (mail,) = box.mails
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("KRITISCH: ＠everyone")
    assert mail["Idempotency-Key"] == "key-1"
    assert [recipient for recipient in box.recipients if "evil" in recipient] == []
    part = mail.get_body((subtype,))
    assert part is not None
    assert "<b>fett" not in part.get_content()
    assert 'href="https://evil' not in part.get_content()

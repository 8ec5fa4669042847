"""The status page over HTTP, and in a real browser."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from agent.contract import AlertState, Muted, Subject
from tests.exporters.county import UP, alert, job, make_inventory, make_settings, snapshot
from tests.exporters.fakes import FakeCommands
from tests.exporters.webserver import Client, serve
from tests.harness.chromium import load_page
from tests.harness.devtools import Screen, Tab, browser_tab

PHONE, DESK = 360, 1280

# What a device might call itself, if its owner were no friend of ours.
HOSTILE = (
    "<script>document.title='owned';alert(1)</script><img src=http://192.0.2.66/x onerror=alert(2)>"
    "<style>body{display:none}</style>\"'><svg/onload=alert(3)>\u202e{{7*7}}<!--" + "A" * 10_000
)


def commands(hostile: str = "sw-1 antwortet gar nicht") -> FakeCommands:
    name = hostile[:900]
    inventory = make_inventory(
        sites={"rathaus": {"name": name}, "schule": {"name": "Gesamtschule", "hotline": "0800 000000"}, "mast": {}},
        devices={"sw-1": {"site": "rathaus", "name": name}, "sw-2": {"site": "schule"}},
        deadlines={"apns": {"name": name, "expires": "2027-01-20", "what_to_do": name}},
    )
    told: dict[str, Any] = {
        "summary": hostile,
        "evidence": (hostile, hostile),
        "norm": hostile,
        "runbook": f"javascript:{hostile}",
    }
    alerts = [
        alert("one", cause=Subject("site", "rathaus"), **told),
        alert("two", state=AlertState.PENDING, **told),
        alert("three", muted=Muted("accepted", hostile, "2027-06-30"), **told),
        alert("four", state=AlertState.RESOLVED, **told),
    ]
    jobs = [job("device", "sw-1", up=False, detail=hostile), UP[1]]
    return FakeCommands(snapshot(jobs, alerts), inventory, make_settings())


async def test_the_page_is_html_in_the_municipalitys_language_plain_and_compressed() -> None:
    async with serve(commands()) as client:
        status, plain, headers = await client.get("/", Accept_Encoding="identity")
        assert (status, headers["Content-Type"], headers["Vary"]) == (
            200,
            "text/html; charset=utf-8",
            "Accept-Encoding",
        )
        _, packed, headers = await client.get("/", Accept_Encoding="gzip")
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed) == plain
    assert '<html lang="de">' in plain.decode()


async def test_the_readers_choices_are_in_the_address() -> None:
    async with serve(commands()) as client:
        _, usual, _ = await client.get("/", Accept_Encoding="identity")
        _, chosen, _ = await client.get("/?open=all&refresh=off", Accept_Encoding="identity")
        _, odd, _ = await client.get("/?open=<script>&refresh=%00", Accept_Encoding="identity")
    assert (b'http-equiv="refresh"' in usual, b'http-equiv="refresh"' in chosen) == (True, False)
    assert chosen.count(b"<details open>") > usual.count(b"<details open>")
    assert odd == usual


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/static/page.css", 200, "text/css; charset=utf-8"),
        ("/static/icon.svg", 200, "image/svg+xml; charset=utf-8"),
        ("/static/page.html", 404, "text/plain; charset=utf-8"),
        ("/static/..%2frender.py", 404, "text/plain; charset=utf-8"),
    ],
)
async def test_static_files_are_those_that_are_named(path: str, status: int, kind: str) -> None:
    async with serve(commands()) as client:
        answered, _, headers = await client.get(path)
    assert (answered, headers["Content-Type"]) == (status, kind)


async def test_the_policy_allows_our_own_style_and_icon_and_nothing_else() -> None:
    async with serve(commands()) as client:
        _, _, headers = await client.get("/", X_Forwarded_For="192.0.2.7")
        _, _, own = await client.get("/")
    assert own["Content-Security-Policy"] == headers["Content-Security-Policy"].replace(
        "form-action 'none'", "form-action 'self'"
    )
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncGenerator[Tab]:
    async with browser_tab(tmp_path) as opened:
        yield opened


def foreign(tab: Tab, client: Client) -> list[str]:
    return [url for url in tab.requests if urlsplit(url).netloc != urlsplit(client.url).netloc]


def colours(png: bytes) -> int:
    """How many different bytes the picture is made of; a blank one has a handful."""
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    return len(set(zlib.decompress(data)))


@pytest.mark.integration
@pytest.mark.parametrize("hostile", ["sw-1 antwortet gar nicht", HOSTILE], ids=["usual", "hostile"])
async def test_it_fits_a_phone_and_a_desk_by_day_and_by_night(tab: Tab, hostile: str) -> None:
    async with serve(commands(hostile)) as client:
        for width in (PHONE, DESK):
            grounds = set[str]()
            for dark in (False, True):
                await tab.load(f"{client.url}/?open=all&refresh=off", Screen(width, dark=dark))
                assert await tab.value("innerWidth") == width
                assert await tab.value("document.documentElement.scrollWidth") == width
                assert colours(await tab.picture()) > 50
                grounds.add(await tab.value("getComputedStyle(document.body).backgroundColor"))
            assert len(grounds) == 2
        assert foreign(tab, client) == []
    assert tab.complaints == []


@pytest.mark.integration
async def test_a_hostile_device_runs_nothing_and_changes_nothing(tab: Tab) -> None:
    async with serve(commands(HOSTILE)) as client:
        await tab.load(f"{client.url}/?open=all&refresh=off", Screen(DESK))
        found = "document.querySelectorAll('script, img, svg, style, iframe, [onerror], [onload], [style]').length"
        assert await tab.value(found) == 0
        assert (
            await tab.value("document.title")
            == "✕ 1 Störung, 1 in Prüfung, 1 unbekannt, 1 stummgeschaltet – Kreis Musterland"
        )
        assert await tab.value("document.querySelectorAll('a[href^=javascript]').length") == 0
        assert "<script>" in await tab.value("document.querySelector('#alerts ~ ul strong').textContent")
        assert foreign(tab, client) == []
    assert tab.complaints == []


@pytest.mark.integration
async def test_the_browser_would_run_nothing_even_if_something_got_in(tab: Tab) -> None:
    """The policy, not only the escaping: markup put into the page after the fact is refused."""
    async with serve(commands()) as client:
        await tab.load(f"{client.url}/?refresh=off", Screen(DESK))
        await tab.value("document.body.append(Object.assign(document.createElement('script'), {text: 'owned = 1'}))")
        await tab.value(
            "document.body.insertAdjacentHTML('beforeend', '<img src=http://192.0.2.66/x><b style=color:red>')"
        )
        assert await tab.value("typeof owned") == "undefined"
        assert await tab.value("getComputedStyle(document.querySelector('b')).color") != "rgb(255, 0, 0)"
    assert any("Content Security Policy" in complaint for complaint in tab.complaints)


@pytest.mark.integration
async def test_on_paper_everything_is_unfolded(tab: Tab) -> None:
    async with serve(commands()) as client:
        shown: list[bool] = []
        for media in ("screen", "print"):
            await tab.load(f"{client.url}/?refresh=off", Screen(DESK, media=media))
            shown.append(await tab.value("document.querySelector('details:not([open]) li').checkVisibility()"))
        assert shown == [False, True]
        assert await tab.value("getComputedStyle(document.querySelector('footer')).display") == "none"


@pytest.mark.integration
async def test_a_browser_without_any_help_loads_it_and_complains_of_nothing(tmp_path: Path) -> None:
    async with serve(commands()) as client:
        page = await load_page(f"{client.url}/?refresh=off", tmp_path)
    assert "<h1>Kreis Musterland</h1>" in page.dom
    for address in ("/metrics", "/api/v1/alerts", "/api/v1/devices", "/-/ready"):
        assert f'<a href="{address}">' in page.dom
    assert page.console == ()

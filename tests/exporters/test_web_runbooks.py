from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.risk.rules import RULES
from agent.risk.steps import meaning_of
from config.inventory import Inventory
from config.settings import Settings
from exporters.web.runbooks import Part, Runbook, make_runbook, path_of, split
from tests.exporters.county import PAGES, alert, make_inventory, make_settings, page, snapshot
from tests.exporters.fakes import FakeCommands
from tests.exporters.test_web_html import outline
from tests.exporters.webserver import serve
from tests.harness.devtools import Screen, browser_tab

OWN = "druckdienst"
NOTHING = make_inventory()


def own(**more: Any) -> Inventory:
    given: dict[str, Any] = {"select": 'jobs{name="spooler"}', "above": 1.5, **more}
    return make_inventory(rules={OWN: given})


def html(shown: Runbook) -> str:
    return PAGES.runbook(shown, gzip=False).data.decode()


def facts(shown: Runbook) -> list[tuple[str, str]]:
    return [(fact.label, "".join(part.text for part in fact.parts)) for fact in shown.facts]


def adjusted(**rules: Any) -> Settings:
    return make_settings("en", alerting={"rules": rules, "hold": {"critical": 45.0}, "clear": 90.0})


@pytest.mark.parametrize("rule", RULES)
def test_every_shipped_rule_has_its_page(rule: str) -> None:
    shown = make_runbook(rule, NOTHING, make_settings())
    text = "".join(outline(html(shown)).text)
    assert shown.known
    assert len(shown.steps) == len(RULES[rule].runbook)
    assert meaning_of(RULES[rule], "de").replace("`", "") in text
    assert "`" not in text


def test_headings_and_steps_are_in_the_municipalitys_language() -> None:
    german, english = (html(make_runbook("link_down", NOTHING, make_settings(code))) for code in ("de", "en"))
    assert "<h2>Was zu tun ist</h2>" in german
    assert "Gemietete Leitung: den Anbieter" in german
    assert "<h2>What to do</h2>" in english
    assert "Leased line: call the provider" in english


def test_severity_and_options_are_in_the_municipalitys_language() -> None:
    german, english = (html(make_runbook("filesystem_filling", NOTHING, make_settings(code))) for code in ("de", "en"))
    assert "Zeit bis voll, unter der gemeldet wird." in german
    assert "Time to full below which it is reported." in english
    assert "Time to full" not in german
    assert "kritisch, wenn nichts an dem Gerät antwortet" in html(
        make_runbook("device_unreachable", NOTHING, make_settings("de"))
    )


def test_times_and_options_are_those_in_force() -> None:
    usual = facts(make_runbook("device_unreachable", NOTHING, adjusted()))
    assert ("Reported after", "critical 45 s, warning 2 min, info 10 min") in usual
    assert ("Resolved after", "90 s") in usual
    assert ("Norm", "BSI NET.1.2.A26") in usual
    given = Settings.model_validate({"alerting": {"rules": {"leak": {"hold": 300.0, "severity": "info"}}}})
    changed = facts(make_runbook("leak", NOTHING, given))
    assert {("Meldet nach", "5 min"), ("Schwere", "Hinweis")} <= set(changed)


def test_an_option_says_its_value_and_what_it_means() -> None:
    lines = [
        text
        for label, text in facts(make_runbook("filesystem_full", NOTHING, make_settings("en")))
        if label == "Option"
    ]
    assert lines
    assert all(" = " in line and "%: " in line for line in lines)


def test_an_own_rule_says_what_it_looks_at_and_whom_to_ask() -> None:
    told = own(text="{value} Aufträge", runbook="Spooler neu starten", severity="critical", hold=60.0)
    shown = make_runbook(OWN, told, make_settings())
    assert facts(shown) == [
        ("Meldung", "{value} Aufträge"),
        ("Messreihen", 'jobs{name="spooler"}'),
        ("Bedingung", "über 1,5"),
        ("Schwere", "kritisch"),
        ("Meldet nach", "60 s"),
        ("Behoben nach", "2 min"),
    ]
    assert shown.steps == ((Part("Spooler neu starten"),),)
    assert ("Meldet nach", "2 min") in facts(make_runbook(OWN, own(), make_settings()))


@pytest.mark.parametrize(
    ("bound", "told"),
    [
        ({"below": 3}, "unter 3"),
        ({"absent": True}, "fehlt"),
        ({"changed": True}, "geändert in den letzten 60 min"),
    ],
)
def test_each_comparison_in_words(bound: dict[str, Any], told: str) -> None:
    shown = make_runbook(OWN, own(above=None, **bound), make_settings())
    assert ("Bedingung", told) in facts(shown)


def test_the_page_of_an_own_rule_links_to_the_page_that_it_names_and_to_no_other_address() -> None:
    there = html(make_runbook(OWN, own(runbook="https://wiki.example/druck"), make_settings()))
    assert '<a href="https://wiki.example/druck" rel="noreferrer">' in there
    hostile = outline(html(make_runbook(OWN, own(runbook="javascript:alert(1)<script>"), make_settings())))
    assert "script" not in hostile.tags
    assert hostile.values("a", "href") == ["/"]
    assert "Dazu steht nichts" in html(make_runbook(OWN, own(), make_settings()))


def test_code_stands_between_backticks() -> None:
    assert split("`a` or b `c`") == (Part("a", True), Part(" or b "), Part("c", True))


async def test_every_alert_leads_to_its_runbook() -> None:
    commands = FakeCommands(snapshot(alerts=[alert("link_down"), alert(OWN)]), own(), make_settings())
    async with serve(commands) as client:
        _, body, _ = await client.get("/", Accept_Encoding="identity")
        for rule in ("link_down", OWN):
            assert f'<a href="{path_of(rule)}" rel="noreferrer">Was zu tun ist</a>' in body.decode()
            status, shown, headers = await client.get(path_of(rule), Accept_Encoding="identity")
            assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
            assert f"<h1><bdi>{rule}</bdi></h1>" in shown.decode()


@pytest.mark.parametrize("rule", ["no_such_rule", "%3Cscript%3E", "..%2f..%2fetc%2fpasswd", "%00", "x" * 3000])
async def test_an_unknown_rule_is_a_page_that_says_so(rule: str) -> None:
    async with serve(FakeCommands(snapshot(), NOTHING, make_settings())) as client:
        status, body, headers = await client.get(f"/runbooks/{rule}", Accept_Encoding="identity")
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "Es gibt keine Regel mit diesem Namen." in body.decode()
    assert "script" not in outline(body.decode()).tags
    assert len(body) < 2500


def test_the_address_of_a_rule_is_one_step_long() -> None:
    assert path_of("a/b?c#d") == "/runbooks/a%2Fb%3Fc%23d"
    assert page(snapshot(alerts=[alert("a/b")])).alerts.firing.alerts[0].runbook.href == "/runbooks/a%2Fb"


@pytest.mark.integration
async def test_it_fits_a_phone_and_asks_nobody_else(tmp_path: Path) -> None:
    commands = FakeCommands(snapshot(), own(runbook="x" * 500), make_settings())
    async with serve(commands) as client, browser_tab(tmp_path) as tab:
        for rule in ("clock_unsynchronised", OWN):
            await tab.load(client.url + path_of(rule), Screen(360))
            assert await tab.value("document.documentElement.scrollWidth") == 360
        assert all(url.startswith(client.url) for url in tab.requests)
    assert tab.complaints == []

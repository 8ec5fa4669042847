"""``ringwacht alerts route``."""

from __future__ import annotations

from typing import Any

import pytest

from agent.alerts.rota import Rota
from agent.app.explain import Asked, QuestionError, explain, is_assumed, moment, question
from agent.app.explained import json_of, text_of
from config.inventory import Inventory
from config.settings import Settings
from tests.agent.alerts import rotas
from tests.agent.alerts.rotas import event
from tests.agent.alerts.routes import ROUTES, TUESDAY, WORK, at, settings

INVENTORY = Inventory.model_validate(
    {
        "sites": {"rathaus": {}, "kreishaus": {}},
        "links": {"hop": {"kind": "radio", "ends": ["rathaus", "kreishaus"]}},
        "services": {"portal": {"url": "https://portal.example/", "site": "rathaus", "when": "school_hours"}},
    }
)


def told(asked: Asked, rota: Rota) -> str:
    found = explain(question(asked, INVENTORY, rota.settings), moment(asked, rota, TUESDAY), rota, INVENTORY)
    return text_of(found, rota)


def english(config: Settings) -> Settings:
    return config.model_copy(update={"municipality": config.municipality.model_copy(update={"language": "en"})})


def test_who_is_told_at_once_and_who_when_nobody_acknowledges() -> None:
    assert told(Asked("leak", at="2026-12-24T22:00"), Rota.of(settings())).splitlines() == [
        "critical leak, ab 24.12.2026 22:00:",
        "  Route 1 passt",
        "    24.12.2026 22:00: on-call",
        "    24.12.2026 22:15: head-of-it, wenn nach 15 min niemand quittiert hat",
        "  wird alle 60 min wiederholt, bis jemand quittiert",
    ]


def test_why_the_routes_before_do_not_match_and_until_when_a_message_waits() -> None:
    asked = Asked("link_down", None, "warning", "link:hop", "2026-11-28T10:00")
    assert told(asked, Rota.of(english(settings()))).splitlines() == [
        "warning link_down link:hop rathaus, from 2026-11-28 10:00 on:",
        "  route 1 does not match: it is for severity: critical",
        "  route 2 matches",
        "  the message waits until office hours begin",
        "    2026-11-30 07:00: it-team",
        "  repeated every 8 h until acknowledged",
    ]


def test_a_digest_and_nobody() -> None:
    digest = told(Asked(severity="info"), Rota.of(settings()))
    assert "  gesammelt, um 07:30" in digest
    assert "25.11.2026 07:30: it-team" in digest
    assert told(Asked(severity="info"), Rota.of(settings(routes=ROUTES[:1]))).endswith("niemand erfährt davon")


def test_what_would_mute_it() -> None:
    work = Rota.of(settings(maintenance=[WORK]))
    said = told(Asked("link_down", subject="link:hop"), work)
    assert "angekündigte Arbeiten bis 2026-11-24 12:00 (work)" in said
    assert "    24.11.2026 12:00: on-call" in said
    assert "10:00: on-call" not in said
    accepted = settings(accept=[{"match": {"rule": "leak"}, "until": "2026-12-31", "reason": "known"}])
    assert "akzeptiert bis 2026-12-31 (known)" in told(Asked("leak"), Rota.of(accepted))
    evening = Asked("service_failing", subject="service:portal", at="2026-11-24T20:00")
    assert "erst wieder ab 2026-11-25 07:30 von Belang" in told(evening, Rota.of(settings()))


def test_who_has_duty_with_the_end_of_the_shift_or_otherwise() -> None:
    config = rotas.settings()
    shifts = rotas.rota(config, event("anna", "20261123T080000", "20261125T080000"))
    assert "24.11.2026 10:00: anna (rota bis 25.11.2026 08:00)" in told(Asked("leak"), shifts)
    later = told(Asked("leak", at="2026-11-26T10:00"), shifts)
    assert "26.11.2026 10:00: desk (rota: niemand eingetragen)" in later


def test_a_fallback_is_named() -> None:
    receivers: dict[str, Any] = {
        "a": {"apprise": [{"env": "PATH"}], "fallback": "b"},
        "b": {"apprise": [{"env": "PATH"}]},
    }
    config = settings(receivers=receivers, routes=[{"receivers": ["a"]}])
    assert "a, falls nicht erreichbar: b" in told(Asked("leak"), Rota.of(config))
    assert "wird nicht wiederholt" in told(Asked("leak"), Rota.of(config))


def test_for_programs() -> None:
    rota = rotas.rota(rotas.settings(), event("anna", "20261123T080000", "20261125T080000"))
    found = explain(question(Asked("leak", "rathaus"), INVENTORY, rota.settings), TUESDAY, rota, INVENTORY)
    values = json_of(found, rota)
    assert (values["route"], values["site"], values["severity"]) == (1, "rathaus", "critical")
    assert values["told"] == [
        {
            "receiver": "anna",
            "at": "2026-11-24T10:00:00+01:00",
            "after": None,
            "duty": "rota",
            "shift_ends": "2026-11-25T08:00:00+01:00",
            "fallback": (),
        }
    ]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Asked("leek"), "there is no rule 'leek' (did you mean leak?)"),
        (Asked(site="rathuas"), "there is no site 'rathuas' (did you mean rathaus?)"),
        (Asked(severity="urgent"), "there is no severity 'urgent'"),
        (Asked(subject="link:hob"), "there is no link 'hob' (did you mean hop?)"),
        (Asked(subject="hop"), "'hop' is no subject, write kind:id, e.g. link:ring-1"),
        (Asked(at="tomorrow"), "'tomorrow' is no local time, e.g. 2026-12-24T22:00"),
        (Asked(at="0001-01-01T00:00"), "'0001-01-01T00:00' is more than ten years from now"),
        (Asked(at="9999-12-31T23:59:59"), "'9999-12-31T23:59:59' is more than ten years from now"),
    ],
)
def test_what_is_not_there_is_said(asked: Asked, why: str) -> None:
    with pytest.raises(QuestionError) as caught:
        told(asked, Rota.of(settings()))
    assert str(caught.value) == why


def test_what_was_not_said_follows_from_the_rest() -> None:
    config = settings(rules={"leak": {"severity": "warning"}}, routes=ROUTES)
    assert question(Asked("leak"), INVENTORY, config).severity == "warning"
    assert question(Asked(subject="service:portal"), INVENTORY, config).site == "rathaus"
    assert moment(Asked(at="2026-11-24T10:00"), Rota.of(config), TUESDAY) == at("2026-11-24T10:00")
    assert moment(Asked(at="2026-11-24T10:00+00:00"), Rota.of(config), TUESDAY) == at("2026-11-24T11:00")


def test_a_severity_that_was_not_given_is_said_to_be_assumed_where_the_rule_may_have_several() -> None:
    config = settings()
    assert is_assumed(Asked("link_down"), INVENTORY, config)
    assert not is_assumed(Asked("link_down", severity="warning"), INVENTORY, config)
    assert not is_assumed(Asked("leak"), INVENTORY, config)
    rota = Rota.of(config)
    finding = question(Asked("link_down", subject="link:hop"), INVENTORY, config)
    found = explain(finding, TUESDAY, rota, INVENTORY, assumed=True)
    assert "der Schweregrad war nicht angegeben: angenommen ist critical" in text_of(found, rota)
    assert (json_of(found, rota)["severity_assumed"], json_of(found, rota)["site"]) == (True, "rathaus")


def test_what_is_accepted_for_good_is_told_to_nobody() -> None:
    accepted = settings(accept=[{"match": {"rule": "leak"}, "until": "9999-12-31", "reason": "known"}])
    assert "on-call" not in told(Asked("leak"), Rota.of(accepted))

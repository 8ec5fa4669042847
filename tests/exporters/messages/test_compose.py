from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import Acknowledgement, AlertState, Flaps, Severity, Subject
from agent.risk.texts import Language
from exporters.messages.compose import MAX_LINKS, MAX_LISTED, TITLE_CHARACTERS, compose
from exporters.messages.sms import septets
from tests.exporters.briefings import SINCE, briefing, make_alert, parcel, told

LINK = re.compile(r"https://ringwacht\.example/a/[0-9a-f]{12}~on-call~[0-9a-f]+~[0-9a-f]{24}")


def acting(text: str) -> set[str]:
    """Controls, bidi marks and the like, but the ends of lines."""
    return {one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}} - {"\n"}


def test_the_first_line_says_how_bad_what_where_and_since_when() -> None:
    one = parcel(told(make_alert()))
    german = "KRITISCH: Strecke VDSL Everswinkel ist ausgefallen, Jobcenter Everswinkel, seit 14:03"
    assert compose(one, briefing()).title() == german
    english = "CRITICAL: Strecke VDSL Everswinkel ist ausgefallen, Jobcenter Everswinkel, since 14:03"
    assert compose(one, briefing("en")).title() == english


def test_a_site_that_the_summary_names_is_not_said_twice() -> None:
    alert = make_alert("Wadersloh ist abgeschnitten", site="wadersloh")
    assert compose(parcel(told(alert)), briefing()).title() == "KRITISCH: Wadersloh ist abgeschnitten, seit 14:03"


def test_what_began_on_another_day_is_said_with_its_date() -> None:
    one = parcel(told(make_alert(site=None), at=SINCE + 86400, reason="repeated"))
    assert compose(one, briefing()).title().endswith("seit 05.12. 14:03")
    assert compose(one, briefing("en")).title().endswith("since 2026-12-05 14:03")
    assert compose(parcel(told(make_alert(), at=SINCE + 40 * 86400)), briefing()).title().endswith("05.12.2026 14:03")


def test_the_body_says_effect_evidence_what_to_do_whom_to_call_and_how_to_acknowledge_in_this_order() -> None:
    alert = make_alert(evidence=("Port 1 ist aus",), cause=Subject("link", "rf-kh-wad"), norm="BSI NET.1.1")
    body = compose(parcel(told(alert, effects=("Everswinkel ist abgeschnitten",))), briefing()).body()
    said = [
        "Ursache: Funkstrecke Kreishaus–Wadersloh",
        "Auswirkung:\n- Everswinkel ist abgeschnitten",
        "Bekannt ist:\n- Port 1 ist aus",
        "Was zu tun ist:\n- ",
        "- Anleitung: https://ringwacht.example/runbooks/link_down",
        "Anrufen:\n- Netzbetreiber, Leitung VDSL-4711, Tel. 0800 3301000, Reaktion in 4 h, "
        "Servicezeit Mo-Fr 07:00-18:00 (Vertrag carrier)\n- Jobcenter Everswinkel, Tel. 0800 000000",
        "Quittieren: https://ringwacht.example/a/",
        "Vorgabe: BSI NET.1.1",
        "link:ev-vdsl · Regel link_down · Ref ",
    ]
    places = [body.index(part) for part in said]
    assert places == sorted(places)


def test_a_contract_without_a_telephone_number_says_so() -> None:
    alert = make_alert("Serviceportal antwortet nicht", subject=Subject("service", "portal"), site=None)
    assert "- citeq, keine Störungsnummer hinterlegt (Vertrag citeq)" in compose(parcel(told(alert)), briefing()).body()


def test_a_provider_that_fails_as_a_whole_is_called() -> None:
    alert = make_alert("Alle fallen aus", subject=Subject("group", "provider/Netzbetreiber"), site=None)
    assert "Tel. 0800 3301000" in compose(parcel(told(alert)), briefing()).body()


def test_without_an_address_there_is_no_link() -> None:
    body = compose(parcel(told(make_alert())), briefing(address=None)).body()
    assert "http" not in body
    assert "Quittieren" not in body


def test_the_link_acknowledges_this_alert_in_the_name_of_its_receiver() -> None:
    here = briefing()
    alert = make_alert(number=0xABC)
    found = LINK.search(compose(parcel(told(alert)), here).body())
    assert found is not None
    claim = here.seal.open(found[0].rpartition("/")[2]) if here.seal else None
    assert claim is not None
    assert (claim.alert, claim.role) == ("000000000abc", "on-call")


@pytest.mark.parametrize(
    "alert",
    [
        replace(make_alert(), state=AlertState.RESOLVED),
        make_alert(severity=Severity.INFO),
        replace(make_alert(), acknowledged=Acknowledgement("it-team", SINCE + 60)),
    ],
)
def test_what_needs_no_acknowledgement_has_no_link_for_it(alert: object) -> None:
    assert isinstance(alert, type(make_alert()))
    assert "Quittieren" not in compose(parcel(told(alert)), briefing()).body()


def test_who_was_told_before_is_said() -> None:
    late = told(make_alert(), reason="escalated", at=SINCE + 930, instead_of="it-team")
    message = compose(parcel(late), briefing())
    assert message.title().startswith("KRITISCH (unquittiert): ")
    assert "Anstelle von it-team, nicht erreichbar.\nWeitergegeben, weil nicht quittiert ist." in message.body()


def test_work_flapping_and_who_acknowledged_are_said() -> None:
    alert = replace(
        make_alert(),
        work="Mastarbeiten",
        flaps=Flaps(5.0, SINCE, 7, damped=True),
        acknowledged=Acknowledgement("it-team", SINCE + 60),
    )
    body = compose(parcel(told(alert, reason="repeated", at=SINCE + 7200)), briefing()).body()
    assert "Erinnerung: steht seit 2 h." in body
    assert "it-team hat quittiert (14:04)." in body
    assert "Flattert: kommt und geht, bisher 7-mal begonnen." in body
    assert "Dort wird gearbeitet: Mastarbeiten" in body


def test_what_is_over_says_how_long_it_lasted_and_asks_for_nothing() -> None:
    alert = replace(make_alert(), state=AlertState.RESOLVED, clear_since=SINCE + 7500, changed_at=SINCE + 7620)
    message = compose(parcel(told(alert, reason="resolved", at=SINCE + 7620)), briefing())
    assert message.title().startswith("BEHOBEN: ")
    assert message.title().endswith("nach 2 h (14:03–16:08)")
    assert "Anrufen" not in message.body()
    assert message.tone == "success"


def test_several_alerts_are_counted_listed_and_the_worst_is_told_in_full() -> None:
    milder = make_alert("Ring Süd ist offen", severity=Severity.WARNING, site=None, number=2)
    gone = replace(make_alert("Gerät sw-1 antwortet nicht", number=3), state=AlertState.RESOLVED)
    message = compose(parcel(told(gone), told(milder), told(make_alert())), briefing())
    assert message.title().startswith("KRITISCH, 3 Meldungen: Strecke VDSL Everswinkel")
    body = message.body()
    lines = [line for line in body.splitlines() if line.startswith(("- KRITISCH", "- WARNUNG", "- BEHOBEN"))]
    assert [line.split(":")[0] for line in lines] == ["- KRITISCH", "- WARNUNG", "- BEHOBEN"]
    assert len(LINK.findall(body)) == 2
    assert "Tel. 0800 3301000" in body
    assert body.endswith("Übersicht: https://ringwacht.example/")
    assert message.tone == "failure"


def test_of_one_alert_told_twice_in_a_parcel_the_last_counts() -> None:
    gone = replace(make_alert(), state=AlertState.RESOLVED)
    assert (
        compose(parcel(told(make_alert()), told(gone, reason="resolved")), briefing()).title().startswith("BEHOBEN: ")
    )


@pytest.mark.parametrize(("kind", "label"), [("summary", "SAMMELMELDUNG"), ("digest", "ÜBERSICHT")])
def test_a_storm_and_a_digest_are_counted_and_bounded(kind: str, label: str) -> None:
    severities = [Severity.CRITICAL, *[Severity.INFO] * 39]
    many = [told(make_alert(f"Gerät sw-{n} ist aus", severity=s, number=n)) for n, s in enumerate(severities)]
    made = parcel(*many, kind="summary" if kind == "summary" else "digest")
    message = compose(made, briefing())
    assert message.title().startswith(f"{label}, 40 Meldungen (1 KRITISCH, 39 HINWEIS), schlimmste: Gerät sw-0")
    assert message.body().count("\n- HINWEIS") < MAX_LISTED
    assert "- und 26 weitere" in message.body()
    assert message.body().count("Quittieren") == (kind == "summary")  # nobody acknowledges what only informs


def test_of_a_storm_the_worst_can_be_acknowledged_one_by_one() -> None:
    many = [told(make_alert(f"Gerät sw-{n} ist aus", number=n)) for n in range(2 * MAX_LINKS)]
    body = compose(parcel(*many, kind="summary"), briefing()).body()
    assert len(LINK.findall(body)) == MAX_LINKS
    assert body.startswith("Es sind mehr Meldungen, als hier einzeln verschickt werden sollen.")
    _, _, listed = body.partition("\n\n")
    assert [line.startswith("  Quittieren") for line in listed.splitlines()[:11]] == [False, True] * 5 + [False]


def test_of_several_that_are_over_the_first_is_not_called_the_worst() -> None:
    gone = [replace(make_alert("A", number=n), state=AlertState.RESOLVED) for n in (1, 2)]
    body = compose(parcel(*(told(one, reason="resolved") for one in gone)), briefing()).body()
    assert "schlimmste" not in body


def test_a_test_is_marked_in_the_first_line_in_the_body_and_in_the_text_message() -> None:
    message = compose(parcel(told(make_alert()), kind="test"), briefing())
    assert message.title() == "TEST: Probemeldung an on-call, 14:03, es ist nichts passiert"
    assert message.body().startswith("TEST. Es ist nichts passiert")
    assert message.short() == "TEST: Probemeldung an on-call, 14:03, es ist nichts passiert"
    assert message.tone == "info"
    assert compose(parcel(told(make_alert()), kind="test"), briefing("en")).body().startswith("TEST. Nothing")


def test_the_text_message_has_the_telephone_number_and_no_link_that_does_not_fit() -> None:
    short = compose(parcel(told(make_alert())), briefing()).short()
    assert short == (
        "KRITISCH: Strecke VDSL Everswinkel ist ausgefallen, Jobcenter Everswinkel, seit 14:03 Tel. 0800 3301000"
    )
    assert "/a/" in compose(parcel(told(make_alert("EV aus", site=None))), briefing(address="https://r.ex")).short()


def test_the_same_parcel_has_the_same_reference_and_another_one_another() -> None:
    one = told(make_alert())
    first, again, other = (compose(parcel(one, key=key), briefing()).reference for key in ("a", "a", "b"))
    assert first == again != other


def test_an_own_runbook_replaces_the_shipped_steps() -> None:
    text = compose(parcel(told(make_alert(runbook="Hausmeister rufen"))), briefing(address=None)).body()
    assert "Was zu tun ist:\n- Hausmeister rufen" in text
    page = compose(parcel(told(make_alert(runbook="https://wiki.example/vdsl"))), briefing()).body()
    assert "Was zu tun ist:\n- Anleitung: https://wiki.example/vdsl" in page


def to_do(subject: Subject, language: Language) -> list[str]:
    """The beginnings of the steps that a message about a link that is down names."""
    body = compose(parcel(told(make_alert(subject=subject))), briefing(language, address=None)).body()
    _, _, below = body.partition("What to do:\n" if language == "en" else "Was zu tun ist:\n")
    return [line.removeprefix("- ").partition(" ")[0] for line in below.partition("\n\n")[0].splitlines()]


def test_steps_are_in_the_language_of_the_message_and_about_the_kind_of_link_that_fails() -> None:
    line, hop, unknown = (Subject("link", name) for name in ("ev-vdsl", "rf-kh-wad", "no-such-link"))
    assert to_do(line, "de") == ["Die", "Gemietete", "Ist"]
    assert to_do(line, "en") == ["The", "Leased", "Is"]
    assert to_do(hop, "de") == ["Die", "Richtfunk:", "Ist"]
    assert to_do(unknown, "de") == to_do(Subject("ring", "sued"), "de") == ["Die", "Richtfunk:", "Gemietete"]


def test_what_does_not_fit_is_left_out_by_rank_and_the_link_stays_to_the_last() -> None:
    alert = make_alert(evidence=tuple(f"Beobachtung {n} " + "x" * 200 for n in range(20)), norm="BSI")
    message = compose(parcel(told(alert)), briefing())
    assert "- und 15 weitere" in message.body()
    middle, small = message.body(900), message.body(120)
    assert len(middle) <= 900
    assert "Beobachtung" not in middle
    assert "Tel. 0800 3301000" in middle
    assert LINK.search(small)
    assert len(small) <= 120


@given(st.text(), st.text(), st.text(), st.integers(40, 4000))
def test_whatever_a_device_says_the_message_keeps_its_form(
    summary: str, evidence: str, effect: str, limit: int
) -> None:
    alert = make_alert(summary, evidence=(evidence,), subject=Subject("device", effect))
    message = compose(parcel(told(alert, effects=(effect,))), briefing())
    title, body = message.title(), message.body()
    assert title.splitlines() == [title]
    assert not acting(title + body)
    assert len(title) <= TITLE_CHARACTERS
    assert body.count("\nAnrufen:\n") == body.count("\nQuittieren: ") == 1
    assert len(message.body(limit)) <= limit
    assert septets(message.short()) <= 160


def test_what_a_finding_says_is_no_template() -> None:
    alert = make_alert("{} {0} {summary} %s", evidence=("{label}",), subject=Subject("device", "{}{0}"))
    message = compose(parcel(told(alert)), briefing())
    assert message.title().startswith("KRITISCH: {} {0} {summary} %s, ")
    assert "- {label}" in message.body()
    assert "device:{}{0} · Regel link_down" in message.body()


def test_the_text_message_about_several_alerts_has_no_link_that_acknowledges_only_one() -> None:
    two = parcel(told(make_alert("A", site=None)), told(make_alert("B", site=None, number=2)))
    short = compose(two, briefing(address="https://r.ex")).short()
    assert short == "KRITISCH, 2 Meldungen: A, seit 14:03 Tel. 0800 3301000"


def test_what_was_observed_is_no_news_once_it_is_over() -> None:
    alert = replace(make_alert(evidence=("Port 1 ist aus",)), state=AlertState.RESOLVED)
    assert "Port 1" not in compose(parcel(told(alert, reason="resolved")), briefing()).body()

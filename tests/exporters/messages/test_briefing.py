"""What messages call the subjects of alerts."""

from __future__ import annotations

import pytest

from agent.contract import Subject
from tests.exporters.briefings import briefing


@pytest.mark.parametrize(
    ("subject", "german", "english"),
    [
        (Subject("room", "keller"), "Raum Serverraum", "room Serverraum"),
        (Subject("function", "fach"), "Funktion Fachverfahren", "function Fachverfahren"),
        (Subject("function", "gone"), "Funktion gone", "function gone"),
        (Subject("service", "portal"), "Dienst Serviceportal", "service Serviceportal"),
    ],
)
def test_rooms_functions_and_services_go_by_their_names(subject: Subject, german: str, english: str) -> None:
    assert briefing("de").element(subject) == german
    assert briefing("en").element(subject) == english

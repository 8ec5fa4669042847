"""The page that asks for a token, as values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from config.settings import Municipality
from exporters.web.words import clean

_LABELS: Mapping[str, tuple[str, str]] = {
    "title": ("Ansicht einer Kommune", "View of a municipality"),
    "token": ("Zugangsschlüssel", "Token"),
    "enter": ("Ansehen", "View"),
    "leave": ("Abmelden", "Leave"),
    "wrong": ("Dieser Schlüssel gilt hier nicht.", "This token is not valid here."),
    "why": (
        "Mehrere Kommunen teilen sich diese Überwachung. Der Schlüssel zeigt, was zur eigenen gehört. Er bleibt in"
        " diesem Browser, bis er geschlossen wird.",
        "Several municipalities share this monitoring. The token shows what belongs to yours. It stays in this browser"
        " until that is closed.",
    ),
}


@dataclass(frozen=True, slots=True)
class ViewPage:
    """``wrong``: the token that was given is none; ``held``: the browser has one already."""

    language: str
    municipality: str
    labels: Mapping[str, str]
    wrong: bool
    held: bool


def make_view_page(town: Municipality, *, wrong: bool, held: bool) -> ViewPage:
    """Return the page in the language of the municipality that runs this Ringwacht."""
    column = 0 if town.language == "de" else 1
    labels = MappingProxyType({key: texts[column] for key, texts in _LABELS.items()})
    return ViewPage(town.language, clean(town.name or town.id), labels, wrong, held)

"""Text messages: one message is 160 septets of the GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from exporters.messages.inert import whole_words

SEPTETS = 160

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")  # each is sent as an escape and a character

_TRANSLITERATED = str.maketrans(
    {
        **dict.fromkeys("–—−‐‑•·", "-"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚‹›`´", "'"),
        **dict.fromkeys("\n\r\f\t\u00a0\u202f\u2009", " "),
        "…": "...",
        "→": "->",
        "≤": "<=",
        "≥": ">=",
        "×": "x",
        "°": "",
        "µ": "u",
        "＠": "@",
        "ẞ": "SS",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
    }
)


def septets(text: str) -> int:
    """Return how much room a transliterated text takes."""
    return len(text) + sum(character in EXTENSION for character in text)


def transliterate(text: str) -> str:
    """Return the text in the alphabet, on one line: unknown accents are dropped, what has no letter becomes ``?``."""
    plain = unicodedata.normalize("NFC", text).translate(_TRANSLITERATED)
    return "".join(character if character in BASIC | EXTENSION else _bare(character) for character in plain)


def _bare(character: str) -> str:
    letters = unicodedata.normalize("NFKD", character)
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return kept if kept and BASIC.issuperset(kept) else "?"


def shorten(text: str, limit: int) -> str:
    """Return as many whole words of a transliterated text as ``limit`` septets take, with two dots where it is cut."""
    if septets(text) <= limit:
        return text
    room = max(0, limit - 2)
    head = whole_words(text, room)
    while septets(head) > room:
        head = whole_words(head, len(head) - 1)
    return f"{head}.."[: max(0, limit)]


def text_message(before: str, what: str, after: str, extras: Iterable[str], limit: int = SEPTETS) -> str:
    """Return ``before what after`` with ``what`` shortened, and each of ``extras`` that still fits whole.

    At most ``limit`` septets; the parts may hold any text.
    """
    before, what, after = (transliterate(part) for part in (before, what, after))
    room = limit - septets(before) - septets(after)
    text = shorten(f"{before}{shorten(what, max(room, limit // 3))}{after}", limit)
    for extra in extras:
        longer = f"{text} {transliterate(extra)}"
        text = longer if septets(longer) <= limit else text
    return text

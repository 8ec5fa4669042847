from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.messages.sms import BASIC, EXTENSION, SEPTETS, septets, text_message, transliterate

# 3GPP TS 23.038, 6.2.1: the default alphabet in the order of its codes 0x00 to 0x7F, 0x1B being the escape.
TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}


def encode(text: str) -> list[int]:
    """The septets of a text. Raises KeyError for what the alphabet lacks."""
    codes = {character: [code] for code, character in enumerate(TABLE) if code != 0x1B}
    codes |= {character: [0x1B, code] for character, code in EXTENDED.items()}
    return [code for character in text for code in codes[character]]


def test_the_tables_are_those_of_the_standard() -> None:
    assert len(TABLE) == 128
    assert set(TABLE) - {"\x1b"} == BASIC
    assert set(EXTENDED) == EXTENSION


@given(st.text(), st.text(), st.text(), st.lists(st.text(), max_size=3), st.integers(60, SEPTETS))
def test_whatever_is_said_it_encodes_and_fits(
    before: str, what: str, after: str, extras: list[str], limit: int
) -> None:
    message = text_message(before, what, after, extras, limit)
    codes = encode(message)
    assert len(codes) == septets(message) <= limit
    assert not set(message) & set("\n\r\f")


@given(st.text())
def test_a_text_that_was_transliterated_stays_as_it_is(text: str) -> None:
    once = transliterate(text)
    assert transliterate(once) == once


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Kreishaus–Wadersloh", "Kreishaus-Wadersloh"),
        ("„Süd“ …", '"Süd" ...'),
        ("38,5 °C → 40 µs", "38,5 C -> 40 us"),
        ("Größe ＠everyone", "Größe @everyone"),
        ("Łódź, Çeşme, naïve", "Lodz, Çesme, naive"),
        ("日本 🔥", "?? ?"),
        ("u\u0308ber a\nzweite", "über a zweite"),
    ],
)
def test_what_the_alphabet_lacks_is_written_otherwise(text: str, sent: str) -> None:
    assert transliterate(text) == sent


def test_characters_of_the_extension_count_twice() -> None:
    assert septets("[x] ~ 5 €") == 9 + 4


def test_a_long_summary_is_cut_between_words_and_the_time_stays() -> None:
    message = text_message("KRITISCH: ", "Strecke " * 40, ", Wadersloh, seit 14:03", ())
    assert message.startswith("KRITISCH: Strecke Strecke")
    assert message.endswith("Strecke.., Wadersloh, seit 14:03")
    assert septets(message) <= SEPTETS


def test_an_extra_that_does_not_fit_is_left_out_whole_and_a_later_one_may_fit() -> None:
    message = text_message("A: ", "b", ", c", ["Tel. 0800 1", "x" * 160, "Ende"])
    assert message == "A: b, c Tel. 0800 1 Ende"

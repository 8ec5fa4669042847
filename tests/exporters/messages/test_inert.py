from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.messages.inert import cut, inert, whole_words

HOSTILE = st.text(st.sampled_from("@<>[]()|`\n\r\x1b\u202e\u200b!#/aeio everyonehr"), max_size=80)


@given(st.one_of(HOSTILE, st.text()), st.integers(1, 200))
def test_whatever_a_device_says_is_one_short_line_without_mention_tag_link_or_control(text: str, limit: int) -> None:
    line = inert(text, limit)
    assert len(line) <= limit
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not re.search(r"(?<![\w.+-])@|@everyone|@here", line, re.IGNORECASE)
    assert not re.search(r"<[A-Za-z/!?@#:$&]|\]\(|\]\[|\|\||`", line)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@everyone und noc@here.example", "＠everyone und noc＠here.example"),
        ("Fragen an noc@provider.example", "Fragen an noc@provider.example"),
        ("<!channel> <b>fett</b> <https://evil.example|hier>", "‹!channel> ‹b>fett‹/b> ‹https://evil.example|hier>"),
        ("Pegel < -80 dBm", "Pegel < -80 dBm"),
        ("[hier](https://evil.example)", "[hier] (https://evil.example)"),
        ("||geheim|| ```x```", "¦¦geheim¦¦ '''x'''"),
        ("\x1b[31mrot\r\nBcc: x@y", "\ufffd[31mrot\ufffd\ufffdBcc: x@y"),
        ("ge_0/0/1 * 2", "ge_0/0/1 * 2"),
    ],
)
def test_only_what_acts_is_replaced(text: str, said: str) -> None:
    assert inert(text, 200) == said


def test_a_text_is_cut_between_words_unless_one_word_is_that_long() -> None:
    assert cut("eins zwei drei", 10) == "eins zwei…"
    assert cut("eins zwei drei", 14) == "eins zwei drei"
    assert cut("x" * 50, 10) == "x" * 9 + "…"
    assert whole_words("eins zwei drei", 9) == "eins zwei"
    assert cut("abc", 0) == ""

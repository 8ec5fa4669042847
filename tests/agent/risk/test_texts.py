from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from agent.contract import Quantity
from agent.risk.room.coverage import QUANTITIES
from agent.risk.texts import Language, Words
from exporters.web.rooms_words import TEXTS

NAMES = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("most", "said"), [(5, "a, b, c und d"), (4, "a, b, c und d"), (3, "a, b, c und 1 weitere"), (1, "a und 3 weitere")]
)
def test_a_list_that_is_cut_says_how_many_more_there_are(most: int, said: str) -> None:
    words = Words("de")
    assert words.joined(words.few(NAMES, most)) == said


@pytest.mark.parametrize(("language", "said"), [("de", "30.11.2026 01:30"), ("en", "2026-11-30 01:30")])
def test_a_moment_is_told_by_the_clock_of_the_place(language: Language, said: str) -> None:
    assert Words(language).moment(1_795_998_600, ZoneInfo("Europe/Berlin")) == said  # 2026-11-30T00:30:00Z


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_quantity_is_called_the_same_on_the_page_and_in_findings(quantity: Quantity) -> None:
    assert TEXTS[quantity] == tuple(Words(language).say(f"quantity_{quantity}") for language in ("de", "en"))

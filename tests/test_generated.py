from __future__ import annotations

import pytest

from tests.generate import PAGES, ROOT


@pytest.mark.parametrize("page", PAGES)
def test_the_generated_page_is_current(page: str) -> None:
    assert (ROOT / page).read_text(encoding="utf-8") == PAGES[page](), "run `make docs`"

"""One reading of the register for all who judge by it."""

from __future__ import annotations

import pytest

from agent.risk.assets import book as module
from agent.risk.assets.book import AssetBook
from agent.risk.assets.merge import merging
from agent.risk.portions import drained
from agent.risk.seldom import SeldomBook
from tests.agent.risk.assets.register_scene import managed, mdm, sight, tablet


def test_what_was_merged_is_the_same_until_something_is_new() -> None:
    book, job = AssetBook(), mdm(managed(1))
    first = sight([tablet(1), tablet(2)], job)
    merged = drained(book.look(first))
    assert merged is not None
    assert [one.match for one in merged.entries] == ["matched", "missing"]
    assert drained(book.look(first)) is merged
    assert drained(book.look(sight([tablet(1)], job))) is not merged


def test_without_a_register_nothing_is_kept() -> None:
    book, empty = AssetBook(), sight([])
    drained(book.look(sight([tablet(1)])))
    assert drained(book.look(empty)) is None


def test_all_that_is_judged_of_the_register_is_merged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []

    def counted(*args: object) -> object:
        times.append(1)
        return merging(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "merging", counted)
    list(SeldomBook().look(sight([tablet(1), tablet(2)], mdm(managed(1)))))
    assert times == [1]

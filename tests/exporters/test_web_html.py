from __future__ import annotations

import gzip
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.contract import AlertState, Muted, Subject
from agent.risk.texts import Words
from exporters.web.page import DeadlineRow, Look, Page
from exporters.web.render import STATIC, Pages
from exporters.web.words import PageWords
from tests.exporters.county import UP, alert, html, job, make_inventory, make_settings, page, snapshot

VOID = {"meta", "link", "input"}


class Outline(HTMLParser):
    """Tags in order; raises AssertionError where they do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, tag: str, name: str) -> list[str | None]:
        return [value for known, attribute, value in self.attributes if (known, attribute) == (tag, name)]


def outline(text: str) -> Outline:
    parsed = Outline()
    parsed.feed(text)
    parsed.close()
    assert parsed.open == []
    return parsed


def full(hostile: str = "so", look: Look = Look()) -> Page:  # noqa: B008  # immutable
    """A page with something in every section, and one text in every place where a device or an editor could put it."""
    named = hostile[:900].encode("utf-8", "replace").decode()  # what the configuration takes
    devices = {"sw-1": {"site": "rathaus", "name": named}, "sw-2": {"site": "schule"}}
    more: dict[str, Any] = {"summary": hostile, "norm": hostile, "runbook": hostile, "cause": Subject("device", "sw-1")}
    alerts = [
        alert("one", evidence=(hostile, hostile), **more),
        alert("two", state=AlertState.PENDING, **more),
        alert("three", muted=Muted("maintenance", hostile, "2027-01-16"), **more),
        alert("four", state=AlertState.RESOLVED, **more),
    ]
    jobs = [job("device", "sw-1", up=False, detail=hostile), UP[1]]
    rows = (DeadlineRow(hostile, hostile, date(2027, 1, 20), 5, "warning", hostile),)
    inventory = make_inventory(devices=devices, sites={"rathaus": {"name": named, "hotline": named}, "schule": {}})
    return page(snapshot(jobs, alerts), inventory, look=look, deadlines=(*rows, rows[0]._replace(stage="later")))


def test_a_page_of_nothing_and_a_page_of_everything_nest() -> None:
    empty = outline(html(page(snapshot(()), make_inventory(sites={}, devices={}))))
    assert empty.tags.count("h1") == 1
    everything = outline(html(full()))
    assert everything.tags.count("li") > empty.tags.count("li")
    ids = [value for _, name, value in everything.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_no_script_no_style_of_its_own_no_form_and_no_foreign_address() -> None:
    shown = outline(html(full()))
    assert not {"script", "style", "form", "iframe", "img", "object", "base"} & set(shown.tags)
    assert not [name for _, name, _ in shown.attributes if name == "style" or name.startswith("on")]
    sources = [value or "" for _, name, value in shown.attributes if name in {"href", "src"}]
    assert sources
    assert all(re.match(r"(/[^/]|/$|#)", source) for source in sources), sources


def test_every_link_within_the_page_leads_somewhere() -> None:
    storm = [alert(subject=Subject("device", f"d-{index}")) for index in range(12)]
    shown = outline(html(full()) + html(page(snapshot(alerts=storm))))
    ids = {value for _, name, value in shown.attributes if name == "id"}
    assert {link[1:] for link in shown.values("a", "href") if link and link.startswith("#")} <= ids


@pytest.mark.parametrize("language", ["de", "en"])
def test_head_names_language_charset_and_the_state(language: str) -> None:
    shown = html(page(settings=make_settings("de" if language == "de" else "en")))
    assert shown.startswith("<!doctype html>")
    assert f'<html lang="{language}">' in shown
    assert '<meta charset="utf-8">' in shown[:200]
    well = "Alles in Ordnung" if language == "de" else "All is well"
    assert f"<title>✓ {well} – Kreis Musterland</title>" in shown
    assert '<meta http-equiv="refresh" content="30">' in shown


def test_whoever_reads_may_stop_the_refresh_and_unfold_everything() -> None:
    folded, unfolded = outline(html(full())), outline(html(full(look=Look(unfolded=True, refreshes=False))))
    assert folded.tags.count("details") == unfolded.tags.count("details") == len(unfolded.values("details", "open"))
    assert len(folded.values("details", "open")) == 1  # where something is not up
    assert "refresh" in folded.values("meta", "http-equiv")
    assert "refresh" not in unfolded.values("meta", "http-equiv")
    assert {"/?refresh=off", "/?open=all"} <= set(folded.values("a", "href"))
    assert {"/?open=all", "/?refresh=off"} <= set(unfolded.values("a", "href"))


@example("\ud800")
@given(st.text(st.characters(), max_size=60))
def test_whatever_a_device_says_stays_text(said: str) -> None:
    """The outline of the page is the same whatever the text is; `<` never opens anything."""
    plain, hostile = outline(html(full("so"))), outline(html(full(f"<b>{said}</b>\"'><script>")))
    assert hostile.tags == plain.tags


def test_text_of_many_kilobytes_is_cut_and_control_characters_are_gone() -> None:
    shown = html(full("\u202e\x07" + "x" * 10_000))
    assert len(shown) < 30_000
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x07]", shown)


def test_the_page_packs_to_the_same_bytes() -> None:
    pages, shown = Pages(), full()
    packed = pages.render(shown, gzip=True)
    assert packed.encoding == "gzip"
    assert gzip.decompress(packed.data) == pages.render(shown, gzip=False).data


def test_only_what_is_named_is_served() -> None:
    for name in STATIC:
        assert Pages().static(name, gzip=False).data
    with pytest.raises(KeyError):
        Pages().static("page.html", gzip=False)


def test_every_word_is_there_in_both_languages() -> None:
    german, english = (PageWords(Words(language), 0.0).labels for language in ("de", "en"))
    assert german.keys() == english.keys()
    assert all(german.values())
    assert all(english.values())


def test_a_time_after_the_page_was_made_counts_as_now() -> None:
    (shown,) = page(snapshot(alerts=[alert(age=-300)])).alerts.firing.alerts
    assert shown.when.text.startswith("seit 0 s (")

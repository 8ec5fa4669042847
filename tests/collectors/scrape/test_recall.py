"""A page of which only the values changed is read as if it were read whole; any other page is read whole."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import Harvest
from collectors.scrape.lines import PageError
from collectors.scrape.names import Selection
from collectors.scrape.parse import Rules, Source, read_page
from collectors.scrape.presets import load_presets
from collectors.scrape.recall import Recall, read_anew
from tests.collectors.scrape.lab import EVERYTHING, only, page, poll, serving_text

NUMBERS = st.sampled_from(
    ["0", "1", "-3.5", "1e9", "NaN", "+Inf", "7 1395066363000", '2 # {trace_id="a_b"} 0.5', "4\r"]
)
ODD = st.sampled_from(
    ["", " ", "1_0", "١", "x", "1 2 3", "\x0b1", "1\x0b", "0x1", "1  ", "1\t5", "{", "inf", " 5", "1.2.3"]
)
LABELS = st.sampled_from(["", "{}", '{a="1"}', '{a="1",b="}"}', '{b="x y"}', '{a="\\""}', '{instance="i",device="d"}'])
NAMES = st.sampled_from(["up", "a", "a_total", "b_bucket", "ringwacht_up", "go_x"])
SAMPLES = st.tuples(NAMES, LABELS, st.sampled_from([" ", "  ", "\t"]), NUMBERS).map("".join)
COMMENTS = st.sampled_from(
    ["# TYPE a counter", "# HELP a Help.", "# HELP a Help. More.", "#", "", "# TYPE b histogram", "5"]
)
LINES = st.lists(st.one_of(SAMPLES, SAMPLES, SAMPLES, COMMENTS), min_size=1, max_size=8)
RULES = st.sampled_from([EVERYTHING, only("a", "b"), Rules(Selection(), max_series=2)])


def plain(harvest: Harvest) -> tuple[object, ...]:
    layout = harvest.layout
    columns = [(column.family, column.rows.names, column.rows.values, column.start) for column in layout.columns]
    return columns, layout.size, list(map(repr, harvest.values)), harvest.partial


def whole(source: Source, rules: Rules) -> tuple[object, ...] | str:
    try:
        return plain(read_anew(source, rules)[1])
    except PageError as error:
        return str(error)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """A page, and one that differs in a few lines."""
    lines = draw(LINES)
    changed = list(lines)
    for index, line in enumerate(lines):
        cut = line.find(" ") + 1
        what = draw(st.sampled_from(["same", "value", "value", "odd", "other", "gone", "twice"]))
        if what == "value":
            changed[index] = line[:cut] + draw(NUMBERS)
        elif what == "odd":
            changed[index] = line[:cut] + draw(ODD)
        elif what == "other":
            changed[index] = draw(st.one_of(SAMPLES, COMMENTS))
        elif what in {"gone", "twice"} and draw(st.booleans()):
            changed[index] = "" if what == "gone" else f"{line}\n{line}"
    return "\n".join(lines), "\n".join(changed)


@given(pairs(), RULES)
def test_what_is_recalled_is_what_the_whole_page_says(pair: tuple[str, str], rules: Rules) -> None:
    first, second = map(Source, pair)
    try:
        recall, harvest = read_anew(first, rules)
    except PageError:
        return
    assert plain(harvest) == whole(first, rules)
    again = recall.read(first)
    assert again is not None
    assert plain(again) == plain(harvest)
    found = recall.read(second)
    if found is not None:
        assert found.layout is harvest.layout
        assert plain(found) == whole(second, rules)


@given(pairs(), RULES)
def test_labels_that_are_known_are_not_read_again_and_the_same(pair: tuple[str, str], rules: Rules) -> None:
    first, second = map(Source, pair)
    try:
        recall, _ = read_anew(first, rules)
        _, harvest = read_anew(second, rules, recall)
    except PageError:
        return
    assert plain(harvest) == whole(second, rules)


def remembered(text: str) -> Recall:
    recall, _ = read_anew(Source(text), EVERYTHING)
    return recall


TEXT = '# TYPE a gauge\na{b="1"} 1\na{b="2"} 2\n'


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("gauge", "counter"),
        TEXT.replace("gauge", "gauge "),
        TEXT.replace('"1"', '"3"'),
        TEXT + "c 1\n",
        TEXT.replace('a{b="2"} 2\n', ""),
        TEXT.replace('a{b="1"} 1\na{b="2"} 2\n', 'a{b="2"} 2\na{b="1"} 1\n'),
        TEXT.replace('a{b="1"} 1', "1"),
        TEXT.replace('a{b="1"} 1', 'a{b="1"} 1 2 3').replace('a{b="2"} 2', 'a{b="2"} '),
    ],
)
def test_any_other_page_is_not_recalled(changed: str) -> None:
    recall = remembered(TEXT)
    assert recall.read(Source(TEXT.replace("} 2", "} 5"))) is not None
    assert recall.read(Source(changed)) is None


def test_a_page_that_changes_its_format_is_not_recalled() -> None:
    assert remembered(TEXT + "# EOF").read(Source(TEXT + "# EOF", openmetrics=True)) is None


def test_the_layout_stays_as_long_as_the_series_do() -> None:
    recall = remembered(TEXT + "go_x 1\n")
    other, _ = read_anew(Source(TEXT + "# c\ngo_x 1\n"), EVERYTHING, recall)
    assert other.layout is recall.layout
    renamed, _ = read_anew(Source(TEXT.replace("b=", "c=") + "go_x 1\n"), EVERYTHING, recall)
    assert renamed.layout is not recall.layout
    assert renamed.layout.columns[0].rows.names == ("c",)


def test_only_new_series_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    recall = remembered(TEXT)
    parsed: list[str] = []
    original = read_page.__globals__["read_labels"]

    def counting(name: str, prefix: str, *, ours: bool) -> object:
        parsed.append(prefix)
        return original(name, prefix, ours=ours)

    monkeypatch.setitem(read_page.__globals__, "read_labels", counting)
    read_anew(Source(TEXT + 'a{b="3"} 3\n'), EVERYTHING, recall)
    assert parsed == ['a{b="3"} ']


@pytest.mark.parametrize("name", ["windows_exporter", "proxmox", "vmware"])
def test_standard_families_are_recalled_too(name: str) -> None:
    preset = load_presets()[name]
    rules = replace(EVERYTHING, neutral=preset.neutral)
    recall, harvest = read_anew(Source(page(name)), rules)
    found = recall.read(Source(page(name)))
    assert found is not None
    assert plain(found) == plain(harvest)
    _, anew = read_anew(Source(page(name) + "# more\n"), rules, recall)
    assert plain(anew) == plain(harvest)


def exporter_page() -> str:
    """As long-winded as exporters are: each family declared, many labels."""
    return "".join(
        f"# HELP node_part_{family}_total Statistics of part {family}, as the kernel counts them since the start.\n"
        f"# TYPE node_part_{family}_total counter\n"
        + "".join(f'node_part_{family}_total{{device="sd{letter}",mode="{family}"}} 1\n' for letter in "abcd")
        for family in range(200)
    )


def retained(text: str, rules: Rules, pages: int = 5) -> float:
    """What a page leaves in memory between polls, in bytes."""
    kept = [read_anew(Source(text), rules)[0]]
    gc.collect()
    tracemalloc.start()
    try:
        kept += [read_anew(Source(text), rules)[0] for _ in range(pages)]
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / pages
    finally:
        tracemalloc.stop()


def test_what_is_not_wanted_costs_next_to_nothing_between_polls() -> None:
    text = exporter_page()
    assert retained(text, only("node_part_7_total")) < len(text)


async def test_the_checks_of_one_kind_share_what_their_pages_declare() -> None:
    async with serving_text(exporter_page()) as port:
        one, other = [(await poll(port)).layout.columns for _ in range(2)]
    assert all(left.family is right.family for left, right in zip(one, other, strict=True))


def test_a_comment_that_moves_is_another_page() -> None:
    recall = remembered("# a\nb 1\n# c\n")
    assert recall.read(Source("# a\nb 2\n# c\n")) is not None
    assert recall.read(Source("# c\nb 1\n# a\n")) is None
    assert recall.read(Source("# a\n# c\nb 1\n")) is None


def test_many_values_stay_in_their_places() -> None:
    def flood(offset: int) -> str:
        return "".join(f'a{{n="{number}"}} {number + offset}\n' for number in range(10_000))

    recall, first = read_anew(Source(flood(0)), EVERYTHING)
    second = recall.read(Source(flood(1)))
    assert second is not None
    assert list(first.values) == list(range(10_000))
    assert list(second.values) == list(range(1, 10_001))
    assert recall.read(Source(flood(1).replace(" 9000\n", " x\n"))) is None
    with pytest.raises(PageError, match="line 9000 has no number"):
        read_anew(Source(flood(1).replace(" 9000\n", " 1.2.3\n")), EVERYTHING)

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import neutral
from agent.contract import Finding, Severity
from agent.risk.catalogue.power import FEEDS_SHARE_UPS, UPS_ON_BATTERY
from agent.risk.power import PowerBook
from agent.risk.sight import Sight
from agent.risk.ups.feeding import Feeds
from config.units import DAY
from tests.agent.risk.scene import NOW, failed, the
from tests.agent.risk.ups.supply import Supplied, says

HERE = {"site": "rathaus", "address": "127.0.0.1"}


def wired(*ups: str, **powered_by: list[str]) -> Supplied:
    devices: dict[str, Any] = {name: {**HERE, "role": "ups"} for name in ups}
    devices |= {name: {**HERE, "powered_by": feeders} for name, feeders in powered_by.items()}
    return Supplied({"devices": devices})


def shared(made: Supplied) -> Finding | None:
    return made.finding(FEEDS_SHARE_UPS)


def test_two_rails_on_one_ups_are_one_feed() -> None:
    found = the(shared(wired("a", pa=["a"], pb=["a"], srv=["pa", "pb"])))
    assert (str(found.subject), found.severity) == ("device:a", Severity.INFO)
    assert found.summary == "a: all their feeds come from it: srv"
    assert found.evidence == ("srv ← pa ← a", "srv ← pb ← a")
    assert (found.norm, found.site) == ("BSI INF.2.A25", "rathaus")


@pytest.mark.parametrize(
    "made",
    [
        wired("a", "b", pa=["a"], pb=["b"], srv=["pa", "pb"]),
        wired("a", "b", switch=["a", "b"], srv=["switch"]),
        wired("a", srv=["a"]),
        wired("a", mains=[], srv=["a", "mains"]),
    ],
)
def test_feeds_of_two_sources_and_single_feeds_are_none(made: Supplied) -> None:
    assert shared(made) is None


def test_what_hangs_on_a_transfer_switch_twice_is_told_by_what_is_above_it() -> None:
    assert shared(wired("a", "b", ats=["a", "b"], pa=["ats"], pb=["ats"], srv=["pa", "pb"])) is None
    found = wired("a", ats=["a"], pa=["ats"], pb=["ats"], srv=["pa", "pb"])
    assert the(shared(found)).evidence == ("srv ← pa ← ats ← a", "srv ← pb ← ats ← a")


@pytest.mark.parametrize(("seconds", "told"), [(DAY, False), (DAY + 1, True)])
def test_the_other_ups_being_gone_for_a_day_is_told(seconds: float, told: bool) -> None:
    made = wired("a", "b", srv=["a", "b"]).jobs(failed("device:b", "snmp", since=NOW - seconds))
    found = shared(made)
    assert (found is not None) is told
    if told:
        assert the(found).summary == "a: without a second feed, as b has not answered for 24 h: srv"


def test_what_lives_on_another_feed_is_told_from_what_is_lost() -> None:
    made = wired("a", "b", pa=["a"], pb=["b"], srv=["pa", "pb"], sw=["pa"])
    says(made, {neutral.UPS_ON_BATTERY: 1.0}, "a")
    says(made, {neutral.UPS_ON_BATTERY: 0.0}, "b")
    evidence = the(made.finding(UPS_ON_BATTERY)).evidence
    assert "without power if it ends: pa, sw" in evidence
    assert "lives on another feed: srv (pb)" in evidence


def test_two_ups_are_judged_each_for_itself() -> None:
    made = wired("a", "b", srv=["a", "b"])
    says(made, {neutral.UPS_ON_BATTERY: 1.0}, "a")
    says(made, {neutral.UPS_ON_BATTERY: 1.0, neutral.UPS_BATTERY_LOW: 1.0}, "b")
    found = {one.subject.id: one.severity for one in made.judge().findings if one.rule == UPS_ON_BATTERY}
    assert found == {"a": Severity.WARNING, "b": Severity.CRITICAL}


def test_in_a_power_cut_no_server_is_said_to_be_safe_on_the_other_battery() -> None:
    made = wired("a", "b", pa=["a"], pb=["b"], srv=["pa", "pb"], sw=["pa"])
    says(made, {neutral.UPS_ON_BATTERY: 1.0}, "a")
    says(made, {neutral.UPS_ON_BATTERY: 1.0, neutral.UPS_RUNTIME: 300.0}, "b")
    of_a = next(one for one in made.judge().findings if one.rule == UPS_ON_BATTERY and one.subject.id == "a")
    assert of_a.evidence == (
        "on battery since 09:00 at the latest",
        "without power if it ends: pa, srv, sw",
        "on battery as well: b, 5 min left",
    )


def test_a_ups_of_which_nothing_is_known_makes_nothing_safe() -> None:
    made = wired("a", "b", srv=["a", "b"])
    says(made, {neutral.UPS_ON_BATTERY: 1.0}, "a")
    assert not any("srv" in line for line in the(made.finding(UPS_ON_BATTERY)).evidence)


def test_thirty_servers_on_one_ups_are_told_once() -> None:
    servers = {f"s{number:02}": ["pa", "pb"] for number in range(30)}
    found = the(shared(wired("a", pa=["a"], pb=["a"], **servers)))
    assert found.summary == "a: all their feeds come from it: s00, s01, s02, s03, s04, s05 and 24 more"
    assert len(found.evidence) == 6 + 4
    assert all(name in " ".join(found.evidence) for name in servers)


def test_while_a_ups_does_not_answer_it_is_not_known_what_is_left_to_the_other() -> None:
    made = wired("a", "b", "c", "d", srv=["a", "b"], other=["c", "d"]).jobs(failed("device:b", "snmp", since=NOW - 60))
    for name in ("a", "c", "d"):
        says(made, {neutral.UPS_ON_BATTERY: 0.0}, name)
    assert made.unverified(FEEDS_SHARE_UPS, "device:a")
    assert not made.unverified(FEEDS_SHARE_UPS, "device:c")


def test_the_wiring_is_gone_through_once_and_not_at_each_look(monkeypatch: pytest.MonkeyPatch) -> None:
    made = wired("a", "b", "c", pa=["a"], pb=["b"], **{f"s{number}": ["pa", "pb"] for number in range(50)})
    made.jobs(failed("device:b", "snmp", since=NOW - 2 * DAY))
    passes = list[frozenset[str]]()
    walk = Feeds._reached  # pyright: ignore[reportPrivateUsage]

    def counted(feeds: Feeds, sources: Collection[str], *, every: bool) -> frozenset[str]:
        passes.append(frozenset(sources))
        return walk(feeds, sources, every=every)

    monkeypatch.setattr(Feeds, "_reached", counted)
    book, sight = PowerBook(), Sight.of(made.inventory, made.settings, made.view(), made.windows())
    first = [one for one in book.look(sight) if isinstance(one, Finding)]
    assert [(one.rule, one.subject.id) for one in first] == [(FEEDS_SHARE_UPS, "a")]
    assert len(passes) < 15
    passes.clear()
    assert [one for one in book.look(sight) if isinstance(one, Finding)] == first
    assert passes == []


def test_a_dark_switch_is_no_ups() -> None:
    made = wired("a", sw=["a"]).jobs(failed("device:sw", "snmp"))
    assert not [key for key in made.judge().unverified if key.subject.id == "sw" and key.rule.startswith("ups")]


NAMES = st.sampled_from(["a", "b", "c", "d", "e"])


@given(st.dictionaries(NAMES, st.lists(NAMES, min_size=1, max_size=3).map(tuple)), NAMES)
def test_whatever_feeds_whom_what_is_lost_has_no_feed_left(by: dict[str, tuple[str, ...]], source: str) -> None:
    feeds = Feeds(by)
    lost, beyond = feeds.lost((source,)), feeds.beyond(source)
    assert source not in lost
    assert lost <= beyond
    assert all(set(by[name]) <= lost | {source} for name in lost)
    for name in by:
        assert all(chain.startswith(name) for chain in feeds.chains(name, source))

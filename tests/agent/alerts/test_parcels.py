from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.alerts import parcels
from agent.alerts.handling import Handling
from agent.alerts.parcels import Choice, Past, Try, choose, threads_of
from agent.contract import Alert, AlertState, Finding, Notification, Sent, Severity, Subject
from agent.state.handed import Handed
from tests.agent.alerts.handlings import make_handling

NOW = 1_800_000_000.0


def waits(
    name: str,
    *,
    site: str | None = None,
    cause: str | None = None,
    state: AlertState = AlertState.FIRING,
    made: float = NOW,
    after: float = 0.0,
    digest: bool = False,
) -> Sent:
    found = Finding("link_down", Subject("link", name), Severity.CRITICAL, "summary", site=site)
    if cause is not None:
        found = replace(found, cause=Subject("link", cause))
    key = f"{name}:{state.value}"
    note = Notification(key, "on-call", Alert(name, found, state, made, made), made, made + after, digest=digest)
    return Sent(note, None, note.not_before)


def packed(entry: Sent, parcel: str) -> Sent:
    return replace(entry, parcel=parcel)


def took(entry: Sent, at: float) -> Handed:
    return Handed("on-call", f"alerts-{at}", at, (entry.notification.alert.finding,))


def all_parcels(waiting: Sequence[Sent], handling: Handling | None = None, now: float = NOW) -> list[Choice]:
    """Everything that a receiver who takes it all gets at this moment."""
    left, handed, found = list(waiting), list[Handed](), list[Choice]()
    while True:
        choice = choose(left, handed, handling or make_handling(), now)
        if choice.parcel is None:
            return found
        found.append(choice)
        keys = {one.notification.key for one in choice.entries}
        left = [one for one in left if one.notification.key not in keys]
        findings = tuple(one.notification.alert.finding for one in choice.entries)
        handed.append(Handed("on-call", choice.parcel.key, now, findings))


def names(choices: Sequence[Choice]) -> list[list[str]]:
    return [[one.key for one in choice.parcel.notifications] for choice in choices if choice.parcel is not None]


def kinds(choices: Sequence[Choice]) -> list[str]:
    return [choice.parcel.kind for choice in choices if choice.parcel is not None]


def test_what_belongs_to_one_site_or_cause_is_one_message() -> None:
    waiting = [waits("a", site="wadersloh"), waits("b"), waits("c", site="wadersloh"), waits("d", cause="b")]
    assert names(all_parcels(waiting)) == [["a:firing", "c:firing"], ["b:firing", "d:firing"]]


def test_two_groups_become_one_by_what_belongs_to_both() -> None:
    waiting = [waits("a", site="x"), waits("b", site="y"), waits("c", site="x", cause="b")]
    assert names(all_parcels(waiting)) == [["a:firing", "b:firing", "c:firing"]]


def test_the_first_goes_at_once_and_what_follows_shortly_is_collected() -> None:
    more = [waits("b", site="x", made=NOW + 1), waits("c", site="x", made=NOW + 3)]
    handed = [took(waits("a", site="x"), NOW)]
    assert choose(more, handed, make_handling(), NOW + 3).wait == 2.0
    choice = choose(more, handed, make_handling(), NOW + 5)
    assert names([choice]) == [["b:firing", "c:firing"]]
    assert names([choose([waits("z")], handed, make_handling(), NOW + 3)]) == [["z:firing"]]


def test_what_waited_for_its_hour_is_one_message_with_each_alert_as_a_pair() -> None:
    over = waits("a", state=AlertState.RESOLVED, made=NOW - 60, after=60.0)
    waiting = [waits("a", made=NOW - 3600, after=3600.0), waits("b", made=NOW - 1800, after=1800.0), over]
    choices = all_parcels(waiting)
    assert names(choices) == [["a:firing", "b:firing", "a:resolved"]]
    assert kinds(choices) == ["alerts"]
    assert choose(waiting, (), make_handling(), NOW - 10).wait == 10.0


def test_the_digest_is_one_message() -> None:
    choices = all_parcels([waits("a", digest=True), waits("b"), waits("c", digest=True)])
    assert names(choices) == [["b:firing"], ["a:firing", "c:firing"]]
    assert kinds(choices) == ["alerts", "digest"]


def test_a_storm_becomes_one_summary() -> None:
    choices = all_parcels([waits(f"l{number}") for number in range(50)])
    assert kinds(choices) == ["summary"]
    assert len(names(choices)[0]) == 50


def test_a_storm_after_a_storm_is_put_together_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Finding] = []

    def counted(finding: Finding) -> set[str]:
        asked.append(finding)
        return threads_of(finding)

    monkeypatch.setattr(parcels, "threads_of", counted)
    known = tuple(waits(f"k{number}").notification.alert.finding for number in range(300))
    waiting = [waits(f"l{number}") for number in range(300)]
    choice = choose(waiting, [Handed("on-call", "summary-1", NOW, known)], make_handling(), NOW + 1)
    assert len(choice.entries) == 300
    assert len(asked) <= 1500


def test_beyond_the_limit_all_that_waits_goes_with_the_next_token() -> None:
    handed = [took(waits(f"l{number}"), NOW) for number in range(10)]
    waiting = [waits("a", made=NOW + 1), waits("b", made=NOW + 20)]
    assert choose(waiting, handed, make_handling(), NOW + 20).wait == pytest.approx(40.0)
    choice = choose(waiting, handed, make_handling(), NOW + 60)
    assert (kinds([choice]), names([choice])) == (["summary"], [["a:firing", "b:firing"]])


def test_what_is_late_is_one_summary() -> None:
    choices = all_parcels([waits("a", made=NOW - 7200), waits("b", made=NOW - 3600), waits("c")])
    assert (kinds(choices), names(choices)) == (["alerts", "summary"], [["c:firing"], ["a:firing", "b:firing"]])


def test_what_was_tried_keeps_its_members_and_key_and_holds_up_the_end_of_its_alert() -> None:
    first = packed(waits("a"), "alerts-1")
    waiting = [first, waits("a", state=AlertState.RESOLVED), waits("b")]
    tries = {"alerts-1": Try(2, NOW + 10)}
    assert names([choose(waiting, (), make_handling(), NOW, Past(tries, at=NOW))]) == [["b:firing"]]
    assert choose(waiting, (), make_handling(), NOW, Past(tries, failing=True, at=NOW)).wait == 10.0
    again = choose(waiting, (), make_handling(), NOW + 10, Past(tries, failing=True, at=NOW + 10))
    assert again.parcel is not None
    assert (again.parcel.key, names([again]), again.is_new) == ("alerts-1", [["a:firing"]], False)


def test_what_another_way_was_given_keeps_the_order_of_each_alert() -> None:
    end = packed(waits("a", state=AlertState.RESOLVED), "alerts-2")
    waiting = [packed(waits("a"), "alerts-1"), end, packed(waits("b"), "alerts-3")]
    stuck = {"alerts-1": Try(2, NOW + 10)}
    assert names([choose(waiting, (), make_handling(), NOW, Past(stuck, at=NOW))]) == [["b:firing"]]
    assert names([choose(waiting[1:], (), make_handling(), NOW)]) == [["a:resolved"]]


def test_what_a_way_missed_while_it_failed_is_one_summary_and_then_again_what_it_was() -> None:
    waiting = [packed(waits(name, made=NOW - 3600), f"alerts-{name}") for name in "abc"]
    missed = choose(waiting, (), make_handling(), NOW)
    assert (kinds([missed]), names([missed]), missed.is_new) == (
        ["summary"],
        [["a:firing", "b:firing", "c:firing"]],
        False,
    )
    assert names([choose(waiting, (), make_handling(), NOW, Past(failing=True))]) == [["a:firing"]]
    tries = {f"alerts-{name}": Try(1, NOW) for name in "abc"}
    assert names([choose(waiting, (), make_handling(), NOW, Past(tries, failing=True, at=NOW))]) == [["a:firing"]]


def test_a_parcel_that_the_way_chokes_on_does_not_hold_up_the_others_for_long() -> None:
    waiting = [packed(waits("a"), "alerts-1"), waits("b")]
    tries = {"alerts-1": Try(3, NOW)}
    assert names([choose(waiting, (), make_handling(), NOW, Past(tries, failing=True, at=NOW))]) == [["b:firing"]]
    waiting[1:] = [packed(waits("b"), "alerts-2"), waits("c")]
    both = {"alerts-1": Try(8, NOW + 40), "alerts-2": Try(9, NOW + 40)}
    assert choose(waiting, (), make_handling(), NOW, Past(both, failing=True, at=NOW)).parcel is None
    both["alerts-1"] = Try(9, NOW + 40)
    assert names([choose(waiting, (), make_handling(), NOW, Past(both, failing=True, at=NOW))]) == [["c:firing"]]
    overtaken = {key: Try(1, NOW + 40, overtaken=True) for key in both}
    assert names([choose(waiting, (), make_handling(), NOW, Past(overtaken, failing=True, at=NOW))]) == [["c:firing"]]


def test_what_waits_for_its_hour_holds_up_nothing_of_its_alert_that_is_due() -> None:
    early, urgent = waits("a", after=3600.0), replace(waits("a"), next_try=NOW)
    urgent = replace(urgent, notification=replace(urgent.notification, key="a:urgent"))
    assert names(all_parcels([early, urgent])) == [["a:firing", "a:urgent"]]
    assert names(all_parcels([urgent, early])) == [["a:urgent"]]


def test_a_clock_that_stepped_back_delays_nothing() -> None:
    step = 3600.0
    assert names([choose([waits("a")], (), make_handling(), NOW - step)]) == [["a:firing"]]
    past = Past({"alerts-1": Try(1, 10.0)}, failing=True, at=10.0)
    assert choose([packed(waits("a"), "alerts-1")], (), make_handling(), NOW - step, past).parcel is not None
    handed = [took(waits("b"), NOW)] * 10
    assert choose([waits("a")], handed, make_handling(), NOW - step).parcel is not None


ENTRIES = st.lists(
    st.builds(
        waits,
        st.sampled_from("abcd"),
        site=st.sampled_from([None, "x", "y"]),
        cause=st.sampled_from([None, "a", "b"]),
        made=st.sampled_from([NOW - 3600, NOW - 30, NOW]),
        after=st.sampled_from([0.0, 0.0, 20.0]),
        digest=st.booleans(),
    ),
    max_size=12,
).map(lambda found: [_numbered(number, one) for number, one in enumerate(found)])


def _numbered(number: int, entry: Sent) -> Sent:
    return replace(entry, notification=replace(entry.notification, key=str(number)))


@given(ENTRIES, st.integers(1, 10))
def test_everything_goes_once_and_of_each_alert_in_its_order(entries: list[Sent], messages: int) -> None:
    gone_out = all_parcels(entries, make_handling(group_wait=0.0, messages=messages), NOW + 100)
    gone = [note for choice in gone_out if choice.parcel is not None for note in choice.parcel.notifications]
    assert sorted(int(one.key) for one in gone) == list(range(len(entries)))
    assert len(gone_out) <= messages
    for name in "abcd":
        numbers = [int(one.key) for one in gone if one.alert.id == name]
        assert numbers == sorted(numbers)


@given(ENTRIES)
def test_the_same_waiting_messages_give_the_same_keys(entries: list[Sent]) -> None:
    assert names(all_parcels(entries)) == names(all_parcels(entries))
    keys = [choice.parcel.key for choice in all_parcels(entries) if choice.parcel is not None]
    assert len(keys) == len(set(keys))

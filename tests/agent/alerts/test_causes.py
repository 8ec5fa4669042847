from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agent.alerts.causes import leaders, taken_along
from agent.contract import Alert, AlertState, Finding, Muted, Severity, Subject

NOON = 1_800_000_000.0
HOP = Subject("link", "hop")
SITE = Subject("site", "wadersloh")
SWITCH = Subject("device", "sw-1")
ACCEPTED = Muted("accepted", "known", "2027-06-30")


def alert(
    rule: str,
    subject: Subject,
    cause: Subject | None = None,
    severity: Severity = Severity.WARNING,
    state: AlertState = AlertState.FIRING,
    *,
    since: float = NOON,
    muted: Muted | None = None,
) -> Alert:
    return Alert(rule, Finding(rule, subject, severity, rule, cause=cause), state, since, since, muted=muted)


CUT = alert("link_down", HOP)
LOST = alert("redundancy_lost", SITE, HOP)
SILENT = alert("device_unreachable", SWITCH, SITE)


def led(*alerts: Alert) -> dict[str, str]:
    return {key.rule: head.id for key, head in leaders(alerts).items() if key != head.finding.key}


def test_an_alert_about_the_cause_leads() -> None:
    assert led(CUT, LOST) == {"redundancy_lost": "link_down"}
    assert led(CUT, SILENT) == {}
    assert led(LOST) == {}


def test_what_is_pending_leads_and_what_is_resolved_does_not() -> None:
    assert led(replace(CUT, state=AlertState.PENDING), LOST) == {"redundancy_lost": "link_down"}
    assert led(replace(CUT, state=AlertState.RESOLVED), LOST) == {}
    assert led(CUT, replace(LOST, state=AlertState.RESOLVED)) == {}


def test_a_chain_is_followed_to_its_end() -> None:
    assert led(SILENT, LOST, CUT) == {"device_unreachable": "link_down", "redundancy_lost": "link_down"}


def test_a_chain_may_be_long() -> None:
    places = [Subject("service", str(number)) for number in range(2001)]
    chain = [alert(f"r{n}", one, places[n + 1]) for n, one in enumerate(places[:-1])]
    assert set(led(*chain, alert("end", places[-1])).values()) == {"end"}


def test_who_comes_to_a_circle_is_led_by_where_it_is_entered() -> None:
    one, other = alert("one", SITE, HOP), alert("other", HOP, SITE)
    assert led(alert("first", SWITCH, SITE), one, other) == {"first": "one"}
    assert led(one, other) == {}


def test_of_several_about_one_cause_no_alert_leads_itself() -> None:
    gone, beside = alert("site_isolated", SITE, severity=Severity.CRITICAL), alert("below_required", SITE, SITE)
    assert led(gone, beside) == {"below_required": "site_isolated"}
    assert led(beside) == {}


def test_who_is_worse_than_its_cause_is_told_and_leads_what_follows_from_it() -> None:
    gone = alert("site_isolated", SITE, HOP, Severity.CRITICAL)
    silent = alert("device_unreachable", SWITCH, SITE, Severity.CRITICAL)
    assert led(CUT, gone, silent) == {"device_unreachable": "site_isolated"}


def test_a_bad_end_leads_past_a_milder_alert_between() -> None:
    cut = alert("link_down", HOP, None, Severity.CRITICAL)
    silent = alert("device_unreachable", SWITCH, SITE, Severity.CRITICAL)
    assert led(cut, LOST, silent)["device_unreachable"] == "link_down"


def test_a_site_that_is_gone_is_told_where_the_alert_about_its_cause_is_muted() -> None:
    gone = alert("site_isolated", SITE, HOP)
    muted = replace(CUT, muted=ACCEPTED)
    assert led(CUT, gone, SILENT) == {"site_isolated": "link_down", "device_unreachable": "link_down"}
    assert led(muted, gone, SILENT) == {"device_unreachable": "site_isolated"}
    assert led(muted, LOST) == {"redundancy_lost": "link_down"}


def test_a_circle_mutes_nobody_of_it() -> None:
    one, other = alert("one", HOP, SITE), alert("other", SITE, HOP)
    assert led(one, other) == {}
    assert led(alert("self", HOP, HOP)) == {}
    behind = alert("behind", SWITCH, HOP)
    assert led(one, other, behind) == {"behind": "one"}


def test_another_alert_about_the_same_subject_can_be_the_cause() -> None:
    assert led(CUT, alert("radio_fading", HOP, HOP)) == {"radio_fading": "link_down"}


def test_of_several_alerts_about_the_cause_the_worst_leads() -> None:
    worst = alert("worst", HOP, None, Severity.CRITICAL, since=NOON - 1000)
    assert led(CUT, worst, LOST)["redundancy_lost"] == "worst"


def test_of_equals_the_one_leads_that_began_with_it() -> None:
    known_for_months = alert("wrong_port", HOP, since=NOON - 1e7)
    pending = replace(CUT, state=AlertState.PENDING, since=NOON - 2)
    assert led(known_for_months, pending, LOST)["redundancy_lost"] == "link_down"


def test_of_equals_of_one_moment_the_one_that_fires_leads() -> None:
    pending = alert("a_pending_one", HOP, state=AlertState.PENDING)
    assert led(pending, CUT, LOST)["redundancy_lost"] == "link_down"


def test_an_alert_that_someone_accepted_leads_only_where_there_is_no_other() -> None:
    accepted = alert("accepted", HOP, None, Severity.CRITICAL, muted=ACCEPTED)
    assert led(accepted, CUT, LOST)["redundancy_lost"] == "link_down"
    assert led(accepted, LOST)["redundancy_lost"] == "accepted"


def test_what_a_leader_takes_along_is_what_fires_and_is_muted_by_its_cause() -> None:
    because = Muted("cause", "link_down", "")
    firing = replace(LOST, muted=because)
    pending = replace(SILENT, state=AlertState.PENDING, muted=because)
    assert taken_along([CUT, firing, pending]) == {"link_down": [LOST.finding]}
    assert taken_along([CUT, replace(LOST, muted=ACCEPTED)]) == {}
    assert taken_along([firing]) == {}  # held back a little longer; nobody speaks for it


PLACES = st.sampled_from([HOP, SITE, SWITCH, Subject("ring", "north")])
STORM = st.lists(
    st.builds(
        alert,
        st.sampled_from(["link_down", "site_isolated", "redundancy_lost", "ring_open"]),
        PLACES,
        st.none() | PLACES,
        st.sampled_from(list(Severity)),
        st.sampled_from(list(AlertState)),
        since=st.integers(0, 3).map(float),
        muted=st.none() | st.just(ACCEPTED),
    ),
    unique_by=lambda one: one.finding.key,
)


@given(STORM)
def test_who_leads_stands_is_as_bad_and_is_led_by_nobody(alerts: list[Alert]) -> None:
    heads = leaders(alerts)
    rank = list(Severity).index
    for key, head in heads.items():
        (follower,) = (one for one in alerts if one.finding.key == key)
        assert head.state is not AlertState.RESOLVED
        assert rank(head.finding.severity) <= rank(follower.finding.severity)
        assert heads.get(head.finding.key, head) is head

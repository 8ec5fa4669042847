from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contract import JobState, Reason, Severity
from agent.risk.catalogue.daemon import CHECK_NOT_POSSIBLE
from agent.risk.catalogue.devices import CREDENTIALS_REFUSED, DEVICE_UNREACHABLE
from agent.risk.reachability import UNASKED_GRACE_SECONDS, device_state
from tests.agent.risk.scene import NOW, Scene, failed, job, the, unpolled

DEVICE = "device:sw-1"


def reachable(jobs: Iterable[JobState], rule: str = DEVICE_UNREACHABLE) -> Scene:
    return Scene().jobs(*jobs)


def test_silent_on_all_checks_is_critical() -> None:
    scene = Scene().jobs(failed(check="icmp"), failed(check="snmp", reason=Reason.UNREACHABLE))
    found = the(scene.finding(DEVICE_UNREACHABLE))
    assert found.severity is Severity.CRITICAL
    assert found.summary == "sw-1 does not answer at all (ping: no answer, snmp: unreachable)"
    assert found.site == "rathaus"


@pytest.mark.parametrize("plugin", [job(check="plugin"), unpolled(check="plugin")])
def test_a_plugin_that_runs_is_no_answer_of_the_device(plugin: JobState) -> None:
    jobs = [failed(check="icmp"), failed(check="snmp"), plugin]
    found = the(Scene().jobs(*jobs).finding(DEVICE_UNREACHABLE))
    assert found.severity is Severity.CRITICAL
    assert device_state(jobs).state == "down"


def test_where_nothing_else_is_asked_a_plugin_speaks_for_the_device() -> None:
    assert device_state([job(check="plugin")]).state == "up"
    assert device_state([failed(check="plugin")]).state == "down"


def test_german_is_spoken_where_it_is_configured() -> None:
    scene = Scene(language="de").jobs(failed(check="icmp"))
    assert the(scene.finding(DEVICE_UNREACHABLE)).summary == "sw-1 antwortet gar nicht (ping: keine Antwort)"


def test_one_check_of_two_is_a_warning_that_names_both() -> None:
    scene = Scene().jobs(job(check="icmp"), failed(check="snmp", reason=Reason.REFUSED))
    found = the(scene.finding(DEVICE_UNREACHABLE))
    assert found.severity is Severity.WARNING
    assert found.summary == "sw-1 answers ping but not snmp (refused)"


def test_three_checks_are_listed_as_people_do() -> None:
    checks = (job(check="http"), job(check="icmp"), failed(check="snmp"), failed(check="tcp"), job(check="tls"))
    assert the(Scene().jobs(*checks).finding(DEVICE_UNREACHABLE)).summary == (
        "sw-1 answers http, ping and tls but not snmp (no answer) and tcp (no answer)"
    )
    assert the(Scene(language="de").jobs(*checks).finding(DEVICE_UNREACHABLE)).summary == (
        "sw-1 antwortet auf http, ping und tls, aber nicht auf snmp (keine Antwort) und tcp (keine Antwort)"
    )


def forbidden(check: str) -> JobState:
    return job(check=check, up=None, reason=Reason.CONFIG, detail="not permitted")


@pytest.mark.parametrize("ours", [forbidden("snmp"), failed(check="snmp", reason=Reason.INTERNAL)])
def test_what_only_this_daemon_cannot_check_is_unknown(ours: JobState) -> None:
    scene = Scene().jobs(ours)
    assert scene.unverified(DEVICE_UNREACHABLE, DEVICE)
    assert scene.unverified(CREDENTIALS_REFUSED, DEVICE)


def test_a_device_that_answers_is_up_though_we_may_not_ping_it() -> None:
    scene = Scene().jobs(forbidden("icmp"), job(check="snmp"))
    assert not scene.unverified(DEVICE_UNREACHABLE, DEVICE)
    assert not scene.unverified(CREDENTIALS_REFUSED, DEVICE)


def test_ping_proves_nothing_about_a_check_that_we_cannot_perform() -> None:
    scene = Scene().jobs(job(check="icmp"), forbidden("snmp"))
    assert scene.unverified(DEVICE_UNREACHABLE, DEVICE)  # "answers ping but not snmp" may still be true
    assert scene.unverified(CREDENTIALS_REFUSED, DEVICE)


def test_who_is_let_in_again_is_not_refused_however_ping_fares() -> None:
    scene = Scene().jobs(failed(check="icmp"), job(check="snmp"))
    assert scene.finding(CREDENTIALS_REFUSED) is None
    assert not scene.unverified(CREDENTIALS_REFUSED, DEVICE)


def test_another_check_that_answers_does_not_clear_a_refusal() -> None:
    scene = Scene().jobs(forbidden("snmp"), job(check="http"))
    assert scene.unverified(CREDENTIALS_REFUSED, DEVICE)


def test_an_answer_that_cannot_be_used_is_told_as_one() -> None:
    found = the(Scene().jobs(failed(check="snmp", reason=Reason.BAD_REPLY)).finding(DEVICE_UNREACHABLE))
    assert (found.severity, found.summary) == (Severity.WARNING, "sw-1 answers nothing usable (snmp: unusable answer)")
    large = replace(failed(check="scrape", reason=Reason.BAD_REPLY), detail="larger than max_bytes (16777216)")
    found = the(Scene().jobs(large).finding(DEVICE_UNREACHABLE))
    assert found.summary == "sw-1 answers nothing usable (scrape: unusable answer: larger than max_bytes (16777216))"


def test_a_refusal_proves_that_a_device_is_there() -> None:
    scene = Scene().jobs(forbidden("icmp"), failed(check="snmp", reason=Reason.AUTH))
    assert not scene.unverified(DEVICE_UNREACHABLE, DEVICE)


def test_a_single_failure_is_neither_down_nor_healthy() -> None:
    scene = Scene().jobs(failed(failures=1))
    assert scene.finding(DEVICE_UNREACHABLE) is None
    assert scene.unverified(DEVICE_UNREACHABLE, DEVICE)


def test_before_the_first_poll_nothing_is_known() -> None:
    scene = Scene().jobs(unpolled())
    assert scene.finding(DEVICE_UNREACHABLE) is None
    assert scene.unverified(DEVICE_UNREACHABLE, DEVICE)


def test_healthy_is_neither_found_nor_unverified() -> None:
    assert Scene().jobs(job(check="icmp"), job(check="snmp")).judge().unverified == frozenset()
    assert Scene().jobs(job(check="icmp"), job(check="snmp")).judge().findings == ()


def test_refused_credentials_are_not_unreachable() -> None:
    scene = Scene().jobs(failed(check="snmp", reason=Reason.AUTH, detail="wrong digest"))
    assert scene.finding(DEVICE_UNREACHABLE) is None
    found = the(scene.finding(CREDENTIALS_REFUSED))
    assert found.severity is Severity.WARNING
    assert found.summary == "sw-1 refuses the credentials (snmp)"
    assert found.evidence == ("snmp: wrong digest",)


def test_a_device_that_refuses_us_but_not_ping_answers() -> None:
    scene = Scene().jobs(failed(check="icmp"), failed(check="snmp", reason=Reason.AUTH))
    assert the(scene.finding(DEVICE_UNREACHABLE)).severity is Severity.WARNING


def test_an_unusable_answer_is_an_answer() -> None:
    scene = Scene().jobs(failed(check="snmp", reason=Reason.BAD_REPLY))
    assert the(scene.finding(DEVICE_UNREACHABLE)).severity is Severity.WARNING


def test_a_success_from_before_the_failure_speaks_for_the_device_only_so_long() -> None:
    old = job(check="snmp", last_attempt=NOW - 100)
    fresh = failed(check="icmp", since=NOW - 5)
    found = the(Scene().jobs(fresh, old).finding(DEVICE_UNREACHABLE))
    assert found.severity is Severity.WARNING
    assert found.summary == "sw-1 does not answer ping (no answer); snmp not asked again since"
    long = failed(check="icmp", since=NOW - UNASKED_GRACE_SECONDS)
    assert the(Scene().jobs(long, old).finding(DEVICE_UNREACHABLE)).severity is Severity.CRITICAL


def test_one_finding_about_the_daemon_however_many_devices_it_cannot_ping() -> None:
    jobs = [
        job(f"device:sw-{n}", "icmp", up=None, reason=Reason.CONFIG, detail="ICMP not permitted") for n in range(50)
    ]
    scene = Scene().jobs(*jobs)
    found = the(scene.finding(CHECK_NOT_POSSIBLE))
    assert str(found.subject) == "daemon:ringwacht"
    assert found.summary == "Ringwacht cannot perform 50 check(s): ping: ICMP not permitted"
    assert len(scene.judge().findings) == 1


def test_what_the_daemon_cannot_do_leaves_the_other_checks_to_speak() -> None:
    forbidden = job(check="icmp", up=None, reason=Reason.CONFIG, detail="ICMP not permitted")
    assert Scene().jobs(forbidden, job(check="snmp")).finding(DEVICE_UNREACHABLE) is None
    assert the(Scene().jobs(forbidden, failed(check="snmp")).finding(DEVICE_UNREACHABLE)).severity is Severity.CRITICAL


def test_a_device_cannot_write_into_the_text() -> None:
    scene = Scene().jobs(failed(check="snmp", reason=Reason.AUTH, detail="{0}{name}\x1b[2J\n" + "x" * 1000))
    (line,) = the(scene.finding(CREDENTIALS_REFUSED)).evidence
    assert line.isprintable()
    assert "{0}{name}" in line
    assert len(line.encode()) < 300


@pytest.mark.parametrize(
    ("jobs", "state"),
    [
        ([], "unknown"),
        ([unpolled()], "unknown"),
        ([job()], "up"),
        ([job(), job(check="snmp")], "up"),
        ([job(), failed(check="snmp")], "degraded"),
        ([failed(), failed(check="snmp")], "down"),
        ([failed(), failed(check="snmp", failures=1)], "unknown"),
        ([failed(failures=1)], "unknown"),
        ([failed(check="snmp", reason=Reason.AUTH)], "degraded"),
        ([job(up=None, reason=Reason.CONFIG)], "unknown"),
        ([failed(reason=Reason.INTERNAL)], "unknown"),
    ],
)
def test_device_state(jobs: list[JobState], state: str) -> None:
    assert device_state(jobs).state == state


def test_device_state_says_why_and_since_when() -> None:
    told = device_state([failed(since=NOW - 50), failed(check="snmp", reason=Reason.REFUSED, since=NOW - 20)])
    assert (told.reason, told.since, told.last_success) == (Reason.REFUSED, NOW - 20, NOW - 300)
    assert told.detail == "ping: timeout, snmp: refused"


JOBS = st.lists(
    st.builds(
        job,
        st.just(DEVICE),
        st.sampled_from(["icmp", "snmp", "http"]),
        up=st.sampled_from([True, False, None]),
        failures=st.integers(0, 4),
        reason=st.none() | st.sampled_from(list(Reason)),
        since=st.floats(NOW - 500, NOW),
        last_attempt=st.none() | st.floats(NOW - 500, NOW),
    ),
    max_size=4,
    unique_by=lambda one: one.key.check,
)


@given(JOBS)
def test_unknown_is_never_healthy_and_state_agrees_with_the_finding(jobs: list[JobState]) -> None:
    scene = Scene().jobs(*jobs)
    found = scene.finding(DEVICE_UNREACHABLE)
    state = device_state(jobs).state
    if found is not None:
        assert state == ("down" if found.severity is Severity.CRITICAL else "degraded")
    if state == "up":
        assert any(one.up for one in jobs)
    if any(one.up is False and one.reason not in {Reason.CONFIG, Reason.INTERNAL} for one in jobs):
        judged = scene.judge()
        known = {*(f.key.rule for f in judged.findings), *(key.rule for key in judged.unverified)}
        assert known & {DEVICE_UNREACHABLE, CREDENTIALS_REFUSED}

from __future__ import annotations

import math

import pytest

from agent.contract import MetricFamily, Severity, Subject
from agent.layout import Sample
from tests.agent.risk.ground import AVAILABLE, Ground, queue

RULE = "stau"
UNIT = MetricFamily("node_systemd_unit_state", "gauge", "State.", ("name", "state"))
ABOVE = {RULE: {"select": 'print_jobs{device="srv-1"}', "above": 200}}


def test_the_reference_rule_finds_what_it_was_written_for() -> None:
    text = "Druckwarteschlange staut sich"
    select = 'print_jobs{device="srv-1"}'
    ground = Ground({RULE: {"select": select, "above": 200, "hold": "15m", "severity": "warning", "text": text}})
    ground.reads(queue("hp", 200.0), queue("pdf", 3.0))
    assert ground.found(RULE) == {}
    ground.reads(queue("hp", 201.0), queue("pdf", 3.0))
    (finding,) = ground.found(RULE).values()
    assert (finding.subject, finding.severity, finding.summary, finding.site) == (
        Subject("device", "srv-1"), Severity.WARNING, text, "rathaus"
    )  # fmt: skip
    assert finding.evidence == ('print_jobs{queue="hp"}: 201',)
    ground.reads(queue("hp", 12.0), queue("pdf", 3.0))
    assert ground.found(RULE) == {}


@pytest.mark.parametrize(
    ("comparison", "value", "broken"),
    [
        ({"above": 5}, 5.0, False),
        ({"above": 5}, 5.1, True),
        ({"above": 5}, math.inf, True),
        ({"above": 5}, math.nan, False),
        ({"below": 5}, 5.0, False),
        ({"below": 5}, 4.9, True),
        ({"below": 5}, -math.inf, True),
        ({"below": 5}, math.nan, False),
    ],
)
def test_the_bound_itself_is_good_and_nan_says_nothing(
    comparison: dict[str, float], value: float, broken: bool
) -> None:  # a table of cases
    ground = Ground({RULE: {"select": "print_jobs", **comparison}}).reads(queue("hp", value))
    assert bool(ground.found(RULE)) is broken


@pytest.mark.parametrize(
    ("select", "found"),
    [
        ("print_jobs", {"device:srv-1", "device:srv-2", "service:portal"}),
        ('print_jobs{device="srv-2"}', {"device:srv-2"}),
        ('print_jobs{instance="portal"}', {"service:portal"}),
        ('print_jobs{service="portal"}', {"service:portal"}),
        ('print_jobs{device=""}', {"service:portal"}),
        ('print_jobs{site="rathaus", device!=""}', {"device:srv-1", "device:srv-2"}),
        ('print_jobs{site="kreishaus"}', set[str]()),
        ('print_jobs{queue="hp"}', {"device:srv-1"}),
        ('print_jobs{queue=~"p.*", device=~"srv-[23]"}', {"device:srv-2"}),
        ('{__name__=~"print_.*|nothing"}', {"device:srv-1", "device:srv-2", "service:portal"}),
        ('{device="srv-1"}', {"device:srv-1"}),
        ('{queue="pdf", __name__!="print_jobs"}', set[str]()),
        ('print_jobs{room="x"}', set[str]()),
    ],
)
def test_labels_are_those_of_the_page(select: str, found: set[str]) -> None:
    ground = Ground({RULE: {"select": select, "above": 0}})
    ground.reads(queue("hp", 1.0)).reads(queue("pdf", 1.0), subject="device:srv-2")
    ground.reads(queue("web", 1.0), subject="service:portal", check="http")
    assert set(ground.found(RULE)) == found


def test_a_family_that_has_a_device_of_its_own_is_selected_by_instance() -> None:
    def free(select: str) -> set[str]:
        ground = Ground({RULE: {"select": f"node_filesystem_avail_bytes{{{select}}}", "below": 10}})
        return set(ground.reads(Sample(AVAILABLE, ("sda", "/"), 1.0)).found(RULE))

    assert free('device="sda"') == free('instance="srv-1"') == {"device:srv-1"}
    assert free('device="srv-1"') == set()


def test_all_series_of_a_subject_are_one_finding_the_worst_first() -> None:
    ground = Ground({RULE: {"select": "print_jobs", "above": 10, "text": "{queue}: {value} Aufträge"}})
    ground.reads(*(queue(f"q{number:02}", float(number)) for number in range(100)))
    ground.reads(queue("andere", 1000.0), check="plugin")
    (finding,) = ground.found(RULE).values()
    assert finding.summary == "andere: 1000 Aufträge (and 89 more)"
    assert finding.evidence[:2] == ('print_jobs{queue="andere"}: 1000', 'print_jobs{queue="q99"}: 99')
    assert len(finding.evidence) == 21
    assert finding.evidence[-1] == "and 70 more"
    ground.configure({RULE: {"select": "print_jobs", "below": 10}})
    assert ground.found(RULE)["device:srv-1"].summary == f"{RULE}: 0 (at least 10) (and 9 more)"


def test_what_a_device_says_is_no_template_and_no_end_of_a_line() -> None:
    rule = {"select": "print_jobs", "above": 0, "text": "{queue} auf {device} in {site}: {value} {room} {{x}}"}
    hostile = '{value}{device.__class__}\n\x1b[31m"}\u202e' + "x" * 1000
    ground = Ground({RULE: rule}).reads(queue(hostile, 0.5))
    (finding,) = ground.found(RULE).values()
    assert finding.summary.startswith('{value}{device.__class__}\ufffd\ufffd[31m"}\ufffdxxx')
    assert finding.summary.endswith(" auf srv-1 in rathaus: 0.5 ? {x}")
    assert len(finding.summary.encode()) < 300
    assert all(line.isprintable() and len(line.encode()) < 400 for line in finding.evidence)


def test_runbook_and_default_text_by_language() -> None:
    rules = {RULE: {"select": "print_jobs", "above": 1.5, "runbook": "https://wiki.example/druck"}}
    ground = Ground(rules, {"municipality": {"language": "de"}}).reads(queue("hp", 2.25))
    (finding,) = ground.found(RULE).values()
    assert finding.runbook == "https://wiki.example/druck"
    assert finding.summary == "stau: 2,25 (Grenze 1,5)"


def test_a_silent_subject_is_unverified_and_a_removed_one_is_not() -> None:
    ground = Ground(ABOVE).reads(queue("hp", 300.0))
    assert not ground.unverified(RULE)
    ground.fails()
    assert ground.found(RULE)  # its last reading is fresh still
    ground.wait(200.0)
    assert not ground.found(RULE)
    assert ground.unverified(RULE)
    ground.removed("device:srv-1")
    assert not ground.unverified(RULE)


def test_a_value_that_may_be_missing_is_unverified() -> None:
    ground = Ground(ABOVE).reads(queue("hp", 300.0))
    ground.reads(queue("pdf", 1.0), partial=("queue hp: timeout",))
    assert not ground.found(RULE)
    assert ground.unverified(RULE)
    ground.reads(queue("pdf", 1.0))
    assert not ground.unverified(RULE)


def test_after_a_restart_nothing_is_good_before_the_first_reading() -> None:
    ground = Ground(ABOVE)
    ground.job()
    assert ground.unverified(RULE)


def test_a_series_that_vanished_from_a_complete_reading_is_good() -> None:
    ground = Ground(ABOVE).reads(queue("hp", 300.0))
    assert ground.found(RULE)
    ground.reads(queue("pdf", 1.0))
    assert not ground.found(RULE)
    assert not ground.unverified(RULE)


@pytest.mark.parametrize(
    ("select", "subject"),
    [
        ('print_jobs{device="srv-1", queue="hp"}', "device:srv-1"),
        ('print_jobs{instance="srv-1", queue="hp"}', "device:srv-1"),
        ('print_jobs{queue="hp"}', "rule:stau"),
        ('print_jobs{device=~"srv-1", queue="hp"}', "rule:stau"),
        ('print_jobs{device="sda", queue="hp"}', "rule:stau"),
    ],
)
def test_absent_is_about_whom_the_selector_names(select: str, subject: str) -> None:
    rule = {"select": select, "absent": True, "text": "{queue} fehlt auf {instance}: {value}"}
    ground = Ground({RULE: rule}).reads(queue("pdf", 1.0))
    (finding,) = ground.found(RULE).values()
    assert str(finding.subject) == subject
    assert finding.summary == f"hp fehlt auf {'srv-1' if subject == 'device:srv-1' else '?'}: ?"
    if "sda" not in select:
        ground.reads(queue("hp", 0.0))
        assert ground.found(RULE) == {}
        ground.reads(queue("hp", math.nan))
    ground.fails().wait(200.0)
    assert ground.found(RULE) == {}
    assert ground.unverified(RULE, subject)


def test_absent_says_what_is_missing() -> None:
    ground = Ground({RULE: {"select": 'print_jobs{device="srv-1"}', "absent": True}}).reads()
    (finding,) = ground.found(RULE).values()
    assert finding.summary == 'stau: print_jobs{device="srv-1"} is absent'
    assert finding.site == "rathaus"


def test_another_silent_device_does_not_keep_a_named_one_from_being_judged() -> None:
    ground = Ground({RULE: {"select": 'print_jobs{device="srv-1"}', "absent": True}})
    ground.reads().fails("device:srv-2")
    assert set(ground.found(RULE)) == {"device:srv-1"}


def test_a_shipped_threshold_is_adjusted_like_any_rule() -> None:
    units = [Sample(UNIT, ("backup.service", "failed"), 1.0), Sample(UNIT, ("ssh.service", "failed"), 0.0)]
    ground = Ground().reads(*units)
    (finding,) = ground.found("unit_failed").values()
    assert (finding.summary, finding.severity) == ("srv-1: backup.service failed", Severity.WARNING)
    assert finding.norm == "BSI OPS.1.1.1.A9"
    ground.configure({}, {"alerting": {"rules": {"unit_failed": {"severity": "critical"}}}})
    assert ground.found("unit_failed")["device:srv-1"].severity is Severity.CRITICAL
    ground.configure({}, {"alerting": {"rules": {"unit_failed": {"above": 1}}}})
    assert ground.found("unit_failed") == {}


@pytest.mark.parametrize(("rule", "good", "bad"), [({"above": 5}, 0.0, 9.0), ({"below": 5}, 9.0, 0.0)])
def test_what_has_no_value_now_is_neither_broken_nor_good(rule: dict[str, float], good: float, bad: float) -> None:
    ground = Ground({RULE: {"select": "print_jobs", **rule}})
    ground.reads(queue("hp", good), queue("pdf", good))
    assert not ground.unverified(RULE)
    ground.reads(queue("hp", math.nan), queue("pdf", good))
    assert not ground.found(RULE)
    assert ground.unverified(RULE)
    assert ground.unverified(RULE)  # as long as it stands, not only when it is read
    ground.reads(queue("hp", math.nan), queue("pdf", bad))
    assert len(ground.found(RULE)["device:srv-1"].evidence) == 1
    assert not ground.unverified(RULE)
    ground.reads(queue("hp", math.nan), queue("pdf", good)).judge()
    ground.reads(queue("pdf", good))
    assert not ground.unverified(RULE)

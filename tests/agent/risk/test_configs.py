"""Whether each device's configuration is backed up, saved, and as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.configbackup import BackupFailure, ConfigBackup
from agent.contract import Finding, FindingKey, Judgement, Measure, Severity, Subject
from agent.risk.books import Books
from agent.risk.judge import judging
from agent.risk.seldom import FIRST_ROUND_SECONDS, SeldomBook
from agent.risk.sight import Sight
from agent.risk.threshold import thresholds_of
from agent.risk.uplink import Guard
from agent.risk.watch import ThresholdBook
from agent.tallies import CONFIG_BACKUP_GOOD, CONFIG_BACKUP_SUCCESS, CONFIG_NOT_SAVED
from tests.agent.risk.scene import NOW, Scene, drained

DAY = 86400.0
DEVICE = {"site": "rathaus", "address": "192.0.2.1", "ssh": {"credential": "c", "type": "hp_procurve"}}
GOOD = ConfigBackup(
    "sw-1",
    NOW - 90 * DAY,
    NOW - 3600,
    NOW - 3600,
    "unchanged",
    unsaved=False,
    changed_at=NOW - 30 * DAY,
    commit="a" * 40,
)


def look(*backups: ConfigBackup, language: str = "en") -> Judgement:
    devices: dict[str, Any] = {one.device: DEVICE for one in backups} or {"sw-1": DEVICE}
    scene = Scene({"devices": devices}, language=language)
    books = Books(
        ThresholdBook(thresholds_of(scene.inventory, scene.settings)), backups={one.device: one for one in backups}
    )
    outlook = Guard().look(scene.view(), scene.settings)
    return drained(judging(scene.inventory, scene.settings, outlook, scene.windows(), books))[0]


def found(*backups: ConfigBackup) -> dict[str, Finding]:
    return {one.rule: one for one in look(*backups).findings if one.rule.startswith(("config_", "ssh_"))}


def rules_of(book: SeldomBook, scene: Scene, at: float, known: ConfigBackup) -> set[str]:
    """Which rules find something at a moment."""
    sight = Sight.of(scene.inventory, scene.settings, scene.view(at), scene.windows())
    outcomes = book.look(replace(sight, backups={known.device: known}))
    return {one.rule for one in outcomes if isinstance(one, Finding)}


def test_backups_are_judged_anew_each_ten_seconds() -> None:
    scene, book = Scene({"devices": {"sw-1": DEVICE}}), SeldomBook()
    late, changed = NOW + FIRST_ROUND_SECONDS, replace(GOOD, outcome="changed_key")
    assert rules_of(book, scene, NOW, GOOD) == rules_of(book, scene, late, GOOD) == set()
    assert rules_of(book, scene, late + 9, changed) == set()
    assert rules_of(book, scene, late + 10, changed) == {"ssh_host_key_changed"}


def test_a_good_backup_is_no_finding_and_stands_in_the_estate() -> None:
    judgement = look(GOOD)
    assert found(GOOD) == {}
    assert judgement.estate is not None
    assert judgement.estate.backups == {"sw-1": GOOD}
    assert Measure(CONFIG_BACKUP_SUCCESS, ("sw-1",), NOW - 3600) in judgement.measures
    assert Measure(CONFIG_BACKUP_GOOD, ("sw-1",), 1.0) in judgement.measures
    assert Measure(CONFIG_NOT_SAVED, ("sw-1",), 0.0) in judgement.measures


def test_nothing_is_told_of_a_device_of_which_the_state_knows_nothing() -> None:
    judgement = look()
    assert [one for one in judgement.findings if one.rule.startswith("config_")] == []
    assert FindingKey("config_backup_missing", Subject("site", "rathaus")) in judgement.unverified
    assert FindingKey("config_backup_failed", Subject("credential", "c")) in judgement.unverified
    assert FindingKey("ssh_host_key_changed", Subject("device", "sw-1")) in judgement.unverified


@pytest.mark.parametrize(
    ("waited", "severity"), [(25 * 3600.0, None), (27 * 3600.0, Severity.INFO), (8 * DAY, Severity.WARNING)]
)
def test_a_device_that_was_never_backed_up_is_found_after_a_day(waited: float, severity: Severity | None) -> None:
    finding = found(ConfigBackup("sw-1", NOW - waited, NOW - 3600, outcome="unknown_key")).get("config_backup_missing")
    assert (None if finding is None else finding.severity) == severity
    if finding is not None:
        assert "ringwacht ssh trust sw-1" in finding.evidence[0]


def test_a_backup_that_is_old_is_found_with_the_reason_of_the_last_attempt() -> None:
    assert "config_backup_missing" not in found(replace(GOOD, succeeded_at=NOW - 49 * 3600, outcome="timeout"))
    old = found(replace(GOOD, succeeded_at=NOW - 51 * 3600, outcome="timeout"))["config_backup_missing"]
    assert old.severity is Severity.WARNING
    assert "no answer in time" in old.evidence[0]


def test_a_changed_key_is_told_at_once_and_alone() -> None:
    changed = replace(GOOD, outcome="changed_key", succeeded_at=NOW - 5 * DAY, value="SHA256:x")
    told = found(changed)
    assert list(told) == ["ssh_host_key_changed"]
    assert "SHA256:x" in told["ssh_host_key_changed"].evidence[0]


def test_a_revoked_key_is_told_as_what_it_is() -> None:
    assert "revoked" in found(replace(GOOD, outcome="revoked_key"))["ssh_host_key_changed"].summary


@pytest.mark.parametrize("outcome", ["auth", "enable", "rights", "held_back", "config"])
def test_a_refused_login_is_told_at_once_and_alone(outcome: BackupFailure) -> None:
    assert list(found(replace(GOOD, outcome=outcome, succeeded_at=NOW - 5 * DAY))) == ["config_backup_failed"]


def test_one_wrong_credential_is_one_finding_with_each_reason_once() -> None:
    refused = [replace(GOOD, device=f"sw-{number}", outcome="auth") for number in range(3)]
    held = [replace(GOOD, device=f"sw-{number}", outcome="held_back") for number in range(3, 100)]
    (finding,) = found(*refused, *held).values()
    assert finding.subject == Subject("credential", "c")
    assert finding.evidence[0] == "login refused: sw-0, sw-1, sw-2"
    assert finding.evidence[1].startswith("not asked")
    assert len(finding.evidence) == 2


def test_that_a_credential_is_good_again_is_known_once_a_device_took_it() -> None:
    key = FindingKey("config_backup_failed", Subject("credential", "c"))
    gone = replace(GOOD, device="sw-2", outcome="unreachable")
    assert key in look(gone).unverified
    assert key not in look(GOOD, gone).unverified


def test_a_site_whose_keys_nobody_trusted_is_one_finding() -> None:
    fresh = [ConfigBackup(f"sw-{number}", NOW - 8 * DAY, NOW - 3600, None, "unknown_key") for number in range(100)]
    (finding,) = found(*fresh).values()
    assert (finding.subject, finding.severity) == (Subject("site", "rathaus"), Severity.WARNING)
    assert len(finding.about) == 100
    assert "100 devices" in finding.summary
    assert len(finding.evidence) == 1


@pytest.mark.parametrize("outcome", ["auth", "config", "damaged", "unresolved", "algorithms", "enable", "rights"])
def test_an_alert_in_german_has_no_english_in_it(outcome: BackupFailure) -> None:
    known = replace(GOOD, outcome=outcome, succeeded_at=NOW - 5 * DAY, detail="refuses the thing", value="x:3")
    findings = [one for one in look(known, language="de").findings if one.rule.startswith("config_")]
    assert len(findings) == 1
    said = " ".join((findings[0].summary, *findings[0].evidence))
    assert not any(word in said.lower().split() for word in ("refuses", "the", "refused", "unknown", "unbekannt"))


def test_a_device_that_does_not_answer_neither_clears_nor_raises_the_alert_about_its_key() -> None:
    unverified = look(replace(GOOD, outcome="timeout")).unverified
    assert FindingKey("ssh_host_key_changed", Subject("device", "sw-1")) in unverified


def test_a_repository_that_cannot_be_written_is_one_finding_for_all_devices() -> None:
    broken = [replace(GOOD, device=f"sw-{number}", outcome="damaged", value="KeyError") for number in range(20)]
    findings = [one for one in look(*broken).findings if one.rule.startswith("config_")]
    assert [one.rule for one in findings] == ["config_backups_not_kept"]
    assert findings[0].evidence[0].startswith("the repository is damaged (KeyError): sw-0, ")


def test_an_unsaved_configuration_is_found_in_the_second_night() -> None:
    first = replace(GOOD, unsaved=True, unsaved_since=NOW - 3600)
    assert found(first) == {}
    assert found(replace(first, unsaved_since=NOW - 3600 - 23 * 3600))["config_unsaved"].severity is Severity.WARNING


def test_an_old_reading_says_nothing_of_what_is_saved_now() -> None:
    old = replace(GOOD, unsaved=True, unsaved_since=NOW - 30 * DAY, succeeded_at=NOW - 9 * DAY, outcome="unreachable")
    assert "config_unsaved" not in found(old)
    assert FindingKey("config_unsaved", Subject("device", "sw-1")) in look(old).unverified


def test_a_change_is_told_for_a_day() -> None:
    changed = replace(GOOD, changed_at=NOW - 3600, added=3, removed=1, commit="0123456789abcdef" + "0" * 24)
    finding = found(changed)["config_changed"]
    assert finding.severity is Severity.INFO
    assert finding.evidence == ("lines added: 3, removed: 1", "commit 0123456789ab")
    assert "config_changed" not in found(replace(changed, changed_at=NOW - 25 * 3600))

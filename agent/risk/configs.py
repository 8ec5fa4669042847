"""Is the configuration of each device backed up, saved, and as it was?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.configbackup import (
    FAILURES,
    GOOD,
    KEY_REFUSED,
    KEY_SEEN,
    LOGIN_REFUSED,
    NOT_KEPT,
    ConfigBackup,
)
from agent.contract import Finding, FindingKey, Measure, Severity, Subject
from agent.risk.catalogue.configs import (
    CONFIG_BACKUP_FAILED,
    CONFIG_BACKUP_MISSING,
    CONFIG_BACKUPS_NOT_KEPT,
    CONFIG_CHANGED,
    CONFIG_UNSAVED,
    SSH_HOST_KEY_CHANGED,
)
from agent.risk.reachability import DAEMON
from agent.risk.rules import RULES
from agent.risk.sight import AT_ONCE, Outcome, Sight
from agent.tallies import (
    CONFIG_BACKUP_ATTEMPT,
    CONFIG_BACKUP_GOOD,
    CONFIG_BACKUP_SUCCESS,
    CONFIG_CHANGED_AT,
    CONFIG_NOT_SAVED,
)
from config.network import Device
from config.ssh import ssh_of

OLD_SECONDS = 50 * 3600.0  # two nights, and two hours for a long one
FIRST_DAY_SECONDS = 26 * 3600.0
FIRST_WEEK_SECONDS = 7 * 86400.0
ANOTHER_NIGHT_SECONDS = 12 * 3600.0
TOLD_SECONDS = 86400.0

_MOST_NAMED = 8


def judge_config_backups(sight: Sight) -> Iterator[Outcome | None]:
    """Yield the state of each device's backup, its figures, and what is found: one cause is one finding."""
    sites: dict[str, list[ConfigBackup | None]] = {}
    logins: dict[str, list[ConfigBackup]] = {}
    not_kept: list[ConfigBackup] = []
    asked = [(name, device, ssh) for name, device in sight.inventory.devices.items() if (ssh := ssh_of(device.params))]
    for count, (name, device, ssh) in enumerate(asked, 1):
        known = sight.backups.get(name)
        sites.setdefault(device.site, []).append(known)
        logins.setdefault(ssh.credential, []).extend([] if known is None else [known])
        if known is None:
            yield from (FindingKey(rule, Subject("device", name)) for rule in _OF_DEVICES)
            continue
        yield known
        yield from _measures(known)
        yield from _Told(sight, device, known).found()
        not_kept += [known] if known.outcome in NOT_KEPT else []
        if count % AT_ONCE == 0:
            yield None
    yield from (one for site, there in sites.items() for one in _missing(sight, site, there))
    yield from (one for login, who in logins.items() for one in _refused(sight, login, who))
    if not_kept:
        said = sight.words.say("config_backups_not_kept")
        yield Finding(CONFIG_BACKUPS_NOT_KEPT, DAEMON, Severity.WARNING, said, _reasons(sight, not_kept))


_OF_DEVICES = (SSH_HOST_KEY_CHANGED, CONFIG_UNSAVED, CONFIG_CHANGED)


def _measures(known: ConfigBackup) -> Iterator[Measure]:
    device = (known.device,)
    if known.succeeded_at is not None:
        yield Measure(CONFIG_BACKUP_SUCCESS, device, known.succeeded_at)
    if known.attempted_at is not None:
        yield Measure(CONFIG_BACKUP_ATTEMPT, device, known.attempted_at)
        yield Measure(CONFIG_BACKUP_GOOD, device, float(known.outcome in GOOD))
    if known.unsaved is not None:
        yield Measure(CONFIG_NOT_SAVED, device, float(known.unsaved))
    if known.changed_at is not None:
        yield Measure(CONFIG_CHANGED_AT, device, known.changed_at)


def _missing(sight: Sight, site: str, there: list[ConfigBackup | None]) -> Iterator[Outcome]:
    """Yield what a site lacks, but for what tells itself."""
    words, now, subject = sight.words, sight.view.now, Subject("site", site)
    old = [one for one in there if one is not None and _is_missing(one, now)]
    if not old:
        if None in there:
            yield FindingKey(CONFIG_BACKUP_MISSING, subject)
        return
    is_new = all(one.succeeded_at is None and now - one.awaited_since < FIRST_WEEK_SECONDS for one in old)
    first = old[0]
    if len(old) > 1:
        said = words.say("config_backups_missing", site=sight.name(subject), count=len(old))
    elif first.succeeded_at is None:
        since = sight.moment(first.awaited_since)
        said = words.say("config_backup_never", name=first.device, since=since)
    else:
        said = words.say("config_backup_old", name=first.device, since=sight.moment(first.succeeded_at))
    severity, about = Severity.INFO if is_new else Severity.WARNING, tuple(Subject("device", one.device) for one in old)
    norm = RULES[CONFIG_BACKUP_MISSING].norm
    evidence = (_attempt(sight, first),) if len(old) == 1 else _reasons(sight, old)
    yield Finding(CONFIG_BACKUP_MISSING, subject, severity, said, evidence, norm=norm, site=site, about=about)


def _is_missing(known: ConfigBackup, now: float) -> bool:
    if known.outcome in {*KEY_REFUSED, *LOGIN_REFUSED, *NOT_KEPT}:
        return False
    if known.succeeded_at is None:
        return now - known.awaited_since >= FIRST_DAY_SECONDS
    return now - known.succeeded_at >= OLD_SECONDS


def _refused(sight: Sight, login: str, who: list[ConfigBackup]) -> Iterator[Outcome]:
    """Yield what a credential fails at; that it is good again is known only once a device took it."""
    subject = Subject("credential", login)
    failed = [one for one in who if one.outcome in LOGIN_REFUSED]
    if failed:
        said = sight.words.say("config_backup_failed", name=login)
        yield Finding(CONFIG_BACKUP_FAILED, subject, Severity.WARNING, said, _reasons(sight, failed))
    elif not any(one.outcome in GOOD for one in who):
        yield FindingKey(CONFIG_BACKUP_FAILED, subject)


def _reasons(sight: Sight, concerned: list[ConfigBackup]) -> tuple[str, ...]:
    """Say each reason once, and which devices it concerns."""
    words, by_reason = sight.words, dict[str, list[str]]()
    for one in concerned:
        device = one.device if len(concerned) == 1 else "DEVICE"
        by_reason.setdefault(_why(sight, one, device), []).append(sight.name(Subject("device", one.device)))
    lines = (f"{why}: {', '.join(words.few(names, _MOST_NAMED))}" for why, names in by_reason.items())
    return tuple(words.few(list(lines), _MOST_NAMED))


def _why(sight: Sight, known: ConfigBackup, device: str) -> str:
    key = known.outcome if known.outcome in FAILURES else "other"  # a state of another release may hold others
    return sight.words.say(f"config_why_{key}", device=device, value=known.value)


def _attempt(sight: Sight, known: ConfigBackup) -> str:
    """Say how the last attempt ended."""
    if known.attempted_at is None:
        return sight.words.say("config_no_attempt")
    at = sight.moment(known.attempted_at)
    return sight.words.say("config_attempt", at=at, why=_why(sight, known, known.device))


@dataclass(frozen=True, slots=True)
class _Told:
    """What is found of one device, in words."""

    sight: Sight
    device: Device
    known: ConfigBackup

    def found(self) -> Iterator[Outcome]:
        """Yield findings, and the keys of what cannot be told."""
        yield from self._key()
        yield from self._unsaved()
        known, now = self.known, self.sight.view.now
        if known.changed_at is not None and now - known.changed_at < TOLD_SECONDS:
            yield self._changed(known.changed_at)

    def _key(self) -> Iterator[Outcome]:
        known = self.known
        if known.outcome not in KEY_SEEN:
            yield FindingKey(SSH_HOST_KEY_CHANGED, self._subject)
        elif known.outcome in KEY_REFUSED:
            revoked = known.outcome == "revoked_key"
            said = self._say("ssh_host_key_revoked" if revoked else "ssh_host_key_changed")
            shown = self.sight.words.say("config_key_shown", value=known.value)
            evidence = (shown, _attempt(self.sight, known))
            yield self._finding(SSH_HOST_KEY_CHANGED, Severity.WARNING, said, evidence)

    def _unsaved(self) -> Iterator[Outcome]:
        known = self.known
        since, seen = known.unsaved_since, known.succeeded_at
        if known.unsaved is None or seen is None or self.sight.view.now - seen >= OLD_SECONDS:
            yield FindingKey(CONFIG_UNSAVED, self._subject)
        elif known.unsaved and since is not None and seen - since >= ANOTHER_NIGHT_SECONDS:
            said = self._say("config_unsaved", since=self.sight.moment(since))
            yield self._finding(CONFIG_UNSAVED, Severity.WARNING, said, ())

    def _changed(self, at: float) -> Finding:
        known, words = self.known, self.sight.words
        lines = words.say("config_lines", added=known.added, removed=known.removed)
        evidence = (lines, words.say("config_commit", commit=known.commit[:12]))
        return self._finding(
            CONFIG_CHANGED, Severity.INFO, self._say("config_changed", at=self.sight.moment(at)), evidence
        )

    @property
    def _subject(self) -> Subject:
        return Subject("device", self.known.device)

    def _say(self, key: str, **values: str) -> str:
        return self.sight.words.say(key, name=self.sight.name(self._subject), **values)

    def _finding(self, rule: str, severity: Severity, said: str, evidence: tuple[str, ...]) -> Finding:
        """Return a finding; what a device says is cleaned before it gets here."""
        return Finding(rule, self._subject, severity, said, evidence, norm=RULES[rule].norm, site=self.device.site)

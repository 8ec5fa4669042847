"""How long are certificates still good?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from agent.contract import Finding, Severity, Subject
from agent.risk.catalogue.services import CERTIFICATE_EXPIRING, CertificateOptions
from agent.risk.rule import options_of
from agent.risk.sight import Outcome, Sight
from agent.risk.texts import Words

EARLIEST_EXPIRY = "probe_ssl_earliest_cert_expiry"


def judge_certificates(sight: Sight) -> Iterator[Outcome]:
    """Yield ``certificate_expiring`` for services and devices whose chain runs out soon."""
    options = options_of(sight.settings, CERTIFICATE_EXPIRING, CertificateOptions)
    seen = sight.by_subject(EARLIEST_EXPIRY)
    for subject, series in seen.items():
        expires = min(one.value for one in series)
        if expires - sight.view.now < max(options.warning, options.critical):
            yield _expiring(sight, subject, expires, options)
    yield from sight.unseen(CERTIFICATE_EXPIRING, "service", seen)
    yield from sight.unseen(CERTIFICATE_EXPIRING, "device", seen)


def _expiring(sight: Sight, subject: Subject, expires: float, options: CertificateOptions) -> Finding:
    left = expires - sight.view.now
    words = sight.words
    key = "certificate_expired" if left <= 0 else "certificate"
    summary = words.say(key, name=sight.name(subject), value=words.duration(abs(left)))
    severity = Severity.CRITICAL if left < options.critical else Severity.WARNING
    evidence = (words.say("expires", value=_date(expires, words)),)
    return Finding(CERTIFICATE_EXPIRING, subject, severity, summary, evidence, site=_site(sight, subject))


def _site(sight: Sight, subject: Subject) -> str | None:
    jobs = sight.jobs.get(subject)
    return jobs[0].target.site if jobs else None


def _date(timestamp: float, words: Words) -> str:
    try:
        return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):
        return words.number(timestamp)

"""What the daemon finds about its own messages and its own memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from agent.contract import Finding, Severity, Subject, Trouble
from agent.layout import clean_text
from agent.risk.catalogue.daemon import RECEIVER_FAILING, STATE_DAMAGED
from agent.risk.reachability import DAEMON
from agent.risk.rules import RULES
from agent.risk.texts import MAX_QUOTE_BYTES, Words
from config.settings import Settings

FAILING_SECONDS = 300.0


def judge_delivery(
    troubles: Mapping[str, Trouble], damaged: Iterable[Path], settings: Settings, now: float
) -> Iterator[Finding]:
    """Yield ``receiver_failing`` and ``state_damaged``.

    ``troubles``: who is not reached, by receiver; ``damaged``: files of the state that were put aside.
    """
    words = Words(settings.municipality.language)
    failing = {name for name, one in troubles.items() if one.for_good or now - one.since >= FAILING_SECONDS}
    for name in sorted(failing):
        yield _failing(name, troubles[name], failing, settings, words)
    kept = tuple(str(path) for path in damaged)
    if kept:
        said = words.say("state_damaged", names=words.joined([Path(path).name for path in kept]))
        yield Finding(STATE_DAMAGED, DAEMON, Severity.CRITICAL, said, kept, norm=RULES[STATE_DAMAGED].norm)


def _failing(name: str, trouble: Trouble, failing: set[str], settings: Settings, words: Words) -> Finding:
    """Critical where nobody is told in its place."""
    receiver = settings.alerting.receivers.get(name)
    fallback = None if receiver is None else receiver.fallback
    covered = fallback is not None and fallback not in failing
    severity = Severity.WARNING if covered else Severity.CRITICAL
    said = words.say("receiver_refuses" if trouble.for_good else "receiver_failing", name=name)
    instead = words.say("receiver_covered", name=fallback or "") if covered else words.say("receiver_uncovered")
    evidence = (clean_text(trouble.why, MAX_QUOTE_BYTES),) if trouble.why else ()
    norm = RULES[RECEIVER_FAILING].norm
    return Finding(RECEIVER_FAILING, Subject("receiver", name), severity, f"{said}; {instead}", evidence, norm=norm)

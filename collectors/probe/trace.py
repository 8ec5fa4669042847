"""What a probe tells ``ringwacht collect --debug``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agent.layout import clean_text

Listener = Callable[[str], None]


def tell(trace: Listener | None, whom: str, phases: Mapping[str, float]) -> None:
    """Tell how long each phase took; ``phases`` in seconds."""
    if trace is not None:
        for phase, seconds in phases.items():
            trace(f"{whom} {phase}: {seconds * 1e3:.1f} ms")


def say(trace: Listener | None, line: str) -> None:
    """Tell one thing; the line may quote the target."""
    if trace is not None:
        trace(clean_text(line.rstrip()))

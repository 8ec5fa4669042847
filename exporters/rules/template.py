"""Texts of a rule file. Prometheus expands them with Go's text/template: only what we write as an action may be one."""

from __future__ import annotations

from agent.contract import Severity
from config.placeholders import VALUE, pieces

SEVERITY = "{{ $labels.severity }}"
_VALUE = '{{ printf "%.6g" $value }}'  # six digits, as our own summaries have
_BRACE = '{{ "{" }}'


def literal(text: str) -> str:
    """Return a text that comes out of the expansion as it is."""
    return text.replace("{", _BRACE)


def filled(text: str) -> str:
    """Return a text of ours or of an own rule with its ``{label}`` and ``{value}`` as actions."""
    return "".join(_action(piece) if named else literal(piece) for piece, named in pieces(text))


def because(words: str) -> str:
    """Return what is said of a finding that follows from another: the words, and the cause."""
    return f"{{{{ if ne $labels.subject $labels.cause }}}}, {literal(words)} {{{{ $labels.cause }}}}{{{{ end }}}}"


def severity_label(only: Severity | None) -> str:
    """Return the label's text: the one severity that is selected, or that of the series."""
    return SEVERITY if only is None else only.value


def _action(name: str) -> str:
    return _VALUE if name == VALUE else f"{{{{ $labels.{name} }}}}"

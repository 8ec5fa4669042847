"""What an unexpected error is logged with."""

from __future__ import annotations

import io
import sys

import pytest
import structlog

from agent.wire.logs import configure_logging


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()])
def test_no_variable_of_the_place_is_shown(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """They hold pages, tokens, and names of people."""
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logging(debug=True)
    held = "".join(("KANARIEN", "VOGEL"))
    numbers: dict[int, int] = {}
    try:
        numbers.pop(len(held))
    except KeyError as error:
        structlog.get_logger("test").debug("unexpected error", exc_info=error)
    assert "KeyError" in stream.getvalue()
    assert "KANARIENVOGEL" not in stream.getvalue()

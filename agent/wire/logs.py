"""How the daemon logs: one line an event, colour on a terminal, logfmt when piped; never a line break from a device."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from agent.layout import clean_text

MAX_FIELD_BYTES = 2048


def configure_logging(*, debug: bool = False, quiet: bool = False) -> None:
    """Send structlog and the libraries' logging to standard error; ``quiet`` keeps errors only."""
    level = logging.DEBUG if debug else logging.ERROR if quiet else logging.INFO
    logging.basicConfig(level=logging.DEBUG if debug else logging.ERROR, stream=sys.stderr, format="%(message)s")
    terminal = sys.stderr.isatty()
    renderer: Processor = (
        # the usual one shows what each variable held: pages, tokens, names
        structlog.dev.ConsoleRenderer(colors=True, pad_event_to=28, exception_formatter=structlog.dev.plain_traceback)
        if terminal
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], drop_missing=True)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if terminal else "iso", utc=not terminal),
            _one_line,
            *([structlog.processors.format_exc_info] if not terminal else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Unfailing(sys.stderr))),
        cache_logger_on_first_use=False,
    )


class Unfailing:
    """A stream whose faults end nothing: who logs to a disk that is full goes on watching."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write, if it can be."""
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Flush, if it can be."""
        with suppress(OSError):
            self._stream.flush()


def _one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Clean every text field: what a device sends may hold line breaks and terminal control sequences."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = clean_text(value, MAX_FIELD_BYTES)
    return event

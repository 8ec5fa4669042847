"""Calendars as files, and where the last good copy of each is kept."""

from __future__ import annotations

from pathlib import Path

from config.calendarfaults import CalendarError
from config.icalbounds import LARGEST_BYTES
from config.settings import Settings

SCHOOL = "school calendar"  # no receiver's name: it has a space

_FOLDER = "calendars"


def read_file(path: Path) -> bytes:
    """Return a calendar file. Raises CalendarError."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES + 1)
    except FileNotFoundError as error:
        raise CalendarError("missing") from error
    except OSError as error:
        raise CalendarError("unreadable", why=error.strerror or type(error).__name__) from error


def copy_of(settings: Settings, name: str) -> Path:
    """Return where the last good copy of a receiver's calendar, or of SCHOOL, is kept."""
    return settings.state.directory / _FOLDER / f"{name}.ics"

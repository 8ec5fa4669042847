"""What a cell of a spreadsheet says: a text, a day, an amount. Pure; German and English notations."""

from __future__ import annotations

import csv
import io
import math
import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta

MAX_TEXT = 200
MAX_COST = 1e9
YEARS = range(1980, 2101)

Cell = str | int | float | date | None  # what a cell of a workbook holds; of a CSV file always a text

_TIME = r"([T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?"
_ISO_DAY = re.compile(rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}){_TIME}")
_GERMAN_DAY = re.compile(
    rf"(?P<day>[0-9]{{1,2}})(?P<mark>[./])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<year>[0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_SERIAL_DAY = re.compile(r"[0-9]{5}([.,][0-9]+)?")
_LENGTH = re.compile(r"(?P<count>[0-9]{1,3}) ?(?P<unit>monate?|months?|jahre?|years?)", re.IGNORECASE)
_CURRENCY = re.compile(r"€|\bEUR\b|\bEuro\b", re.IGNORECASE)
_GERMAN_AMOUNT = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?")
_ENGLISH_AMOUNT = re.compile(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}")
_AMOUNT = re.compile(r"(?![0-9]{1,3},[0-9]{3}$)[0-9]+([.,][0-9]+)?")  # 1,234 may mean either
# Excel counts days from here for what follows 1900-03-01: it takes 1900 for a leap year.
_EXCEL_BEGINS = date(1899, 12, 30)
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
# What people write into a cell of which they know nothing; without spaces.
NOTHING = frozenset(
    (
        *("-", "--", "–", "—", "/", "?", "n/a", "n.a.", "n/v", "n.v.", "k.a", "k.a.", "unbekannt", "unknown"),
        *("entfällt", "0000-00-00", "00.00.0000", "#n/a", "#nv"),
    )
)


def text_of(cell: Cell) -> str:
    """Return a cell on one line, without what a terminal or a page would act upon.

    A number that stands for a text (an asset tag) is written without decimals where it has none. What an export put
    before a text that would be a formula is taken off.
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    text = " ".join(str(cell).split())[:MAX_TEXT]
    if text.startswith("'") and text[1:].startswith(FORMULA_MARKS):
        text = text[1:]
    return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)


def said_of(cell: Cell) -> str:
    """Return the text of a cell, "" where it says that nothing is known."""
    text = text_of(cell)
    return "" if len(text) < 12 and text.replace(" ", "").casefold() in NOTHING else text


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (OWASP, CSV injection); ``text_of`` takes it back."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def csv_line(cells: Iterable[str], end: str = "\n") -> str:
    """Return one line of CSV with semicolons in which no cell is a formula; ``end``: what ends the line."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator=end).writerow([harmless(cell) for cell in cells])
    return text.getvalue()


def amount_text(value: float) -> str:
    """Return an amount with two decimals behind a comma; ``amount_of`` takes it back."""
    return f"{value:.2f}".replace(".", ",")


def day_of(cell: Cell) -> date | None:
    """Return the day that a cell names: ISO 8601, German, D/M/Y, or as Excel counts days. Raises ValueError.

    Two digits are a year from 1980 to 2079. A time of day is cut off.
    """
    if isinstance(cell, date):
        return _within(cell.date() if isinstance(cell, datetime) else cell)
    text = text_of(cell)
    if not text:
        return None
    if _SERIAL_DAY.fullmatch(text):
        return _within(_EXCEL_BEGINS + timedelta(days=int(text[:5])))
    match = _ISO_DAY.fullmatch(text) or _GERMAN_DAY.fullmatch(text)
    if match is None:
        raise ValueError
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 80 else 1900
    return _within(date(year, int(match["month"]), int(match["day"])))


def end_of(cell: Cell, start: date | None) -> date | None:
    """Return the day that a cell names, or so many months or years after ``start``. Raises ValueError."""
    match = _LENGTH.fullmatch(text_of(cell))
    if match is None:
        return day_of(cell)
    if start is None:
        raise ValueError
    months = int(match["count"]) * (12 if match["unit"][0] in "jJyY" else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return _within(date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])))


def _within(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError
    return day


def amount_of(cell: Cell) -> float | None:
    """Return the amount that a cell names, ``1.234,50 €`` or ``1,234.50``. Raises ValueError, also for ``1,234``."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _payable(float(cell))
    text = re.sub(r"[\s']", "", _CURRENCY.sub("", text_of(cell))).removesuffix("-").removesuffix(",")  # 389,-
    if not text:
        return None
    if _GERMAN_AMOUNT.fullmatch(text):
        text = text.replace(".", "")
    elif _ENGLISH_AMOUNT.fullmatch(text):
        text = text.replace(",", "")
    elif not _AMOUNT.fullmatch(text):
        raise ValueError
    return _payable(float(text.replace(",", ".")))


def _payable(amount: float) -> float:
    if not math.isfinite(amount) or not 0 <= amount <= MAX_COST:
        raise ValueError
    return round(amount, 2)

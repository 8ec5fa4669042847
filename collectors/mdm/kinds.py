"""What kind of device it is (as in ``fleets``): as configured by its model, else guessed by the words of products."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import translate

# Of several that fit one word the first counts: a "Precision Tower" is no notebook. Nothing is guessed by the system
# alone: Windows runs on both.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        ("apple_tv", r"apple\s?tv|\btvos\b"),
        ("tablet", r"ipad|\btablet|galaxy tab|\btab\b|mediapad|matepad|lenovo tb|\bsm-[tx]\d|surface go"),
        ("phone", r"iphone|\bipod|\bphone\b|smartphone|handset|\bpixel \d|\bsm-[aefgmns]\d"),
        ("pc", r"tower|desktop|all-in-one|\bsff\b|\bmicro\b|\bimac(?:\d|\b)|mac ?(?:mini|pro|studio)"),
        ("notebook", r"book|laptop|latitude|travelmate|surface (?:pro|laptop)|portege|tecra|satellite|yoga|toughpad"),
        ("notebook", r"thinkpad|ideapad|aspire|vostro|inspiron|precision|elite dragonfly|dell pro \d\d\b|terra mobile"),
        ("notebook", r"^(?:2[01][0-9a-z]{2}[0-9a-z]{6}|8[0-3][0-9a-z]{2})$"),  # Lenovo's machine types
        ("pc", r"^1[0-2][0-9a-z]{2}[0-9a-z]{6}$|thinkcentre|thinkstation"),
        ("pc", r"\bpc\b|optiplex|esprimo|prodesk|elitedesk|veriton"),
    )
)
_IPADOS = ("iOS", "iPhone OS")


class Kinds:
    """``by_model``: kinds by patterns of models, as a shell has them, without regard to case."""

    def __init__(self, by_model: Mapping[str, str]) -> None:
        self._by_model = tuple((re.compile(translate(one), re.IGNORECASE), kind) for one, kind in by_model.items())

    def of(self, model: str, *words: str) -> str:
        """Return the kind of a model, else what the words say; what is told first counts more."""
        return next((kind for pattern, kind in self._by_model if pattern.match(model)), None) or kind_of(*words)


def kind_of(*words: str) -> str:
    """Return the kind that the first of the words says that says one, ``other`` where none does."""
    return next((kind for word in words for kind, pattern in _KINDS if pattern.search(word)), "other")


def system_of(kind: str, name: str) -> str:
    """Return the name of the operating system; some products still call that of tablets by that of the phones."""
    return "iPadOS" if kind == "tablet" and name in _IPADOS else name

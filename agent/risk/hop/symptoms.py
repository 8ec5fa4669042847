"""What a diagnosis of a radio hop rests on, gathered from both ends, their history and the neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.risk.hop.diagnosis import Side, Symptoms
from agent.risk.hop.history import FADE_DB, unequal
from agent.risk.hop.margin import RECOVERED_DB, short_of_margin
from agent.risk.hop.state import Hop
from agent.risk.hop.weather import Weather
from agent.risk.sight import Sight

# Less than this is left above the threshold: a fade matters before it is deep.
SMALL_MARGIN_DB = 10.0
# So many neighbouring hops are named; of all others it is said how many there are.
NAMED = 5


def troubled(hop: Hop) -> bool:
    """Whether something is low, or no level is known to be expected."""
    fades = [end.fade_depth_db for end in hop.ends]
    return any(fade is None or fade >= RECOVERED_DB for fade in fades) or short_of_margin(hop)


def symptoms_of(sight: Sight, hop: Hop, weather: Weather) -> Symptoms:
    """Return what is seen of the hop; history and neighbours are asked only where something is low, or may be."""
    if not troubled(hop):
        first, second = (Side(end.place, end.fade_depth_db) for end in hop.ends)
        return Symptoms((first, second))
    courses, now = weather.courses(hop.name), sight.view.now
    if not short_of_margin(hop) and not any(one.now is not None and one.now >= RECOVERED_DB for one in courses):
        first, second = (Side(end.place, course.now) for end, course in zip(hop.ends, courses, strict=True))
        return Symptoms((first, second))
    first, second = (
        Side(end.place, course.now, course.dry_median(dry), course.swing(now))
        for end, course, dry in zip(hop.ends, courses, weather.dry(hop.name), strict=True)
    )
    return Symptoms(
        (first, second),
        unequal(*courses, now),
        _titles(sight, [name for name in weather.front(hop.name).hops if name != hop.name]),
        _titles(sight, weather.clear(hop.name)),
        tuple(end.place for end in hop.ends if end.pair.switched),
        datetime.fromtimestamp(now, ZoneInfo(sight.settings.municipality.timezone)).hour,
    )


def _titles(sight: Sight, names: Sequence[str]) -> tuple[str, ...]:
    titles = [sight.inventory.links[name].name or name for name in names[:NAMED]]
    beyond = len(names) - len(titles)
    return (*titles, sight.words.say("hop_others", count=beyond)) if beyond else tuple(titles)


def faded(side: Side) -> bool:
    """Whether an end receives less than noise and wet antennas explain."""
    return side.fade is not None and side.fade >= FADE_DB

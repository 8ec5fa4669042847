"""A day in which much happens and little is wrong: exactly what the person on call is told, and nothing else.

5 % of all packets get lost, all day, each way. The times of the script are hours since its beginning; the days: a
Wednesday in the Easter holidays of North Rhine-Westphalia, and the two on which clocks change.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.contract import Silence
from agent.state.ledger import Ledger
from config.settings import Match
from tests.courses.day import Day
from tests.courses.daycounty import DAY, settings_of
from tests.courses.stage import Told

BERLIN = ZoneInfo("Europe/Berlin")
AFTER_THE_START = 30  # minutes: what is wrong by design is told once, when it has stood for long enough


Happens = Callable[[Day], Awaitable[None] | None]


def fails(*links: str) -> Happens:
    return lambda day: day.down.update(links)


def mended(*links: str) -> Happens:
    return lambda day: day.down.difference_update(links)


async def swap_begins(day: Day) -> None:
    now = day.clock.now()
    silence = Silence("swap", Match(site="gymnasium"), "on-call", "new switch", now, now + 1800)
    await day.desk.put_silence(silence, Ledger())
    day.reboot("sw-gym", 300)
    day.down.add("gym-fibre")
    day.serial["sw-gym"] = "another"
    day.shift["sw-gym"] = 500


async def firmware(day: Day) -> None:
    day.reboot("sw-rh", 240)
    day.down.add("rh-fibre")


SCRIPT: Mapping[str, Happens] = {
    "02:10": lambda day: day.reboot("sw-gym", 25),
    "05:05": firmware,
    "05:09": mended("rh-fibre"),
    "06:00": lambda day: day.counted_from.update(dict.fromkeys(day.counted_from, day.clock.monotonic())),
    "06:30": lambda day: day.wrap_uptime_in("sw-sas", 30),
    "07:00": lambda day: day.shift.update({"sw-kh": 100, "sw-rh": 7}),
    "07:30": lambda day: day.shift.update({"sw-kh": 3, "sw-rh": 0}),
    "08:00": lambda day: day.failing.add("lernen"),  # there is no school today
    "08:45": lambda day: day.failing.discard("lernen"),
    "09:00": lambda day: day.on_battery(10),  # it tests itself
    "09:30": lambda day: day.on_battery(10),
    "10:00": swap_begins,
    "10:06": mended("gym-fibre"),
    "11:00": lambda day: setattr(day, "wet", True),  # the first true fault: a leak
    "11:20": lambda day: setattr(day, "wet", False),
    "13:05": fails("wad-sas"),  # the announced work
    "13:50": mended("wad-sas"),
    "15:00": lambda day: day.level.update({"kh-wad": 15.0}),  # a shower
    "15:12": lambda day: day.level.clear(),
    "16:00": lambda day: day.restart(shift=13),
    "17:00": lambda day: day.clock.step(3600),
    "17:30": lambda day: day.clock.step(-3600),
    "18:00": fails("kh-wad"),  # the second: the ring is cut
    "19:00": mended("kh-wad"),
    "20:00": lambda day: day.on_battery(900),  # the third: the mains are gone
    "21:00": lambda day: day.restart(),
    "22:00": lambda day: day.clock.jump(1800),  # the machine was suspended
}

EXPECTED = [
    ("11:00", Told("firing", "critical", "leak", "room:serverraum")),
    ("11:21", Told("resolved", "critical", "leak", "room:serverraum")),
    ("18:00", Told("firing", "warning", "link_down", "link:kh-wad")),
    ("19:01", Told("resolved", "warning", "link_down", "link:kh-wad")),
    ("20:01", Told("firing", "warning", "ups_on_battery", "device:ups-1")),
    ("20:16", Told("resolved", "warning", "ups_on_battery", "device:ups-1")),
]


async def lived(seed: int, begin: datetime) -> list[tuple[str, Told]]:
    """Return what was told, each with the time of the script at which it was."""
    day = Day(DAY, settings_of(begin), begin.timestamp(), seed)
    told: list[tuple[str, Told]] = []
    for minute in range(24 * 60):
        time = f"{minute // 60:02}:{minute % 60:02}"
        if time in SCRIPT:
            happened = SCRIPT[time](day)
            if happened is not None:
                await happened
        await day.minute()
        told += [(time, one) for one in day.told() if minute >= AFTER_THE_START]
    return told


@pytest.mark.parametrize(("seed", "month", "day"), [(1, 3, 24), (2, 3, 28), (3, 10, 31)])
async def test_of_a_day_full_of_noise_only_the_three_true_faults_are_told(seed: int, month: int, day: int) -> None:
    assert await lived(seed, datetime(2027, month, day, tzinfo=BERLIN)) == EXPECTED

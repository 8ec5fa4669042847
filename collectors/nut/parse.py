"""From the variables of a UPS, as Network UPS Tools names them ("Variables" of RFC 9271), to neutral samples. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from agent.contract import MetricFamily
from agent.layout import Sample, clean_text
from agent.neutral import (
    DEVICE_INFO,
    SENSOR_HUMIDITY,
    SENSOR_TEMPERATURE,
    UPS_BATTERY_INSTALLED,
    UPS_BATTERY_LOW,
    UPS_BATTERY_REPLACE,
    UPS_BATTERY_TEMPERATURE,
    UPS_BYPASS,
    UPS_CHARGE,
    UPS_CLIENTS,
    UPS_INPUT_VOLTAGE,
    UPS_LOAD,
    UPS_ON_BATTERY,
    UPS_OUTPUT_POWER,
    UPS_RUNTIME,
    UPS_RUNTIME_LOW,
    UPS_SELF_TEST_AT,
    UPS_SELF_TEST_PASSED,
    UPS_SELF_TEST_RUNNING,
)
from collectors.nut.dates import DAY_SECONDS
from collectors.nut.reader import Reader, plausible
from collectors.nut.status import LOW, alarms, flags_of, result_samples, status_samples

FAMILIES: tuple[MetricFamily, ...] = (
    *(DEVICE_INFO, UPS_ON_BATTERY, UPS_RUNTIME, UPS_CHARGE, UPS_LOAD, UPS_BATTERY_TEMPERATURE, UPS_BATTERY_LOW),
    *(UPS_BATTERY_REPLACE, UPS_SELF_TEST_PASSED, UPS_SELF_TEST_RUNNING, UPS_SELF_TEST_AT, UPS_BATTERY_INSTALLED),
    *(UPS_RUNTIME_LOW, UPS_CLIENTS, UPS_BYPASS, UPS_INPUT_VOLTAGE, UPS_OUTPUT_POWER),
    *(SENSOR_TEMPERATURE, SENSOR_HUMIDITY),
)
FACTS: Mapping[str, tuple[str, ...]] = {
    "vendor": ("device.mfr", "ups.mfr"),
    "model": ("device.model", "ups.model"),
    "serial": ("device.serial", "ups.serial"),
    "firmware": ("ups.firmware",),
}
MOST_LOAD = 2.0  # 255 % is a sentinel
_VOLTS = (0.0, 600.0)
YEAR_SECONDS = 365.25 * DAY_SECONDS
MOST_SENSORS = 32
LOW_CHARGE = 0.2
"""A runtime of 0 is believed at this charge and below."""
ALARMS = "alarms"
REFUSED = "refused_readings"
MOST_REFUSALS = 3
"""In the fact; all are counted, and told with ``--debug``."""
ABSENT = frozenset({"no", "0", "false"})
_AMBIENT = re.compile(r"(ambient(?:\.\d{1,2})?)\.(?:temperature|humidity)", re.ASCII)
_PHASES: Mapping[str, tuple[str, ...]] = {
    "1": ("input.voltage", "input.L1-N.voltage", "input.L1.voltage"),
    "2": ("input.L2-N.voltage", "input.L2.voltage"),
    "3": ("input.L3-N.voltage", "input.L3.voltage"),
}


class Meaning(NamedTuple):
    """What a UPS says: series, facts for the register; what was left out and why (clean).

    ``refused``: what means nothing, and is no fault of the reading; ``partial``: what is missing from it.
    """

    samples: tuple[Sample, ...]
    facts: Mapping[str, str]
    refused: tuple[str, ...]
    partial: tuple[str, ...]


def meaning(variables: Mapping[str, str], clients: int | None, room: str, now: float) -> Meaning:
    """Return what the variables mean.

    Args:
        variables: Values by name, as the UPS's driver says them.
        clients: Computers that are logged in; None where that is not known.
        room: The device's room of the inventory, or "".
        now: Seconds since the epoch; no date lies after it.
    """
    reader = Reader(variables, now)
    facts = {name: text for name, sources in FACTS.items() if (text := reader.text(*sources))}
    samples = tuple(_samples(reader, facts, clients, room))
    more = {ALARMS: alarms(reader), REFUSED: _shortened(reader.refused)}
    facts |= {name: text for name, text in more.items() if text}
    return Meaning(samples, facts, reader.refused, reader.doubts)


def _shortened(remarks: Sequence[str]) -> str:
    more = " …" if len(remarks) > MOST_REFUSALS else ""
    return clean_text("; ".join(remarks[:MOST_REFUSALS]) + more)


def _samples(reader: Reader, facts: Mapping[str, str], clients: int | None, room: str) -> Iterator[Sample]:
    if facts:
        yield Sample(DEVICE_INFO, tuple(facts.get(name, "") for name in DEVICE_INFO.labels), 1.0)
    status = list(status_samples(reader))
    yield from status
    yield from result_samples(reader)
    yield from _battery(reader, on_battery=Sample(UPS_ON_BATTERY, (), 1.0) in status)
    yield from reader.sample(UPS_RUNTIME_LOW, "battery.runtime.low")
    yield from reader.sample(UPS_LOAD, "ups.load", scale=0.01, within=(0, MOST_LOAD))
    yield from _days(reader)
    yield from _voltages(reader)
    yield from _power(reader)
    yield from _ambient(reader, room)
    if clients is not None:
        yield Sample(UPS_CLIENTS, (), float(clients))


def _battery(reader: Reader, *, on_battery: bool) -> Iterator[Sample]:
    """Yield runtime, charge and temperature; zeros that only say that nothing is measured are left out."""
    charge = tuple(reader.sample(UPS_CHARGE, "battery.charge", scale=0.01))
    yield from charge
    if reader.number("battery.runtime") != 0:
        yield from reader.sample(UPS_RUNTIME, "battery.runtime")
    elif not on_battery:
        reader.refuse("battery.runtime", "is no estimate while the battery does not feed the load")
    elif not flags_of(reader) & LOW and any(one.value > LOW_CHARGE for one in charge):
        reader.refuse("battery.runtime", "is no estimate of a battery that is charged: the UPS wants calibrating")
    else:
        yield from reader.sample(UPS_RUNTIME, "battery.runtime")
    if reader.number("battery.temperature") == 0:
        reader.refuse("battery.temperature", "is what a UPS without a sensor says")
    else:
        yield from reader.sample(UPS_BATTERY_TEMPERATURE, "battery.temperature")


def _days(reader: Reader) -> Iterator[Sample]:
    """Yield when the last self-test was, and when the battery was installed or else made."""
    if (tested := reader.day("ups.test.date")) is not None:
        yield Sample(UPS_SELF_TEST_AT, (), tested)
    ups = reader.day("ups.mfr.date")
    made = _not_before(reader, "battery.mfr.date", (ups,))
    installed = _not_before(reader, "battery.date", (ups, made))
    if (since := made if installed is None else installed) is not None:
        yield Sample(UPS_BATTERY_INSTALLED, (), since)


def _not_before(reader: Reader, name: str, others: Sequence[float | None]) -> float | None:
    """Return a day that is not long before the others: that is one which the vendor leaves in every battery."""
    day = reader.day(name)
    if day is None or all(other is None or day >= other - YEAR_SECONDS for other in others):
        return day
    reader.refuse(name, "is long before the UPS or its battery was made")
    return None


def _voltages(reader: Reader) -> Iterator[Sample]:
    """Yield the voltage of each phase by the first of its names that has one."""
    for phase, names in _PHASES.items():
        found = (one for name in names for one in reader.sample(UPS_INPUT_VOLTAGE, name, (phase,), within=_VOLTS))
        yield from islice(found, 1)


def _power(reader: Reader) -> Iterator[Sample]:
    """Yield the true power of the load: measured, by phase, or a share of what the UPS is rated for.

    0 W counts as not measured: it is what drivers say of a UPS that cannot.
    """
    for name in ("ups.realpower", "output.realpower"):
        found = [one for one in reader.sample(UPS_OUTPUT_POWER, name) if one.value > 0]
        if found:
            yield from found
            return
    watts = _phase_watts(reader) or _rated_watts(reader)
    if watts is not None and plausible(UPS_OUTPUT_POWER, watts):
        yield Sample(UPS_OUTPUT_POWER, (), watts)


def _phase_watts(reader: Reader) -> float | None:
    phases = [reader.number(f"output.L{phase}.realpower") for phase in (1, 2, 3)]
    measured = [watts for watts in phases if watts is not None and watts >= 0]
    return sum(measured) if len(measured) == len(phases) else None


def _rated_watts(reader: Reader) -> float | None:
    nominal, load = reader.number("ups.realpower.nominal"), reader.number("ups.load")
    if nominal is None or nominal <= 0 or load is None or not 0 <= load <= MOST_LOAD * 100:
        return None
    return nominal * load / 100


def _ambient(reader: Reader, room: str) -> Iterator[Sample]:
    """Yield what environment probes measure, by the probe's name among the variables; those not there are left out."""
    found = dict.fromkeys(match[1] for name in reader.names() if (match := _AMBIENT.fullmatch(name)))
    for probe in list(found)[:MOST_SENSORS]:
        present = reader.text(f"{probe}.present").lower()
        if present not in ABSENT:
            yield from _probe(reader, room, probe, is_sure=bool(present))


def _probe(reader: Reader, room: str, probe: str, *, is_sure: bool) -> Iterator[Sample]:
    """Yield temperature and humidity; 0 % of humidity is no measure, and with 0 °C there may be no probe at all."""
    dry = reader.number(f"{probe}.humidity") == 0
    if dry:
        reader.refuse(f"{probe}.humidity", "is what a probe without a sensor says")
    else:
        yield from reader.sample(SENSOR_HUMIDITY, f"{probe}.humidity", (room, probe), scale=0.01)
    if dry and not is_sure and reader.number(f"{probe}.temperature") == 0:
        reader.refuse(f"{probe}.temperature", "is what is said, with a humidity of 0, where there is no probe")
    else:
        yield from reader.sample(SENSOR_TEMPERATURE, f"{probe}.temperature", (room, probe))

"""Which level a hop's end should receive: as commissioned, else by its link budget, else as its radio says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from agent.risk.hop.propagation import RAIN_RATE, Path, covered, free_space_loss, gas_loss
from config.network import Radio, Site

Source = Literal["commissioned", "budget", "radio"]


@dataclass(frozen=True, slots=True)
class Expectation:
    """The level in dBm that an end should receive under a clear sky.

    ``follows``: it was corrected for the transmit level of the far end at the moment, so that automatic power control
    does not look like a fade.
    """

    level: float
    source: Source
    follows: bool = False


def expectation(radio: Radio, end: int, sent: float | None, own: float | None) -> Expectation | None:
    """Return what the end (0 or 1) should receive; None where it is not known.

    ``sent``: transmit level of the far end now, in dBm; ``own``: the level that the radio itself expects.
    """
    planned = None if radio.commissioned_transmit is None else radio.commissioned_transmit[1 - end]
    if planned is not None and sent is None:
        return None  # power control may have lowered it: what is missing then is no fade
    if radio.commissioned_level is not None:
        level = radio.commissioned_level[end]
        if planned is None or sent is None:
            return Expectation(level, "commissioned")
        return Expectation(level + sent - planned, "commissioned", follows=True)
    loss = None if sent is None else path_loss(radio)
    if sent is not None and loss is not None:
        return Expectation(sent - loss, "budget", follows=True)
    return None if own is None else Expectation(own, "radio")


def path_loss(radio: Radio) -> float | None:
    """Return what is lost from one radio to the other under a clear sky, in dB; None where the plan lacks a value."""
    path = path_of(radio)
    if path is None or radio.antenna_gains is None:
        return None
    feeders = sum(radio.feeder_losses) if radio.feeder_losses is not None else 0.0
    return free_space_loss(path.ghz, path.km) + gas_loss(path.ghz, path.km) + feeders - sum(radio.antenna_gains)


def path_of(radio: Radio, site: Site | None = None) -> Path | None:
    """Return the hop as P.530 sees it; None without frequency and distance, or where no formula holds.

    Of two polarisations the horizontal one counts: rain takes more of it.
    """
    if radio.frequency is None or radio.distance is None or not covered(radio.frequency / 1e9, radio.distance / 1e3):
        return None
    path = Path(
        ghz=radio.frequency / 1e9,
        km=radio.distance / 1e3,
        polarisation="v" if radio.polarisation == "v" else "h",
        rain_rate=radio.rain_rate or RAIN_RATE,
        altitudes=radio.antenna_altitudes,
    )
    if site is None or site.latitude is None:
        return path
    return replace(path, latitude=site.latitude)


def lowest_threshold(radio: Radio) -> float | None:
    """Return the level in dBm below which the hop fails in any modulation."""
    return radio.threshold if radio.threshold is not None else min(radio.thresholds.values(), default=None)

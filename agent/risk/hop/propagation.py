"""What weather and air do to a radio hop: ITU-R P.525, P.676 (tabled), P.838-3 and P.530-17, as far as needed.

Frequencies in GHz, lengths in km, rain in mm/h, attenuation in dB, shares of time as ratios. Pure arithmetic;
``covered`` says for which hops it holds.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Polarisation = Literal["h", "v"]

# Rain rate exceeded in 0.01 % of an average year (ITU-R P.837-7): 26 to 32 mm/h all over Germany.
RAIN_RATE = 32.0
# Refractivity gradient exceeded in 1 % of an average year, N-units/km (ITU-R P.453): -134 to -222 over Germany.
REFRACTIVITY_GRADIENT = -200.0
# Standard deviation of the height of the ground around the hop, in metres: that of a plain with low hills.
TERRAIN_ROUGHNESS = 20.0


class _Bell(NamedTuple):
    """One term of the regression of P.838-3: ``height`` at ``centre`` (both in log10 of GHz), and its ``width``."""

    height: float
    centre: float
    width: float


class _Regression(NamedTuple):
    """A coefficient of P.838-3 over the logarithm of the frequency."""

    bells: tuple[_Bell, ...]
    slope: float
    constant: float

    def at(self, ghz: float) -> float:
        x = math.log10(ghz)
        terms = (bell.height * math.exp(-(((x - bell.centre) / bell.width) ** 2)) for bell in self.bells)
        return math.fsum(terms) + self.slope * x + self.constant


# Tables 1 to 4 of ITU-R P.838-3
_LOG_K = {
    "h": _Regression(
        (
            _Bell(-5.33980, -0.10008, 1.13098),
            _Bell(-0.35351, 1.26970, 0.45400),
            _Bell(-0.23789, 0.86036, 0.15354),
            _Bell(-0.94158, 0.64552, 0.16817),
        ),
        -0.18961,
        0.71147,
    ),
    "v": _Regression(
        (
            _Bell(-3.80595, 0.56934, 0.81061),
            _Bell(-3.44965, -0.22911, 0.51059),
            _Bell(-0.39902, 0.73042, 0.11899),
            _Bell(0.50167, 1.07319, 0.27195),
        ),
        -0.16398,
        0.63297,
    ),
}
_ALPHA = {
    "h": _Regression(
        (
            _Bell(-0.14318, 1.82442, -0.55187),
            _Bell(0.29591, 0.77564, 0.19822),
            _Bell(0.32177, 0.63773, 0.13164),
            _Bell(-5.37610, -0.96230, 1.47828),
            _Bell(16.1721, -3.29980, 3.43990),
        ),
        0.67849,
        -1.95537,
    ),
    "v": _Regression(
        (
            _Bell(-0.07771, 2.33840, -0.76284),
            _Bell(0.56727, 0.95545, 0.54039),
            _Bell(-0.20238, 1.14520, 0.26809),
            _Bell(-48.2991, 0.791669, 0.116226),
            _Bell(48.5833, 0.791459, 0.116479),
        ),
        -0.053739,
        0.83433,
    ),
}

# Attenuation by oxygen and water vapour near the ground in dB/km (ITU-R P.676-12 at 1013 hPa, 15 °C, 7.5 g/m³); between
# two points the logarithm is interpolated. The peak of oxygen at 60 GHz needs them close together.
# fmt: off
_GAS: Sequence[tuple[float, float]] = (
    (1, 0.00544), (4, 0.00809), (6, 0.00946), (8, 0.01142), (10, 0.0142), (13, 0.02098),
    (15, 0.02906), (18, 0.05751), (20, 0.10893), (21, 0.15043), (22.2, 0.19166), (23, 0.19429),
    (24, 0.17316), (26, 0.12503), (28, 0.10176), (32, 0.09362), (38, 0.11662), (45, 0.19348),
    (48, 0.27443), (50, 0.38843), (52, 0.73748), (54, 2.3389), (56, 7.19114), (57, 10.20585),
    (58, 12.49839), (60, 14.77832), (61, 15.16699), (62, 14.16117), (63, 11.00134), (64, 7.02035),
    (65, 3.99034), (66, 2.1542), (68, 0.80502), (70, 0.51399), (74, 0.37519), (80, 0.34237),
    (86, 0.35901), (100, 0.45806),
)
# fmt: on


def free_space_loss(ghz: float, km: float) -> float:
    """Return the loss between isotropic antennas (ITU-R P.525)."""
    return 92.45 + 20 * math.log10(ghz) + 20 * math.log10(km)


def gas_loss(ghz: float, km: float) -> float:
    """Return what oxygen and water vapour take; outside the table's 1 to 100 GHz its nearest value counts."""
    above = bisect_right(_GAS, (ghz, math.inf))
    if above in {0, len(_GAS)}:
        return _GAS[0 if above == 0 else -1][1] * km
    (low, less), (high, more) = _GAS[above - 1], _GAS[above]
    share = (ghz - low) / (high - low)
    return km * math.pow(less, 1 - share) * math.pow(more, share)


def rain_coefficients(ghz: float, polarisation: Polarisation) -> tuple[float, float]:
    """Return k and alpha of P.838-3: rain of R mm/h takes k * R ** alpha dB/km."""
    return 10 ** _LOG_K[polarisation].at(ghz), _ALPHA[polarisation].at(ghz)


def covered(ghz: float, km: float) -> bool:
    """Whether the formulas hold for such a hop."""
    return 1 <= ghz <= 100 and 0.01 <= km <= 200


@dataclass(frozen=True, slots=True)
class Path:
    """One hop as P.530 sees it. ``altitudes``: of the antennas, metres above the sea, where both are known."""

    ghz: float
    km: float
    polarisation: Polarisation = "h"
    rain_rate: float = RAIN_RATE
    latitude: float = 51.0
    altitudes: tuple[float, float] | None = None
    refractivity_gradient: float = REFRACTIVITY_GRADIENT
    terrain_roughness: float = TERRAIN_ROUGHNESS


def rain_fade(path: Path) -> float:
    """Return the rain attenuation exceeded in 0.01 % of an average year (P.530-17, 2.4.1)."""
    k, alpha = rain_coefficients(path.ghz, path.polarisation)
    divisor = 0.477 * path.km**0.633 * path.rain_rate ** (0.073 * alpha) * path.ghz**0.123
    divisor -= 10.579 * (1 - math.exp(-0.024 * path.km))
    factor = 1 / divisor if divisor > 0.4 else 2.5  # the Recommendation's cap
    return k * math.pow(path.rain_rate, alpha) * path.km * factor


def rain_outage(path: Path, margin: float) -> float:
    """Return the share of an average year in which rain takes more than ``margin`` dB; 0 where it never does.

    The Recommendation's curve holds from 0.001 % to 1 % of the year. It is drawn on beyond: the result is then an
    estimate, and at most 1.
    """
    if margin <= 0:
        return 1.0
    high = 0.4 * math.log10(path.ghz / 10) ** 0.8 if path.ghz > 10 else 0.0  # as 0.4 * (log10(f / 10)) ** 0.8
    c0 = 0.12 + high
    c1 = 0.07**c0 * 0.12 ** (1 - c0)
    c2 = 0.855 * c0 + 0.546 * (1 - c0)
    c3 = 0.139 * c0 + 0.043 * (1 - c0)
    # margin = A001 * c1 * p ** -(c2 + c3 * log10 p), a quadratic equation in log10 of p in percent
    root = c2**2 - 4 * c3 * (math.log10(margin) - math.log10(rain_fade(path) * c1))  # no quotient: it may be 0
    return 0.0 if root < 0 else min(1.0, 10 ** ((math.sqrt(root) - c2) / (2 * c3)) / 100)


def multipath_outage(path: Path, margin: float) -> float:
    """Return the share of an average year in which multipath takes more than ``margin`` dB (P.530-17, 2.3.1, 2.3.4).

    Without altitudes the way is taken as level and at sea level, which is the worst case.
    """
    low, high = sorted(path.altitudes) if path.altitudes is not None else (0.0, 0.0)
    inclination = (high - low) / path.km  # milliradians
    factor = math.pow(10, -4.4 - 0.0027 * path.refractivity_gradient) * math.pow(10 + path.terrain_roughness, -0.46)
    worst_month = factor * math.pow(path.km, 3.4) * math.pow(1 + inclination, -1.03) * math.pow(path.ghz, 0.8)  # %
    decibels = _season(path, inclination) + margin + 0.0076 * low
    return min(1.0, worst_month / 100 * math.pow(10, -decibels / 10))


def _season(path: Path, inclination: float) -> float:
    """How much less than in the worst month it is over the year, in dB (P.530-17, step 4 of 2.3.4)."""
    latitude = abs(path.latitude)
    around = abs(math.cos(math.radians(2 * latitude))) ** 0.7
    spread = 1.1 + around if latitude <= 45 else 1.1 - around
    gain = 10.5 - 5.6 * math.log10(spread) - 2.7 * math.log10(path.km) + 1.7 * math.log10(1 + inclination)
    return min(10.8, gain)


def availability(path: Path, margin: float) -> float:
    """Return the share of an average year in which neither rain nor multipath takes more than ``margin`` dB."""
    return max(0.0, 1 - rain_outage(path, margin) - multipath_outage(path, margin))

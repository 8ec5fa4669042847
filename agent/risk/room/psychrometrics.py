"""Dew point of moist air. Pure arithmetic."""

from __future__ import annotations

from math import isfinite, log

# Magnus' formula over water with the coefficients of D. Sonntag, Important new values of the physical constants of
# 1986, vapour pressure formulations based on the ITS-90, and psychrometer formulae, Z. Meteorol. 70 (1990) 340-344.
_STEEPNESS = 17.62
_OFFSET_CELSIUS = 243.12
_VALID_CELSIUS = (-45.0, 60.0)


def dew_point(celsius: float, ratio: float) -> float | None:
    """Return the temperature in °C at which air of this temperature and relative humidity (0 to 1) is saturated.

    Magnus' formula over water, Sonntag 1990, valid from -45 to 60 °C; the sensors err by more than it does. None
    beyond that, and for air without any water or with more than it can hold, which no sensor measures.
    """
    low, high = _VALID_CELSIUS
    if not (isfinite(celsius) and low <= celsius <= high and 0 < ratio <= 1):
        return None
    pressure = log(ratio) + _STEEPNESS * celsius / (_OFFSET_CELSIUS + celsius)
    return _OFFSET_CELSIUS * pressure / (_STEEPNESS - pressure)

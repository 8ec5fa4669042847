from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.risk.room.psychrometrics import dew_point


# DIN 4108-3, table of dew points of air by its temperature and relative humidity
@pytest.mark.parametrize(
    ("celsius", "ratio", "point"),
    [
        (30, 0.30, 10.5),
        (30, 0.60, 21.4),
        (25, 0.50, 13.9),
        (25, 0.80, 21.3),
        (20, 0.40, 6.0),
        (20, 0.50, 9.3),
        (20, 0.70, 14.4),
        (15, 0.60, 7.3),
        (10, 0.90, 8.4),
    ],
)
def test_known_values(celsius: float, ratio: float, point: float) -> None:  # a table of cases
    assert dew_point(celsius, ratio) == pytest.approx(point, abs=0.06)


@given(st.floats(-45, 60))
def test_saturated_air_is_at_its_dew_point(celsius: float) -> None:
    assert dew_point(celsius, 1.0) == pytest.approx(celsius, abs=1e-6)


@given(st.floats(-45, 60), st.floats(0.01, 0.99), st.floats(0.001, 0.01))
def test_moister_air_has_the_higher_dew_point(celsius: float, ratio: float, more: float) -> None:
    drier, moister = dew_point(celsius, ratio), dew_point(celsius, ratio + more)
    assert drier is not None
    assert moister is not None
    assert drier < moister <= celsius


@pytest.mark.parametrize(
    ("celsius", "ratio"), [(61, 0.5), (-46, 0.5), (20, 0.0), (20, 1.01), (math.nan, 0.5), (20, math.nan)]
)
def test_where_the_formula_does_not_hold_nothing_is_said(celsius: float, ratio: float) -> None:
    assert dew_point(celsius, ratio) is None

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.risk.hop.propagation import (
    Path,
    Polarisation,
    availability,
    covered,
    free_space_loss,
    gas_loss,
    multipath_outage,
    rain_coefficients,
    rain_fade,
    rain_outage,
)

ESSEN = 30.41  # mm/h


@pytest.mark.parametrize(
    ("ghz", "polarisation", "k", "alpha"),
    [  # table 5 of ITU-R P.838-3
        (10, "h", 0.01217, 1.2571),
        (10, "v", 0.01129, 1.2156),
        (20, "h", 0.09164, 1.0568),
        (20, "v", 0.09611, 0.9847),
        (38, "h", 0.4001, 0.8816),
        (40, "v", 0.4274, 0.8421),
        (80, "h", 1.1704, 0.7115),
        (80, "v", 1.1668, 0.7021),
    ],
)
def test_rain_coefficients_are_those_of_the_recommendation(
    ghz: float, polarisation: Polarisation, k: float, alpha: float
) -> None:
    assert list(rain_coefficients(ghz, polarisation)) == pytest.approx([k, alpha], rel=1e-3)


def test_rain_of_thirty_millimetres_an_hour_at_eighteen_gigahertz() -> None:
    k, alpha = rain_coefficients(18, "v")
    assert k * 30**alpha == pytest.approx(2.332, abs=5e-4)


@pytest.mark.parametrize(
    ("polarisation", "fade", "outage"), [("h", 18.08, 0.001917344629), ("v", 15.77, 0.001088473318)]
)
def test_ten_kilometres_in_essen(polarisation: Polarisation, fade: float, outage: float) -> None:
    path = Path(18, 10, polarisation, ESSEN)
    assert rain_fade(path) == pytest.approx(fade, rel=3e-3)  # the oracle scales it from 0.01 % to 0.01 %: 0.2 % less
    assert rain_outage(path, 30) * 100 == pytest.approx(outage, rel=1e-6)


def test_multipath_falls_tenfold_for_ten_decibels() -> None:
    path = Path(6.2, 50, "v")
    assert multipath_outage(path, 30) == pytest.approx(10 * multipath_outage(path, 40))


def test_an_inclined_way_has_less_multipath() -> None:
    assert multipath_outage(Path(6.2, 50, altitudes=(100, 400)), 30) < multipath_outage(Path(6.2, 50), 30) / 3


def test_free_space_and_gas() -> None:
    assert free_space_loss(18, 21.3) == pytest.approx(144.12, abs=0.01)
    assert gas_loss(60, 1) == pytest.approx(14.8, abs=0.05)
    assert gas_loss(80, 2) == pytest.approx(2 * 0.342, abs=0.01)
    assert gas_loss(18, 10) == pytest.approx(0.58, abs=0.01)
    assert gas_loss(0.9, 1) == gas_loss(1, 1)
    assert gas_loss(100, 1) == pytest.approx(0.458, abs=0.001)


def test_no_margin_is_no_availability() -> None:
    assert rain_outage(Path(18, 10), 0) == 1
    assert availability(Path(18, 10), -5) == 0


@given(
    ghz=st.floats(1, 100),
    km=st.floats(0.01, 200),
    margin=st.floats(-50, 150),
    polarisation=st.sampled_from(["h", "v"]),
    rain=st.floats(0.1, 300),
    latitude=st.floats(-90, 90),
)
@example(ghz=12.0, km=12.0, margin=5e-324, polarisation="h", rain=55.0, latitude=0.0)
def test_every_hop_that_is_covered_has_an_availability(  # noqa: PLR0917 - one argument a strategy
    ghz: float, km: float, margin: float, polarisation: Polarisation, rain: float, latitude: float
) -> None:
    assert covered(ghz, km)
    path = Path(ghz, km, polarisation, rain, latitude)
    assert 0 <= availability(path, margin) <= availability(path, margin + 3) <= 1


def test_what_no_formula_covers() -> None:
    assert not covered(0.4, 10)
    assert not covered(18, 1e6)


# The reference implementation weighs 400 MB and is no dependency: where it is installed, it is asked as well.
ORACLE: Any = importlib.import_module("itur.models.itu530") if importlib.util.find_spec("itur") is not None else None


if ORACLE is not None:

    @pytest.mark.parametrize("polarisation", ["h", "v"])
    @pytest.mark.parametrize(("ghz", "km"), [(13.0, 25.0), (18.0, 10.0), (38.0, 4.0)])
    def test_rain_outage_is_that_of_the_reference_implementation(
        ghz: float, km: float, polarisation: Polarisation
    ) -> None:
        tau = 0 if polarisation == "h" else 90
        due = ORACLE.inverse_rain_attenuation(51.45, 7.01, km, ghz, 0, 30, tau=tau, R001=ESSEN).value
        assert rain_outage(Path(ghz, km, polarisation, ESSEN), 30) * 100 == pytest.approx(due, rel=1e-6)

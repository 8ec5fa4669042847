from __future__ import annotations

from agent.engine.recent import SPAN_SECONDS, Recent


def test_quantiles_are_nearest_ranks() -> None:
    recent = Recent()
    for value in range(1, 201):
        recent.add(0.0, float(value))
    assert recent.quantiles(0.0) == ((0.5, 100.0), (0.99, 198.0), (1.0, 200.0))


def test_of_one_value_every_quantile_is_that_value() -> None:
    recent = Recent()
    recent.add(0.0, 7.0)
    assert recent.quantiles(SPAN_SECONDS) == ((0.5, 7.0), (0.99, 7.0), (1.0, 7.0))
    assert recent.quantiles(SPAN_SECONDS + 1) == ()

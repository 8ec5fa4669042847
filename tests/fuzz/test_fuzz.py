"""F18, T10: a short course of mutants in every test run; ``make fuzz`` runs the long one."""

from __future__ import annotations

from tests.fuzz.course import LANES, run

MUTANTS = 20_000


async def test_f18_mutated_answers_kill_nothing_and_every_request_ends() -> None:
    outcome = await run(MUTANTS, seed=20261122)
    assert outcome.faults == []
    assert outcome.mutants >= MUTANTS
    assert outcome.panics > 0, "else the mutants are too tame"
    assert {name.partition(":")[0] for name in outcome.ends} == {lane.name for lane in LANES}

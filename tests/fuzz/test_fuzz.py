"""F18, T10: 200,000 mutants in every test run, in four courses side by side; ``make fuzz`` runs longer ones."""

from __future__ import annotations

import pytest

from tests.fuzz.course import LANES, run
from tests.fuzz.traps import throw

MUTANTS, TRAPS = 50_000, 5_000
SEEDS = (20261122, 20261123, 20261124, 20261125)
each_seed = pytest.mark.parametrize("seed", SEEDS)


@each_seed
async def test_f18_mutated_answers_kill_nothing_and_every_request_ends(seed: int) -> None:
    outcome = await run(MUTANTS, seed)
    assert outcome.faults == []
    assert outcome.mutants >= MUTANTS
    assert outcome.panics > 0, "else the mutants are too tame"
    assert {name.partition(":")[0] for name in outcome.ends} == {lane.name for lane in LANES}
    alone = {name for name in outcome.ends if name.startswith("alone") and name.endswith("bad_reply")}
    assert alone, "nothing but garbage is told from silence"


def test_f18_mutated_traps_kill_nothing_and_none_of_v3_is_believed() -> None:
    outcome = throw(TRAPS, SEEDS[0])
    assert outcome.faults == []
    assert outcome.thrown >= TRAPS
    kinds = {name.partition(":")[0] for name in outcome.ends}
    assert kinds == {"v1 trap", "v2c trap", "v2c inform", "v3 trap", "v3 inform"}
    assert outcome.ends["v2c trap: heard"] > 0, "else the mutants are too wild to get anywhere"

"""F18, T10: a short course of mutants in every test run; ``make fuzz`` runs the long one."""

from __future__ import annotations

from tests.fuzz.course import LANES, run
from tests.fuzz.traps import throw

MUTANTS, TRAPS = 12_000, 2_000
SEED = 20261122


async def test_f18_mutated_answers_kill_nothing_and_every_request_ends() -> None:
    outcome = await run(MUTANTS, SEED)
    assert outcome.faults == []
    assert outcome.mutants >= MUTANTS
    assert outcome.panics > 0, "else the mutants are too tame"
    assert {name.partition(":")[0] for name in outcome.ends} == {lane.name for lane in LANES}
    alone = {name for name in outcome.ends if name.startswith("alone") and name.endswith("bad_reply")}
    assert alone, "nothing but garbage is told from silence"


def test_f18_mutated_traps_kill_nothing_and_none_of_v3_is_believed() -> None:
    outcome = throw(TRAPS, SEED)
    assert outcome.faults == []
    assert outcome.thrown >= TRAPS
    kinds = {name.partition(":")[0] for name in outcome.ends}
    assert kinds == {"v1 trap", "v2c trap", "v2c inform", "v3 trap", "v3 inform"}
    assert outcome.ends["v2c trap: heard"] > 0, "else the mutants are too wild to get anywhere"

"""``python -m tests.fuzz --count N --seed S``: a long course; what panicked inside the engine is told as a number."""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
from time import perf_counter

from tests.fuzz.course import run
from tests.fuzz.traps import throw

TRAPS_SHARE = 0.1
"""So many mutants of traps, on top, for each of an answer."""


def main() -> int:
    """Run it; 1 where anything happened that ought not to."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--count", type=int, default=1_000_000, help="mutated answers (default: 1,000,000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed throws the same mutants")
    arguments = parser.parse_args()
    errors = os.dup(2)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)  # Rust prints each panic, though it is contained
    began = perf_counter()
    try:
        outcome = asyncio.run(run(arguments.count, arguments.seed))
        traps = throw(round(arguments.count * TRAPS_SHARE), arguments.seed)
    finally:
        os.dup2(errors, 2)
        os.close(quiet)
        os.close(errors)
    thrown = f"{outcome.mutants} mutated answers and {traps.thrown} traps"
    lines = [f"{thrown} in {perf_counter() - began:.0f} s, {outcome.panics} panics contained"]
    lines += [f"  {ended}: {times}" for ended, times in sorted((outcome.ends + traps.ends).items())]
    lines.append(f"  at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB resident")
    faults = [*outcome.faults, *traps.faults]
    lines += [f"FAULT {fault}" for fault in faults]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())

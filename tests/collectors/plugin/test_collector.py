"""What a plug-in is told, what of it is shown, and whose turn it is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
import uvloop

from agent.contract import CannotCheck, CollectorSpec, Subject, Target, Traceable, Unreachable
from agent.families import PLUGIN_OUTPUT
from agent.wire.pools import SIZES
from collectors.plugin import SPEC
from collectors.plugin.collector import POOL
from collectors.plugin.process import Program, Run, run
from config.plugin import PluginParams
from tests.collectors.plugin.lab import FOREVER, Bench, benched, children, gone, numbers, running, shell, status, values

CANARY = "KANARIENVOGEL"


@pytest.fixture
def secret(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "secret").write_text(f"{CANARY}\n", encoding="utf-8")
    return {"file": str(tmp_path / "secret")}


async def test_a_secret_reaches_the_plug_in_and_nobody_else(
    bench: Bench, tmp_path: Path, secret: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    body = f'[ "$2$PASSWORD" = {CANARY}{CANARY} ] && echo "OK $@|$2=1 \'$PASSWORD\'=2"; echo "$2" >&2; exit 0'
    collector = bench.of(shell(tmp_path, body), "-p", secret, environment={"PASSWORD": secret})
    lines: list[str] = []
    assert isinstance(collector, Traceable)
    collector.trace = lines.append
    harvest = await collector.collect()
    assert harvest.facts[PLUGIN_OUTPUT] == "OK -p ***"
    assert values(harvest) == {("***", ""): 1}
    assert lines[0].startswith("run PASSWORD=*** ")
    assert lines[0].endswith("/check_it -p '***'")
    assert lines[2] == "exit status 0 (OK); 0 processes left behind and killed"
    assert lines[3:] == ["output: OK -p ***|***=1 '***'=2", "errors: ***"]
    assert CANARY not in "".join((*lines, repr(harvest), repr(vars(collector)), caplog.text))


@pytest.mark.parametrize(
    "body", ["exec sleep 600", 'kill -9 $$; echo "$1"', "exec yes", 'rm "$0"; echo "$1" >&2; exit 0']
)
async def test_no_error_quotes_a_secret(bench: Bench, tmp_path: Path, secret: dict[str, str], body: str) -> None:
    collector = bench.of(shell(tmp_path, body), secret, budget=1.0)
    for _ in range(2):
        try:
            shown = repr(await collector.collect())
        except (CannotCheck, Unreachable) as error:
            shown = f"{error!r} {error.__cause__!r}"
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not quote
            shown = repr(error)
        assert CANARY not in shown


async def test_a_place_is_waited_for_and_never_held_against_the_target(bench: Bench, tmp_path: Path) -> None:
    """The last of nine gets no place while eight hang; afterwards it does."""
    told = tmp_path / "pids"
    hanging = shell(tmp_path, f"echo $$ >>{told}; exec sleep {FOREVER}", "check_hanging")
    many = [asyncio.create_task(bench.run(hanging)) for _ in range(SIZES[POOL])]
    await numbers(told, SIZES[POOL])
    late = bench.of(shell(tmp_path, "echo OK"), budget=1.0)
    with pytest.raises(CannotCheck, match=r"all places for plug-ins were taken for 0\.5 s"):
        await late.collect()
    for one in many:
        one.cancel()
    await asyncio.gather(*many, return_exceptions=True)
    patient = bench.of(shell(tmp_path, "echo OK"))
    assert status(await patient.collect()) == 0
    await gone(await numbers(told, SIZES[POOL]))


async def test_a_cancelled_poll_ends_its_plug_in(bench: Bench, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    script = shell(tmp_path, f"echo $$ >{told}; sleep {FOREVER}")
    collector = bench.of(script)
    poll = asyncio.create_task(collector.collect())
    await numbers(told, 1)
    poll.cancel()
    with pytest.raises(asyncio.CancelledError):
        await poll
    await collector.close()
    assert not running(script)


async def test_a_run_that_nobody_wants_stays_unwanted_when_the_next_begins(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cancelled one may only just be starting in its thread."""
    asked: list[Callable[[], bool]] = []
    answers: list[list[bool]] = []

    def fake(program: Program, until: float, stopped: Callable[[], bool]) -> Run:
        asked.append(stopped)
        answers.append([one() for one in asked])
        return run(program, until, stopped)

    monkeypatch.setattr("collectors.plugin.collector.run", fake)
    collector = bench.of(shell(tmp_path, "echo OK"))
    for _ in range(2):
        await collector.collect()
    assert answers == [[False], [True, False]]


def test_what_a_run_wrote_is_not_in_what_is_logged_of_it(tmp_path: Path) -> None:
    script = shell(tmp_path, f"echo $1; echo {CANARY} >&2")
    result = run(Program((script, CANARY), {}), perf_counter() + 30, lambda: False)
    assert CANARY.encode() in result.output
    assert CANARY.encode() in result.errors
    assert CANARY not in repr(result)


def nothing(_pid: int, _what: object) -> int:
    return 0


async def test_a_process_that_does_not_die_is_not_joined_by_another(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that hangs in the kernel: here, nobody kills it."""
    monkeypatch.setattr("collectors.plugin.process.DEATH_SECONDS", 0.0)
    monkeypatch.setattr("collectors.plugin.process.os.killpg", nothing)
    monkeypatch.setattr("collectors.plugin.process.kill_leftovers", nothing)
    told, fifo = tmp_path / "pids", str(tmp_path / "fifo")
    os.mkfifo(fifo)
    collector = bench.of(shell(tmp_path, f"echo $$ >>{told}; read _ <{fifo}; exit 0"), budget=1.0)
    for count in (1, 2):
        with pytest.raises(Unreachable, match="no result within"):
            await collector.collect()
        with pytest.raises(CannotCheck, match="hangs in the kernel"):
            await collector.collect()
        pids = await numbers(told, count)
        assert len(pids) == count
        os.close(os.open(fifo, os.O_WRONLY))
        await gone(pids)
    await collector.close()
    assert "check_it" not in children()


def test_it_runs_on_uvloop(tmp_path: Path) -> None:
    async def both() -> None:
        async with benched() as bench:
            harvest = await bench.run(shell(tmp_path, f"sleep {FOREVER} & echo 'OK|a=1'; exit 1"))
            assert (status(harvest), values(harvest)) == (1, {("a", ""): 1})
            script = shell(tmp_path, f"sleep {FOREVER}")
            with pytest.raises(Unreachable):
                await bench.run(script, budget=0.5)
            assert not running(script)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(both())


async def test_the_spec_builds_it(bench: Bench, tmp_path: Path) -> None:
    spec: CollectorSpec = SPEC
    params = PluginParams(command=(shell(tmp_path, "echo OK"),))
    collector = spec.build(Target(Subject("device", "d")), params, bench.wire)
    assert {one.family for one in (await collector.collect()).layout.columns} <= set(spec.families)

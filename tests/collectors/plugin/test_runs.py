"""How a plug-in may end, and that nothing of it is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.contract import BadReply, CannotCheck, Reason, Unreachable
from agent.families import PLUGIN_ERRORS, PLUGIN_EXIT, PLUGIN_OUTPUT
from collectors.plugin.limits import launched
from collectors.plugin.process import KEPT_BYTES
from tests.collectors.plugin.lab import (
    FOREVER,
    Bench,
    children,
    descriptors,
    gone,
    numbers,
    program,
    python,
    remove,
    running,
    shell,
    status,
    values,
)


@pytest.mark.parametrize(("code", "expected"), [(0, 0), (1, 1), (2, 2), (3, 3)])
async def test_exit_status(bench: Bench, tmp_path: Path, code: int, expected: float) -> None:
    harvest = await bench.run(shell(tmp_path, f"echo 'all said|a=1s'; exit {code}"))
    assert (status(harvest), values(harvest)) == (expected, {("a", "seconds"): 1})
    assert harvest.facts == {PLUGIN_OUTPUT: "all said"}
    assert not harvest.partial


async def test_a_status_that_no_plug_in_should_have_is_unknown_and_told(bench: Bench, tmp_path: Path) -> None:
    harvest = await bench.run(shell(tmp_path, "echo hm; exit 4"))
    assert status(harvest) == 3
    assert harvest.facts == {PLUGIN_OUTPUT: "hm", PLUGIN_EXIT: "4"}


async def test_errors_are_quoted_where_nothing_else_is_said(bench: Bench, tmp_path: Path) -> None:
    harvest = await bench.run(shell(tmp_path, "echo 'no such option [-a|-b]' >&2; exit 3"))
    assert harvest.facts == {PLUGIN_OUTPUT: "no such option [-a"}
    assert not harvest.partial


async def test_ended_by_a_signal(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(BadReply, match="ended by SIGSEGV"):
        await bench.run(shell(tmp_path, "echo OK; kill -SEGV $$"))


async def test_one_that_hangs_is_killed(bench: Bench, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    script = shell(tmp_path, f"trap '' TERM INT HUP; echo $$ >{told}; echo started; sleep {FOREVER}")
    with pytest.raises(Unreachable, match="no result within") as caught:
        await bench.run(script, budget=1.0)
    assert caught.value.reason is Reason.TIMEOUT
    await gone(await numbers(told, 1))


async def test_a_child_that_keeps_the_pipe_holds_nothing_up(bench: Bench, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    harvest = await bench.run(shell(tmp_path, f"sleep {FOREVER} & echo $! >{told}; echo fine"))
    assert harvest.facts == {PLUGIN_OUTPUT: "fine"}
    await gone(await numbers(told, 1))


ESCAPE = """
import os, sys, time
for detached in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        with open(sys.argv[1], "a") as told:
            told.write(f"{os.getpid()}\\n")
        if detached:
            os.closerange(0, 64)
        time.sleep(600)
    else:
        os.wait()
while len(open(sys.argv[1]).read().split()) < 3:
    time.sleep(0.01)
print("OK", flush=True)
"""


@pytest.mark.parametrize("then", ["", f"time.sleep({FOREVER})"])
async def test_those_who_left_the_session_are_found(bench: Bench, tmp_path: Path, then: str) -> None:
    told = tmp_path / "pids"
    run = bench.run(python(tmp_path, ESCAPE + then), str(told), budget=2.5 if then else 30.0)
    if then:
        with pytest.raises(Unreachable):
            await run
    else:
        assert status(await run) == 0
    await gone(await numbers(told, 3))


async def test_a_job_of_a_group_of_its_own_is_found(bench: Bench, tmp_path: Path) -> None:
    """Its environment is empty; it is known by the session."""
    told = tmp_path / "pids"
    body = f"set -m; env -i sleep {FOREVER} & echo $! >{told}; echo OK"
    assert status(await bench.run(shell(tmp_path, body))) == 0
    await gone(await numbers(told, 1))


async def test_a_bomb_is_put_out(bench: Bench, tmp_path: Path) -> None:
    """Each generation starts the next in a session of its own and ends; ten at a time, four hundred at most."""
    bomb = f"""
    import os, time
    for _ in range(10):
        if os.fork() == 0:
            for _ in range(40):
                if os.fork():
                    os._exit(0)
                os.setsid()
                time.sleep(0.02)
            time.sleep({FOREVER})
    time.sleep({FOREVER})
    """
    script = python(tmp_path, bomb)
    with pytest.raises(Unreachable):
        await bench.run(script, budget=3.0)
    assert not running(script)


async def test_much_output_is_cut_and_the_status_kept(bench: Bench, tmp_path: Path) -> None:
    body = """
    import sys
    sys.stdout.write("much|" + "x" * 10_000_000 + "=1 late=2\\n")
    sys.stderr.write("e" * 1_000_000)
    sys.exit(1)
    """
    harvest = await bench.run(python(tmp_path, body))
    assert (status(harvest), values(harvest)) == (1, {})
    assert harvest.facts[PLUGIN_OUTPUT] == "much"
    assert len(harvest.facts[PLUGIN_ERRORS]) == 512
    assert sum(map(len, harvest.partial)) < 300 < KEPT_BYTES


async def test_output_without_end_is_stopped(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(BadReply, match="more than 16 MiB"):
        await bench.run(shell(tmp_path, "exec yes 'OK - endless|a=1'"))


async def test_binary_output(bench: Bench, tmp_path: Path) -> None:
    body = """
    import sys
    sys.stdout.buffer.write(bytes(range(256)) * 100 + b"|\\0=1 a\\x1b[2Jb=2 'c\\xff'=3s")
    """
    harvest = await bench.run(python(tmp_path, body))
    assert status(harvest) == 0
    assert len(harvest.facts[PLUGIN_OUTPUT].encode()) <= 512
    assert all(text.isprintable() for text in (*harvest.facts.values(), *harvest.partial))
    assert all(name.isprintable() for labels in values(harvest) for name in labels)


async def test_nothing_at_all(bench: Bench, tmp_path: Path) -> None:
    harvest = await bench.run(shell(tmp_path, "exit 2"))
    assert (status(harvest), harvest.facts) == (2, {})


async def test_a_missing_program(bench: Bench, tmp_path: Path) -> None:
    script = shell(tmp_path, "exit 0")
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(CannotCheck, match="failed to execute"):
            await bench.run(str(path))
    collector = bench.of(script)
    remove(script)
    with pytest.raises(CannotCheck, match=r"failed to execute .*/check_it: No such file"):
        await collector.collect()


async def test_what_cannot_be_executed(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(CannotCheck, match=r"failed to execute .*/check_it: No such file"):
        await bench.run(program(tmp_path, "#!/nowhere/sh\n"))
    with pytest.raises(CannotCheck, match=r"failed to execute .* Permission denied"):
        await bench.run(program(tmp_path, "", mode=0o600))


async def test_without_its_launcher_nothing_is_started(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.plugin.limits.LAUNCHER", "/nowhere/prlimit")
    with pytest.raises(CannotCheck, match="/nowhere/prlimit cannot be run: No such file"):
        await bench.run(shell(tmp_path, "echo OK"))


async def test_the_surroundings(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS", "not theirs")
    body = """
    pwd; env | sort; cat; umask; ulimit -c; ulimit -n
    """
    script = shell(tmp_path, body)
    harvest = await bench.run(script, environment={"LANG": "de_DE.UTF-8", "PORT": 389})
    said = harvest.facts[PLUGIN_OUTPUT] + " / " + harvest.facts["plugin_details"]
    for part in (
        "/ / HOME=/",
        "LANG=de_DE.UTF-8 ",
        "PORT=389 ",
        "PATH=/usr/local/sbin:",
        " / 0077 / 0 / 1024",
    ):
        assert part in said
    assert "OURS" not in said


async def test_nothing_leaks(bench: Bench, tmp_path: Path) -> None:
    collector = bench.of(shell(tmp_path, f"sleep {FOREVER} & echo 'OK|a=1'"))
    await collector.collect()
    before = descriptors()
    layouts = {id((await collector.collect()).layout) for _ in range(10)}
    assert descriptors() == before
    assert len(layouts) == 1
    assert "check_it" not in children()


@pytest.mark.parametrize("user", [0, 1000])
def test_tasks_are_bounded_for_users_that_can_be(monkeypatch: pytest.MonkeyPatch, user: int) -> None:
    monkeypatch.setattr("collectors.plugin.limits.os.geteuid", lambda: user)
    argv = launched(("/x", "-a"), 9.5)
    assert argv[-3:] == ("--", "/x", "-a")
    assert {"--core=0:0", "--cpu=15:15"} <= set(argv)
    assert any(word.startswith("--nproc=") for word in argv) == (user != 0)

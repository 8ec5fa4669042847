from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner, Result

from agent.app.loading import StartError
from agent.app.whatif import Question, ask_daemon, write
from agent.cli import cli
from agent.contract import Network, SiteVerdict
from agent.risk.network.failure_answer import Answer
from tests.agent.risk.county import COUNTY, county
from tests.exporters.fakes import FakeCommands, make_snapshot
from tests.exporters.webserver import serve

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "ringwacht.yml").write_text(
        yaml.safe_dump({**COUNTY, "defaults": {"needs": ["kreishaus", "rz"]}}, sort_keys=False)
    )
    return tmp_path


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["whatif", *arguments])


def test_the_answer_is_a_sentence_a_table_and_what_is_not_known(files: Path) -> None:
    result = ask(str(files), "--fail", "link:rf-kh-wad")
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert said.startswith("If link:rf-kh-wad fails: no site is cut off; fewer ways than designed: wadersloh and sas")
    assert "wadersloh 1 2 2 fewer than required" in said
    assert "demand not known, not counted: kreishaus, everswinkel, afg, rz" in said
    assert "capacity not known, load not judged: afg-fibre" in said


def test_several_failures_and_another_demand(files: Path) -> None:
    arguments = ("--fail", "group:mast", "--fail", "link:rh-fibre", "--demand", "rathaus=25Mbit/s", "--json")
    found = json.loads(ask(str(files), *arguments).stdout)
    assert found["fail"] == ["group:mast", "link:rh-fibre"]
    assert found["isolated_sites"] == ["wadersloh"]
    assert found["sites"]["wadersloh"] == {"paths": 0, "paths_designed": 2, "paths_required": 2}
    assert found["links"]["rh-lte"] == {"utilisation": 0.5}
    assert found["links"]["rh-fibre"] == {"utilisation": None}
    assert found["unknown"]["capacity"] == ["afg-fibre"]


def test_all_ranks_what_cuts_most_sites_off_first(files: Path) -> None:
    found: dict[str, Any] = json.loads(ask(str(files), "--all", "--json").stdout)
    cut = [len(row["isolated_sites"]) for row in found["failures"]]
    assert cut == sorted(cut, reverse=True)
    first_that_cuts_nobody = found["failures"][cut.index(0)]
    assert first_that_cuts_nobody["worst"] == {"link": "rh-lte", "utilisation": 2.4}
    shown = ask(str(files), "--all").stdout
    assert "single failures cut sites off." in shown
    assert "wadersloh 1, sassenberg 1" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fail", "link:rf-kh-wda"], "there is no link 'rf-kh-wda' (did you mean rf-kh-wad?)"),
        (["--fail", "link:rf-kh-wad", "--demand", "rathuas=1"], "there is no site 'rathuas' (did you mean rathaus?)"),
        (["--fail", "link:rf-kh-wad", "--demand", "rathaus=viel"], "demand of rathaus: 'viel' is not a rate"),
        (["--fail", "link:rf-kh-wad", "--demand", "rathaus"], "'rathaus' is not a demand: write site=rate"),
        ([], "say what fails"),
        (["--all", "--fail", "link:rf-kh-wad"], "say what fails"),
    ],
)
def test_a_slip_is_one_line_and_exit_code_1(files: Path, arguments: list[str], message: str) -> None:
    result = ask(str(files), *arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_is_named_twice_fails_once(files: Path) -> None:
    assert ask(str(files), *["--fail", "link:kh-rz"] * 2).stdout.startswith("If link:kh-rz fails: ")


def test_what_no_declared_way_leads_to_is_not_judged_and_said_so(tmp_path: Path) -> None:
    (tmp_path / "ringwacht.yml").write_text("sites: {a: {core: true}, b: {}}\n")
    said = ask(str(tmp_path), "--fail", "site:a").stdout
    assert said.startswith("If site:a fails: no judged site is cut off.")
    assert "not judged, no declared way leads to what it needs: b (needs a)" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--url", "http://127.0.0.1:1"], "http://127.0.0.1:1: "),
        (["--url", "127.0.0.1:9595"], "127.0.0.1:9595: http:// is missing, write http://127.0.0.1:9595"),
    ],
)
def test_an_address_that_cannot_be_asked_is_one_line(arguments: list[str], message: str) -> None:
    result = ask(*arguments, "--fail", "link:rf-kh-wad")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


def test_a_path_beside_an_address_is_not_read_and_that_is_said() -> None:
    result = ask("no-such-folder", "--url", "http://127.0.0.1:1", "--fail", "link:rf-kh-wad")
    note, problem = result.stderr.splitlines()
    assert note == "no-such-folder is not read: the daemon answers from its own files"
    assert problem.startswith("http://127.0.0.1:1: ")


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("body", ["{}", "[]", '{"failures": 1, "fail": [1]}', "<html>"])
async def test_another_server_is_no_daemon(body: str, *, every: bool) -> None:
    async def reply(_: web.Request) -> web.Response:
        return web.Response(text=body)

    app = web.Application()
    app.router.add_get("/api/v1/whatif", reply)
    async with TestServer(app) as server:
        with pytest.raises(StartError, match=r"^http://\S+: (does not answer as a daemon|its answer is no JSON)"):
            await ask_daemon(str(server.make_url("/")), Question(("link:x",) * (not every), every=every))


async def test_a_daemon_answers_from_its_present_state() -> None:
    async with serve(FakeCommands(make_snapshot(), county())) as client:
        found = await ask_daemon(client.url, Question(("link:ev-vdsl",), ("rathaus=1Mbit/s",)))
    assert isinstance(found, Answer)
    assert found.isolated_sites == ("everswinkel",)
    assert len(found.unknown.links) == 8


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (Question(("link:kh-rz",)), "If link:kh-rz fails: rz is cut off; cut off already: afg."),
        (Question(("link:afg-fibre",)), "If link:afg-fibre fails: no further site is cut off; cut off already: afg"),
        (Question(every=True), " single failures cut further sites off; cut off already: afg."),
    ],
)
async def test_who_is_cut_off_already_is_said_first(
    question: Question, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = FakeCommands(make_snapshot(), county())
    commands.judged = Network(0.0, sites={"afg": SiteVerdict("afg", "isolated", ("kreishaus",))})
    async with serve(commands) as client:
        write(await ask_daemon(client.url, question), as_json=False)
    assert sentence in " ".join(capsys.readouterr().out.split())

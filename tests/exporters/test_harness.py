from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from tests.harness.alertmanager import alertmanager
from tests.harness.chromium import load_page
from tests.harness.process import free_port
from tests.harness.prometheus import prometheus, scrape_job
from tests.harness.sink import sink


async def test_the_sink_records_and_answers_as_told() -> None:
    async with sink() as here, aiohttp.ClientSession() as session:
        here.status = 503
        async with session.post(f"{here.url}/a?b=c", json={"x": 1}) as response:
            assert response.status == 503
        assert (await here.wait())[0].path == "/a?b=c"
        assert here.requests[0].json() == {"x": 1}


@pytest.mark.integration
async def test_the_browser_tells_what_is_wrong_with_a_page(tmp_path: Path) -> None:
    page = await load_page("data:text/html,<p>there</p><script>console.error('boom'); nonesuch()</script>", tmp_path)
    assert "<p>there</p>" in page.dom
    assert ["boom" in page.console[0], "nonesuch is not defined" in page.console[1]] == [True, True]


@pytest.mark.integration
async def test_servers_start_answer_and_end(tmp_path: Path) -> None:
    async with alertmanager(tmp_path / "am") as keeper:
        assert await keeper.alerts() == []
        await keeper.process.kill()
        assert not keeper.process.running
        await keeper.start()
    target = f"127.0.0.1:{free_port()}"
    async with prometheus(tmp_path / "prometheus", [scrape_job("nobody", target)]) as server:
        (up,) = await server.wait_for("up")
        assert up.labels["instance"] == target
        assert up.value == 0

"""Where people reach the page: one answer for messages, Alertmanager and the rules for Prometheus."""

from __future__ import annotations

import pytest

from config.settings import Settings
from exporters.address import page_of
from exporters.messages.briefing import Briefing
from tests.exporters.county import make_inventory


@pytest.mark.parametrize(
    ("web", "here", "afar"),
    [
        ({}, "http://127.0.0.1:9595", None),
        ({"listen": "localhost:80"}, "http://localhost:80", None),
        ({"listen": "[::1]:80"}, "http://[::1]:80", None),
        ({"listen": "10.0.0.1:80"}, "http://10.0.0.1:80", "http://10.0.0.1:80"),
        ({"listen": "0.0.0.0:80"}, None, None),
        ({"listen": "[::]:80"}, None, None),
        ({"external_url": "https://wacht.example/"}, "https://wacht.example", "https://wacht.example"),
    ],
)
def test_the_page_is_where_it_is_said_to_be_or_where_it_listens(
    web: dict[str, str], here: str | None, afar: str | None
) -> None:
    listens = web.get("listen", "127").startswith(("127", "localhost", "[::1]"))
    settings = Settings.model_validate({"web": web if listens else {**web, "token": {"file": __file__}}})
    assert page_of(settings.web) == here
    assert page_of(settings.web, afar=True) == afar
    assert Briefing.of(make_inventory(), settings, None).address == afar

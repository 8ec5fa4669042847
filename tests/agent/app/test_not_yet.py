"""What ``check`` says of keys that are read and checked, but that nothing works with yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.app.loading import prepare

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise

CONTRACT = "contracts: {c: {provider: P%s}}"


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        (CONTRACT, "availability", "99.5%"),
    ],
)
def test_a_key_that_nothing_works_with_is_named_where_it_is_set_and_only_there(
    section: str, key: str, value: str, tmp_path: Path
) -> None:
    def said(text: str) -> list[str]:
        (tmp_path / "ringwacht.yml").write_text(f"sites: {{a: {{}}}}\n{text}\n")
        return [line for line in prepare(tmp_path).plan.warnings if "nothing works with it yet" in line]

    table, _, rest = section.partition(":")
    name = rest.strip(" {").partition(":")[0]
    assert said(section % f", {key}: {value}") == [f"{table}: {key} of {name}: checked, but nothing works with it yet"]
    assert said(section % "") == []

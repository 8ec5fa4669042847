"""What is said of partners whose use of the links nobody could measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.app.loading import prepare

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # a plug-in of Apprise

NETWORK = """\
sites: {core: {core: true}, town: {}, farm: {}}
devices:
  sw: {site: core, address: 192.0.2.1, checks: [icmp]}
  slow: {site: core, address: 192.0.2.2, checks: [icmp], interval: 20m}
  idle: {site: core, address: 192.0.2.3, checks: [icmp], role: idle}
defaults: {roles: {idle: {interval: 15m}}}
links:
  seen: {kind: fibre, ends: [sw/1, town]}
  blind: {kind: leased, ends: [core, town]}
  spare: {kind: mobile, ends: [core, town], standby: true}
  far: {kind: leased, ends: [town, farm]}
  rare: {kind: fibre, ends: [slow/1, town]}
  seldom: {kind: fibre, ends: [idle/1, town]}
partners:
"""


def told(folder: Path, partner: str) -> list[str]:
    (folder / "ringwacht.yml").write_text(f"{NETWORK}  p: {partner}\n")
    return [line for line in prepare(folder / "ringwacht.yml").plan.warnings if "partners.p" in line]


@pytest.mark.parametrize(
    ("partner", "why"),
    [
        ("{rented: 5Mbit/s}", "it has no links"),
        ("{links: [far]}", "its links do not say where it is connected"),
        ("{site: farm, links: [seen]}", "none of its links ends at farm"),
        ("{site: town, links: [seen, blind]}", "no end of blind is a port"),
        ("{site: town, links: [seen, rare]}", "no end of rare is read more often than each 15m"),
        ("{site: town, links: [seldom]}", "no end of seldom is read more often than each 15m"),
    ],
)
def test_a_partner_that_nobody_can_measure_is_told_with_its_place(tmp_path: Path, partner: str, why: str) -> None:
    (line,) = told(tmp_path, partner)
    assert "ringwacht.yml:15:" in line
    assert f"what it uses cannot be measured: {why}" in line


@pytest.mark.parametrize("partner", ["{site: town, links: [seen]}", "{links: [seen]}", "{links: [seen, spare]}"])
def test_a_partner_that_can_be_measured_is_not_remarked_on(tmp_path: Path, partner: str) -> None:
    assert told(tmp_path, partner) == []

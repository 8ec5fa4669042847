"""Only what reads is written to a device; what changes by itself is no drift; what is cut off is no configuration."""

from __future__ import annotations

import re
from typing import cast, get_args

import pytest
from netmiko.ssh_dispatcher import CLASS_MAPPER  # pyright: ignore[reportUnknownVariableType]

from collectors.ssh.platforms import (
    PLATFORMS,
    NoConfigurationError,
    NotAllowedError,
    check_allowed,
    is_unsaved,
    normalised,
)
from config.ssh import SshType

TYPES: tuple[str, ...] = get_args(SshType)

READS = re.compile(
    r"show [a-z -]+|/export terse|terminal (?:width|length) \d+|no page|enable|exit|logout|quit|y|n|", re.ASCII
)


def test_each_type_of_the_configuration_has_its_platform_and_its_driver() -> None:
    assert set(PLATFORMS) == set(TYPES)
    assert set(TYPES) <= set(cast("dict[str, object]", CLASS_MAPPER))


@pytest.mark.parametrize("name", TYPES)
def test_all_that_may_be_written_only_reads_or_sets_the_terminal(name: str) -> None:
    assert [one for one in PLATFORMS[name].writable if not READS.fullmatch(one)] == []


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize(
    "written",
    ["configure terminal\n", "write memory\n", "reload\r\n", "show run | tee x\n", "show running-config\nreload\n",
     "/system reset-configuration\r\n", "/export file=x\r\n", "conf t", "copy run start\n"],
)  # fmt: skip
def test_anything_else_is_refused(name: str, written: str) -> None:
    with pytest.raises(NotAllowedError):
        check_allowed(PLATFORMS[name], written, ("lab", "secret"))


def test_the_answers_to_a_login_are_allowed_and_never_quoted() -> None:
    check_allowed(PLATFORMS["cisco_ios"], "geheim\n", ("lab", "geheim"))
    with pytest.raises(NotAllowedError) as caught:
        check_allowed(PLATFORMS["cisco_ios"], "geheim\n", ("lab",))
    assert "geheim" not in str(caught.value)


CISCO = (
    "Load for five secs: 1%/{1}%\nTime source is NTP, {0}\n\nBuilding configuration...\n\n"
    "! Last configuration change at {0} by x\nversion 15\nntp clock-period {1}\nend\n"
)


def test_what_changes_by_itself_is_no_difference() -> None:
    one, other = (
        normalised(PLATFORMS["cisco_ios"], CISCO.format(*found)) for found in (("10:00", "1"), ("11:00", "2"))
    )
    assert one == other == "version 15\nend\n"


def test_what_a_router_remarks_beside_its_export_is_no_difference() -> None:
    one, other = (
        normalised(PLATFORMS["mikrotik_routeros"], f"# x by RouterOS 7\n# model = R\n# {said}\n/ip x\n")
        for said in ("channel: 2412/20-Ce/gn(18dBm)", "eth3 not ready")
    )
    assert one == other == "# model = R\n/ip x\n"


@pytest.mark.parametrize("stamp", ["# dec/11/2026 10:00:00 by RouterOS 6.49", "# 2026-12-11 10:00:00 by RouterOS 7.15"])
def test_the_moment_of_an_export_is_no_difference(stamp: str) -> None:
    assert normalised(PLATFORMS["mikrotik_routeros"], f"{stamp}\r\n/ip x\r\n") == "/ip x\n"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("cisco_ios", "version 15\nhostname x\ninterface Gi1"),
        ("cisco_ios", "              ^\n% Invalid input detected at '^' marker.\n"),
        ("hp_procurve", "Invalid input: show\n"),
        ("mikrotik_routeros", "bad command name export (line 1 column 1)\n"),
        ("mikrotik_routeros", '/ip x\n#error exporting "/interface/wireguard" (timeout)\n'),
        ("mikrotik_routeros", "/ip x\n#interrupted\n"),
        ("cisco_ios", ""),
        ("hp_procurve", "\x1b[2J\x00\x01garbage"),
        ("mikrotik_routeros", "x" * (9 << 20)),
    ],
)
def test_what_is_no_whole_configuration_is_refused_and_not_quoted(name: str, answer: str) -> None:
    with pytest.raises(NoConfigurationError) as caught:
        normalised(PLATFORMS[name], answer)
    assert "garbage" not in str(caught.value)


def test_escape_codes_and_hidden_characters_are_taken_out() -> None:
    text = "\x1b[24;1H; J9147A\r\nhostname \x1b[1m\u202esw\x07\r\n"
    assert normalised(PLATFORMS["hp_procurve"], text) == "; J9147A\nhostname sw\n"


@pytest.mark.parametrize(
    ("said", "unsaved"),
    [
        ("Running configuration has been changed and needs to be saved.", True),
        ("Running configuration is same as the startup configuration.", False),
        ("Invalid input: config", None),
    ],
)
def test_a_procurve_says_whether_it_is_saved(said: str, unsaved: bool | None) -> None:
    assert is_unsaved(PLATFORMS["hp_procurve"], "", said) is unsaved


def test_a_cisco_is_saved_although_its_certificates_are_shown_in_two_forms() -> None:
    running = "version 15\ncrypto pki certificate chain A\n certificate self-signed 01\n  3082\n  quit\nvlan 2\nend\n"
    saved = "version 15\ncrypto pki certificate chain A\n certificate self-signed 01 nvram:A.cer\nvlan 2\nend\n"
    assert is_unsaved(PLATFORMS["cisco_ios"], running, saved) is False
    assert is_unsaved(PLATFORMS["cisco_ios"], running.replace("vlan 2", "vlan 3"), saved) is True
    assert is_unsaved(PLATFORMS["cisco_ios"], running, "% Invalid input") is None


@pytest.mark.parametrize(
    "said", ["startup-config is not present\n", "%% Non-volatile configuration memory is not present"]
)
def test_a_cisco_that_was_never_saved_would_lose_everything(said: str) -> None:
    assert is_unsaved(PLATFORMS["cisco_ios"], "version 15\nend\n", said) is True


def test_a_refused_command_is_told_from_a_reply_that_is_none() -> None:
    with pytest.raises(NoConfigurationError) as caught:
        normalised(PLATFORMS["cisco_ios"], "% Invalid input detected at '^' marker.\n")
    assert caught.value.outcome == "rights"


def test_a_router_that_keeps_each_change_is_never_unsaved() -> None:
    assert is_unsaved(PLATFORMS["mikrotik_routeros"], "/ip x", "") is False

"""Which profiles a device gets: its own by prefix or description, others by what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.contract import CollectorSpec, Unreachable
from agent.demo import ber
from agent.demo.ber import Request
from collectors.snmp.mapping.library import Library, load_library
from collectors.snmp.mapping.recognise import Recogniser, merge
from collectors.snmp.mapping.schema import Profile
from collectors.snmp.oid import SYS_DESCR, SYS_OBJECT_ID, Value
from collectors.snmp.spec import make_spec
from tests.collectors.snmp.lab import Bench, by_community
from tests.collectors.snmp.replay import neutral
from tests.harness.snmp_agent import SYSTEM, Agent, dotted, encode, snmp_agent

VENDOR = "1.3.6.1.4.1.99999"
"""The scripted agent's enterprise; its sysObjectID is VENDOR.1."""
UPTIME = "1.3.6.1.2.1.1.3.0"


def head(match: str) -> str:
    """The begin of a profile."""
    return f"profile:\n  title: A thing\n  kind: power\n  match: {match}\n"


def write(folder: Path, **texts: str) -> list[Path]:
    """Files of the user's own profiles, by name; ``_`` is written as ``-``."""
    paths = [folder / f"{name.replace('_', '-')}.yml" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text)
    return paths


def library(folder: Path, **texts: str) -> Library:
    """Only these profiles, and one for all others."""
    return load_library(write(folder, generic=head("{}"), **texts), shipped=False)


def says(object_id: str = "1.3.6.1.4.1.7", description: str = "x") -> dict[str, Value]:
    """A device's system group."""
    return {SYS_OBJECT_ID: object_id, SYS_DESCR: description.encode()}


def names(found: Library, system: dict[str, Value], answers: Sequence[str] = ()) -> str:
    """The profiles of a device."""
    return Recogniser(found, "auto", (), "").choose(system, answers).profile_name


def test_the_longest_prefix_wins_and_is_no_text_prefix(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        vendor=head(f"{{sys_object_id: [{VENDOR}]}}"),
        radio=head(f"{{sys_object_id: [{VENDOR}.1.2, {VENDOR}.3]}}"),
    )
    assert names(found, says(f"{VENDOR}.1.2.7")) == "radio"
    assert names(found, says(f"{VENDOR}.3")) == "radio"
    assert names(found, says(f"{VENDOR}.1.20")) == "vendor"
    assert names(found, says(f"{VENDOR}9.1")) == "generic"
    assert names(found, {}) == "generic"


def test_the_description_counts_where_no_prefix_fits_and_among_equals(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        one=head(f"{{sys_object_id: [{VENDOR}], sys_descr: '(?i)^alfo'}}"),
        two=head(f"{{sys_object_id: [{VENDOR}], sys_descr: '(?i)^ags'}}"),
    )
    assert names(found, says(description="ALFOplus2")) == "one"
    assert names(found, says(f"{VENDOR}.1", "ALFOplus2")) == "one"
    assert names(found, says(f"{VENDOR}.1", "AGS20")) == "two"


def test_what_a_device_answers_comes_besides_unless_another_stands_for_it(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        own=head(f"{{sys_object_id: [{VENDOR}]}}") + "  instead_of: [standard]\n",
        standard=head("{probe: 1.3.6.1.2.1.33}"),
        better=head("{probe: 1.3.6.1.2.1.99}") + "  instead_of: [standard]\n",
        extra=head("{probe: 1.3.6.1.2.1.47}"),
        whole=head("{probe: 1.3.6.1.2.1.50}") + "  instead_of: [generic]\n",
    )
    assert names(found, says(), ["standard", "extra"]) == "generic+extra+standard"
    assert names(found, says(), ["standard", "better"]) == "generic+better"
    assert names(found, says(VENDOR), ["standard", "extra"]) == "own+extra"
    assert names(found, says(), ["whole"]) == "whole"
    recogniser = Recogniser(found, "auto", (), "")
    assert set(recogniser.probes(says(VENDOR))) == {"better", "extra", "whole"}


def test_why_a_profile_applies_is_said(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        own=head(f"{{sys_object_id: [{VENDOR}], sys_descr: ^ags}}"),
        extra=head("{probe: 1.3.6.1.2.1.47}"),
    )
    recogniser = Recogniser(found, "auto", (), "")
    assert recogniser.choose(says(f"{VENDOR}.1"), ["extra"]).profiles == {
        "own": f"sysObjectID {VENDOR}.1 lies under {VENDOR}",
        "extra": "answers 1.3.6.1.2.1.47",
    }
    assert recogniser.choose(says(description="ags"), []).profiles == {"own": "sysDescr matches ^ags"}
    assert recogniser.choose(says(), []).profiles == {"generic": "no profile names its sysObjectID or sysDescr"}


def test_the_most_careful_quirks_count() -> None:
    many = [
        Profile.model_validate({"quirks": {"max_repetitions": 20}}),
        Profile.model_validate({"quirks": {"bulk": False}}),
        Profile.model_validate({"quirks": {"unordered": True, "max_repetitions": 5}}),
    ]
    quirks = merge(many).quirks
    assert (quirks.bulk, quirks.unordered, quirks.max_repetitions) == (False, True, 5)
    assert merge([]).quirks.bulk


def test_an_entry_keeps_its_own_profiles_labels() -> None:
    entry = {"family": "ringwacht_hardware_ok", "oid": "1.3.9"}
    one = Profile.model_validate({"labels": {"part": "one"}, "neutral": [entry]})
    two = Profile.model_validate({"labels": {"part": "two"}, "neutral": [entry]})
    assert [source.const for merged in merge([one, two]).entries for source in merged.labels["part"]] == ["one", "two"]


FACTS = f"""  facts: {{vendor: "=Example, Inc.", model: {VENDOR}.7.0, serial: {VENDOR}.8.0}}
  walk: [{VENDOR}.9]
  get: [{VENDOR}.5.0]
  quirks: {{max_repetitions: 3}}
  neutral:
    - {{family: ringwacht_ups_load_ratio, oid: {VENDOR}.5, scale: 0.01}}
    - {{family: ringwacht_ups_input_voltage_volts, oid: {VENDOR}.9.1, labels: {{phase: {{part: 0}}}}}}
"""
EXTRA = f"""  facts: {{serial: {VENDOR}.4.0, model: =never seen}}
  walk: [{VENDOR}.3]
  neutral:
    - {{family: ringwacht_radio_errored_seconds_total, oid: {VENDOR}.3.1, register: current, labels: {{port: a}}}}
"""


@pytest.fixture
def spec(tmp_path: Path) -> CollectorSpec:
    """The shipped profiles, a vendor's own one, and one that comes by its probe, a column."""
    return make_spec(
        write(
            tmp_path,
            vendor=head(f"{{sys_object_id: [{VENDOR}]}}") + "  instead_of: [ups-mib]\n" + FACTS,
            extra=head(f"{{probe: {VENDOR}.3.1}}") + EXTRA,
        )
    )


TABLE = SYSTEM | {
    f"{VENDOR}.3.1.7": encode(4),
    f"{VENDOR}.4.0": encode("S-1"),
    f"{VENDOR}.5.0": encode(31),
    f"{VENDOR}.7.0": encode(" M\x1b[2J"),
    f"{VENDOR}.8.0": encode(""),
    f"{VENDOR}.9.1.1": encode(231),
    f"{VENDOR}.9.1.2": encode(229),
}


@pytest.mark.parametrize("version", ["1", "2c"])
async def test_profiles_of_the_users_own_files(bench: Bench, spec: CollectorSpec, version: str) -> None:
    async with snmp_agent(Agent(TABLE)) as agent:
        collector = bench.of(agent, spec=spec, profile="auto", login=by_community(version))
        harvest = await collector.collect()
    assert collector.profile == "vendor+extra"
    assert neutral(harvest) == {
        "ups_load_ratio": 0.31,
        "ups_input_voltage_volts 1": 231,
        "ups_input_voltage_volts 2": 229,
        "radio_errored_seconds_total a": 0,
    }
    facts = {name: harvest.facts[name] for name in ("vendor", "model", "serial", "sys_descr")}
    assert facts == {"vendor": "Example, Inc.", "model": "M\ufffd[2J", "serial": "S-1", "sys_descr": "scripted agent"}


async def test_a_named_profile_is_the_only_one(bench: Bench, spec: CollectorSpec) -> None:
    async with snmp_agent(Agent(TABLE)) as agent:
        collector = bench.of(agent, spec=spec, profile="extra", modules=("system",))
        harvest = await collector.collect()
        walked = {dotted(oid) for request in agent.requests if request.kind != ber.GET for oid in request.oids}
    assert "radio_errored_seconds_total a" in neutral(harvest)
    assert "ups_load_ratio" not in neutral(harvest)
    assert any(oid.startswith(f"{VENDOR}.3") for oid in walked)
    assert not any(oid.startswith(f"{VENDOR}.9") for oid in walked)


def test_of_two_that_claim_one_prefix_the_users_is_taken(tmp_path: Path) -> None:
    found = load_library(write(tmp_path, a_radio=head("{sys_object_id: [1.3.6.1.4.1.2281.1]}")))
    assert names(found, says("1.3.6.1.4.1.2281.1.20")) == "a-radio"


async def test_probes_are_asked_once_and_again_after_a_restart(bench: Bench, spec: CollectorSpec) -> None:
    """What registers counted goes on, because the device is the same as before."""
    table = dict(TABLE)
    probed = (1, 3, 6, 1, 4, 1, 99999, 3, 1)
    async with snmp_agent(Agent(table)) as agent:
        collector = bench.of(agent, spec=spec, profile="auto")

        async def poll(seconds: int, uptime: int) -> float:
            agent.table |= {f"{VENDOR}.3.1.7": encode(seconds), UPTIME: ber.integer(uptime, ber.TIMETICKS)}
            return neutral(await collector.collect())["radio_errored_seconds_total a"]

        found = [await poll(4, 1000), await poll(9, 2000), await poll(2, 30), await poll(3, 60)]
        asked = [request for request in agent.requests if request.kind == ber.GET and probed in request.oids]
    assert found == [0, 5, 7, 8]
    assert len(asked) == 2


async def test_a_probe_that_the_device_never_answers_costs_only_itself(bench: Bench, spec: CollectorSpec) -> None:
    def deaf(_: Agent, request: Request) -> Sequence[bytes] | None:
        silent = request.kind == ber.GET_NEXT and dotted(request.oids[0]) == "1.3.6.1.2.1.17.2.15.1.3"
        return () if silent else None

    async with snmp_agent(Agent(TABLE, deaf)) as agent:
        collector = bench.of(agent, spec=spec, profile="auto")
        await collector.collect()
    assert collector.profile == "vendor+extra"


async def test_a_device_that_falls_silent_among_the_probes_is_unreachable(bench: Bench, spec: CollectorSpec) -> None:
    def deaf(_: Agent, request: Request) -> Sequence[bytes] | None:
        return () if request.kind == ber.GET_NEXT else None

    async with snmp_agent(Agent(TABLE, deaf)) as agent:
        collector = bench.of(agent, spec=spec, profile="auto")
        with pytest.raises(Unreachable):
            await collector.collect()
        assert collector.profile is None
        agent.misbehave = None
        await collector.collect()
    assert collector.profile == "vendor+extra"

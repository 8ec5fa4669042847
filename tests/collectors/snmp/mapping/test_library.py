"""Profiles as files: what is refused, with file, line and the likely meant word."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.snmp.mapping.library import Library, load_library
from collectors.snmp.mapping.schema import KINDS
from collectors.snmp.modules.module import ModuleError
from collectors.snmp.oid import parts
from tests.collectors.snmp.replay import SNMPSIM_DATA, SYNTHETIC
from tests.harness.snmp_agent import read_snmprec

HEAD = "profile:\n  title: A thing\n  kind: power\n"
ENTRY = f"{HEAD}  neutral:\n    - "
LOAD = "{family: ringwacht_ups_load_ratio, oid: 1.3.6.1.4.1.9.1"


def load(folder: Path, **files: str) -> Library:
    """The library of these user's files only."""
    paths = [folder / f"{name}.yml" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text)
    return load_library(paths, shipped=False)


RADIO = "    - {family: ringwacht_radio_link_up, oid: 1.3.6.1}\n"
SLOW = (
    HEAD
    + "  walk: [{{oid: 1.3.6, every: {}}}]\n  neutral:\n"
    + "    - {{family: ringwacht_radio_errored_seconds_total, oid: 1.3.6.1, register: {}, labels: {{port: x}}}}\n"
)
REFUSED = {
    "profile:\n  kind: power\n": "1: profile: needs a title",
    "profile:\n  title: A thing\n": "1: profile: needs a kind",
    "profile:\n  title: A thing\n  kind: powr\n": "3: profile.kind: Input should be 'radio', 'power'",
    f"{HEAD}  wlak: [1.3]\n": "4: profile.wlak: unknown key; did you mean walk?",
    f"{HEAD}  walk:\n    - 1.3\n    - ifTable\n": "6: profile.walk.1.oid: 'ifTable' is no object identifier",
    f"{HEAD}  facts: {{serial: upsSerial}}\n": "4: profile.facts.serial.0: 'upsSerial' is no object identifier",
    f"{HEAD}  modules: [if_mib]\n": "4: profile.modules.0: unknown name 'if_mib'",
    f"{HEAD}  match: {{sys_descr: '('}}\n": "4: profile.match.sys_descr: no regular expression",
    f"{HEAD}  labels: {{prot: x}}\n  walk: [1.3.6]\n  neutral:\n{RADIO}": (
        "4: profile.labels.prot: no family of this profile has it; did you mean port?"
    ),
    f"{ENTRY}{{family: ringwacht_ups_load, oid: 1.3}}\n": (
        "5: profile.neutral.0.family: ringwacht_ups_load is no neutral family; did you mean ringwacht_ups_load_ratio?"
    ),
    f"{ENTRY}{LOAD}}}\n": (
        "5: profile.neutral.0: 1.3.6.1.4.1.9.1 is read, but lies under no walk or get of the profile and its modules"
    ),
    f"{HEAD}  get: [1.3.6.1.4.1.9.1.0]\n  neutral:\n    - {LOAD}, where: {{column: 1.3.7, match: x}}}}\n": (
        "6: profile.neutral.0: 1.3.7 is read, but lies under no walk"
    ),
    f"{ENTRY}{LOAD}, labels: {{port: x}}}}\n": "ringwacht_ups_load_ratio has no label port; it has none",
    f"{ENTRY}{LOAD}, states: {{1: on}}}}\n": "5: profile.neutral.0: ringwacht_ups_load_ratio has no label state",
    f"{ENTRY}{LOAD}, register: finished}}\n": "ringwacht_ups_load_ratio is no counter",
    SLOW.format(400, "finished"): "6: profile.neutral.0: a register walked every 400 s; it needs a divisor of 900",
    SLOW.format(900, "current"): "6: profile.neutral.0: a running register is read in each poll, not every 900 s",
    SLOW.format(0, "finished"): "4: profile.walk.0.every: Input should be greater than or equal to 1",
    f"{ENTRY}{{family: ringwacht_ha_state, oid: 1.3}}\n": "is a state set: it needs states or bits",
    f"{ENTRY}{LOAD}, where: {{match: x}}}}\n": "a condition needs a column and match, or an index",
    f"{HEAD}  labels: {{port: {{column: 1.3, part: 1}}}}\n": (
        "4: profile.labels.port.0: a label needs exactly one of column, ordinal, part, index, group, or a text"
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ModuleError) as caught:
        load(tmp_path, thing=text)
    assert str(caught.value).startswith(f"{tmp_path}/thing.yml:")
    assert REFUSED[text] in str(caught.value)


def thing(match: str, entry: str, more: str = "") -> str:
    """A profile with one entry."""
    return f"{HEAD}  match: {match}\n  walk: [1.3.6]\n{more}  neutral:\n    - {entry}\n"


HERE, THERE = "{sys_object_id: [1.3.6.1.4.1.9]}", "{probe: 1.3.6.1.2.1.33.1.1.1.0}"
LEVEL = "{family: ringwacht_radio_received_level_dbm, oid: 1.3.6.1"


def test_two_that_can_meet_must_agree(tmp_path: Path) -> None:
    with pytest.raises(ModuleError) as caught:
        load(
            tmp_path, one=thing(HERE, f"{LOAD}}}"), two=thing(THERE, "{family: ringwacht_ups_load_ratio, oid: 1.3.6.2}")
        )
    assert str(caught.value) == (
        f"{tmp_path}/two.yml:7: profile.neutral.0: ringwacht_ups_load_ratio also comes from {tmp_path}/one.yml:7, "
        "and a device can have both: needs instead_of: [one]"
    )


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (f"{LEVEL}, labels: {{port: {{part: 0}}}}}}", f"{LEVEL}, scale: 2, labels: {{port: {{part: 0}}}}}}"),
        (f"{LEVEL}, labels: {{port: a}}}}", f"{LEVEL}.7, labels: {{port: a}}}}"),
        (f"{LEVEL}}}", f"{LEVEL}.7}}"),
    ],
)
def test_which_series_clash(tmp_path: Path, one: str, two: str) -> None:
    with pytest.raises(ModuleError, match="received_level_dbm also comes from"):
        load(tmp_path, one=thing(HERE, one), two=thing(THERE, two))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (thing(HERE, f"{LOAD}}}"), thing("{sys_object_id: [1.3.6.1.4.1.9.7]}", f"{LOAD}.2}}")),
        (thing(HERE, f"{LOAD}}}"), thing("{probe: 1.3.6.1.4.1.77.1}", f"{LOAD}.2}}")),
        (thing(HERE, f"{LOAD}}}"), thing(THERE, f"{LOAD}}}")),
        (thing(HERE, f"{LOAD}}}", "  instead_of: [two]\n"), thing(THERE, f"{LOAD}.2}}")),
        (thing(HERE, f"{LOAD}}}"), thing(THERE, f"{LOAD}.2}}", "  instead_of: [one]\n")),
        (thing(HERE, f"{LEVEL}, labels: {{port: a}}}}"), thing(THERE, f"{LEVEL}.2, labels: {{port: b}}}}")),
        (
            thing(HERE, f"{LEVEL}, labels: {{port: {{part: 0}}}}}}"),
            thing(THERE, f"{LEVEL}.2, labels: {{port: {{part: 0}}}}}}"),
        ),
    ],
    ids=[
        "one device has one of its own",
        "other vendors",
        "the same",
        "instead",
        "instead, turned",
        "labels",
        "tables",
    ],
)
def test_two_that_get_along(tmp_path: Path, first: str, second: str) -> None:
    assert set(load(tmp_path, one=first, two=second).profiles) == {"one", "two"}


def test_a_probe_common_to_many_vendors_meets_them_all(tmp_path: Path) -> None:
    with pytest.raises(ModuleError, match=r"also comes from .*one\.yml"):
        load(tmp_path, one=thing(HERE, f"{LOAD}}}"), two=thing("{probe: 1.3.6.1.4.1.2021.4}", f"{LOAD}.2}}"))


def test_a_misspelt_instead_of(tmp_path: Path) -> None:
    second = thing(THERE, f"{LOAD}.2}}", "  instead_of: [first-profil]\n")
    with pytest.raises(ModuleError, match=r"unknown name 'first-profil'; did you mean first-profile\?"):
        load(tmp_path, **{"first-profile": thing(HERE, f"{LOAD}}}"), "two": second})


def test_a_users_profile_wins_over_a_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "ceragon.yml"
    path.write_text(f"{HEAD}  match: {{sys_object_id: [1.3.6.1.4.1.2281.1]}}\n")
    library = load_library([path])
    assert library.profile("ceragon").title == "A thing"
    assert library.module("ceragon").walk  # the shipped modules remain


def _compact(name: str) -> str:
    return name.replace("-", "").replace("_", "")


def test_the_shipped_profiles_are_whole() -> None:
    library = load_library()
    fixtures = list(SYNTHETIC.glob("*_synthetic.snmprec"))
    for name, profile in library.profiles.items():
        assert profile.kind in KINDS, name
        assert set(profile.instead_of) <= set(library.profiles), name
        for fixture in profile.tested:
            if fixture == "synthetic":
                assert any(_compact(path.name).startswith(_compact(name)) for path in fixtures), name
            else:
                path = SNMPSIM_DATA.parent / fixture.replace("snmpsim-data", "data", 1)
                assert read_snmprec(next(path.parent.glob(f"{path.name}.snmprec*"))), name
        if name != "generic":
            assert profile.match.sys_object_id or profile.match.sys_descr or profile.match.probe, (
                f"{name}: never applies"
            )


def test_no_two_shipped_profiles_claim_one_prefix() -> None:
    library = load_library()
    claimed: dict[str, str] = {}
    for name, profile in library.profiles.items():
        for prefix in profile.match.sys_object_id:
            assert len(parts(prefix)) >= 7, f"{name}: {prefix} is every vendor's"
            assert claimed.setdefault(prefix, name) == name or profile.match.sys_descr, (
                f"{prefix}: {name}, {claimed[prefix]}"
            )

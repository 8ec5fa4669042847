"""What is said of a declared network that cannot be, or that is probably a slip; with file, line and a likely fix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.loader import Loaded
from config.topology import topology_remarks

Problems = Callable[..., list[str]]
Load = Callable[..., Loaded]

SITES = "sites: {a: {}, b: {}, c: {}, d: {}, e: {}}\nrings: {sued: {}}\n"


def links(*sections: str, ring: str = "sued") -> str:
    """``ab`` joins the sites a and b; it is a section of the ring unless it ends in ``-``."""
    lines = ["links:"]
    for name in sections:
        key = name.rstrip("-")
        more = "" if name.endswith("-") else f", ring: {ring}"
        lines.append(f"  {key}: {{kind: fibre, capacity: 1Gbit/s, ends: [{key[0]}, {key[1]}]{more}}}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def remarks(loaded: Load, tmp_path: Path) -> Problems:
    def remarks_on(text: str) -> list[str]:
        made = loaded(text)
        found = topology_remarks(made.inventory, made.positions)
        return [str(problem).replace(f"{tmp_path}/", "") for problem in found]

    return remarks_on


RINGS = [
    (("ab", "bc", "ca"), None),
    (("ab", "ab2"), None),
    (
        ("ab", "bc"),
        "2:9: rings.sued: ring 'sued' is no circle: it ends in a, c (give `ring` to the link that closes it)",
    ),
    (
        ("ab", "bc", "ca-"),
        "2:9: rings.sued: ring 'sued' is no circle: it ends in a, c (is link ca a section of it as well?)",
    ),
    (("ab",), "2:9: rings.sued: ring 'sued' is no circle: it ends in a, b (give `ring` to the link that closes it)"),
    (
        ("ab", "bc", "ca", "cd"),
        "7:60: links.cd.ring: ring 'sued' is no circle: d sticks out, no second section leads there "
        "(take `ring` away from this link)",
    ),
    (
        ("ab", "bc", "ca", "ab2"),
        "7:61: links.ab2.ring: ring 'sued' is no circle: ab and ab2 lead both from a to b (one of them is no section)",
    ),
    (
        ("ab", "bc", "ca", "cd", "de", "ec"),
        "2:9: rings.sued: ring 'sued' is no circle: 4 of its sections meet in c: bc, ca, cd, ec "
        "(in a circle two meet in each place)",
    ),
    (
        ("ab", "ab2", "cd", "cd2"),
        "2:9: rings.sued: ring 'sued' is no circle: it falls into 2 circles: a, b and c, d "
        "(make each circle a ring of its own)",
    ),
]


@pytest.mark.parametrize(("sections", "expected"), RINGS, ids=["+".join(sections) for sections, _ in RINGS])
def test_a_ring_is_one_closed_circle(
    sections: tuple[str, ...], expected: str | None, problems: Problems, loaded: Load
) -> None:
    text = SITES + links(*sections)
    if expected is None:
        assert loaded(text).inventory.rings
        return
    (line,) = problems(text)
    assert line.removeprefix("ringwacht.yml:") == expected


def test_a_ring_closes_over_a_site_with_a_device_for_each_direction(loaded: Load) -> None:
    made = loaded(
        SITES + "devices: {a1: {site: a}, a2: {site: a}}\nlinks:\n"
        "  one: {kind: radio, ring: sued, ends: [a1/1, b]}\n"
        "  two: {kind: radio, ring: sued, ends: [b, a2/1]}\n"
        "  patch: {kind: copper, ring: sued, ends: [a1/2, a2/2]}\n"
    )
    assert len(made.inventory.links) == 3


RACK = "devices: {x: {site: a}, y: {site: a}, z: {site: a}}\n"


def test_a_ring_within_a_site_is_made_of_devices(problems: Problems, loaded: Load) -> None:
    closed = (
        f"{SITES}{RACK}links:\n"
        "  xy: {kind: copper, ring: sued, ends: [x/1, y/2]}\n"
        "  yz: {kind: copper, ring: sued, ends: [y/1, z/2]}\n"
    )
    (line,) = problems(closed)
    assert "it ends in x, z" in line
    assert loaded(closed + "  zx: {kind: copper, ring: sued, ends: [z/1, x/2]}\n").inventory.rings


def test_a_projector_hangs_at_the_site_of_its_room(problems: Problems) -> None:
    room = "rooms: {r: {site: a, kind: classroom}}\n"
    (line,) = problems(f"{SITES}{room}projectors: {{p: {{site: b, room: r, address: 192.0.2.1}}}}")
    assert line.endswith("projectors.p.room: hangs at 'b', and its room is at 'a' (name the site of the room)")


def test_a_link_from_a_site_to_its_own_device_leads_nowhere(problems: Problems, loaded: Load) -> None:
    assert problems(SITES + RACK + "links: {l: {kind: copper, ends: [x/1, a]}}") == [
        "ringwacht.yml:4:33: links.l.ends: leads nowhere: both ends are at a "
        "(name the other site, or a device at each end)"
    ]
    assert loaded(SITES + RACK + "links: {l: {kind: copper, ends: [x/1, y/1]}}").inventory.links


def test_names_that_nothing_has_are_told_before_what_follows_from_them(problems: Problems) -> None:
    (line,) = problems(SITES + links("ab", "bc", "cx"))
    assert "there is no site or device 'x'" in line


REMARKS = [
    (
        "links: {l: {kind: fibre, ends: [a, b], shared_risk: [mast-wes]}, "
        "m: {kind: fibre, ends: [b, c], shared_risk: [mast-west, mast-west]}, "
        "n: {kind: fibre, ends: [b, c], shared_risk: [mast-west]}}",
        "links.l.shared_risk[0]: nothing else shares the risk 'mast-wes' (did you mean mast-west?)",
    ),
    (
        "rings: {nord: {}}\nlinks: {l: {kind: fibre, ends: [a, b], capacity: 1Gbit/s, ring: nord}, "
        "m: {kind: fibre, ends: [b, a], ring: nord}}",
        "links.m: a section of ring 'nord' without capacity "
        "(without it nobody can say whether it carries the load once the ring is cut)",
    ),
    (
        "rings: {nord: {}}\nlinks: {l: {kind: fibre, ends: [a, b], capacity: 1Gbit/s, ring: nord}, "
        "m: {kind: fibre, ends: [b, a], capacity: 1Gbit/s, ring: nord, standby: true}}",
        "links.m.standby: a section of ring 'nord' is no standby (`rpl: m` of the ring is what is blocked)",
    ),
    (
        "links: {l: {kind: fibre, ends: [a, b]}, m: {kind: fibre, ends: [b, c]}, "
        "n: {kind: mobile, ends: [d, c], standby: true}}",
        "links.n.standby: stands by for no other: it is the only link of d",
    ),
    (
        "devices: {s: {site: a}}\nlinks: {l: {kind: fibre, ends: [s/1, b]}, m: {kind: fibre, ends: [s/1, c]}}",
        "links.m.ends[0]: s/1 is an end of link 'l' as well",
    ),
    (
        "devices: {s: {site: a, powered_by: [t]}, t: {site: a, role: server}}",
        "devices.s.powered_by[0]: t is a server, which feeds nothing "
        "(what feeds it is a UPS or a power rail where it stands)",
    ),
    (
        "devices: {s: {site: a, powered_by: [usv]}, usv: {site: b, role: ups}}",
        "devices.s.powered_by[0]: usv stands at b, s at a (what feeds it is a UPS or a power rail where it stands)",
    ),
]


@pytest.mark.parametrize(("text", "expected"), REMARKS, ids=[expected.partition(" (")[0] for _, expected in REMARKS])
def test_a_likely_slip_is_told_and_the_configuration_used(text: str, expected: str, remarks: Problems) -> None:
    (line,) = remarks(f"sites: {{a: {{}}, b: {{}}, c: {{}}, d: {{}}}}\n{text}")
    assert line.startswith("ringwacht.yml:")
    assert line.partition(": ")[2] == expected


def test_a_ring_without_links_is_told(remarks: Problems) -> None:
    assert remarks(SITES) == [
        "ringwacht.yml:2:9: rings.sued: no link is a section of this ring, so nothing is judged of it "
        "(`ring: sued` at each of its links)"
    ]


@pytest.mark.parametrize("kind", ["leased", "vpn", "mobile"])
def test_several_lines_of_a_provider_may_begin_at_one_port(kind: str, remarks: Problems) -> None:
    line = f"{{kind: {kind}, ends: [s/1, %s]}}"
    text = "sites: {a: {}, b: {}, c: {}}\ndevices: {s: {site: a}}\n"
    assert remarks(f"{text}links: {{l: {line % 'b'}, m: {line % 'c'}}}") == []


def test_a_switch_may_feed_a_radio(remarks: Problems) -> None:
    assert remarks("sites: {a: {}}\ndevices: {r: {site: a, powered_by: [sw]}, sw: {site: a, role: switch}}") == []


ACCEPT = "alerting: {accept: [{match: {subject: '%s'}, until: 2027-01-01, reason: r}]}"
NAMED = """
sites: {a: {}, b: {}}
rooms: {keller: {site: a}}
contracts: {leitung: {provider: Netz Nord GmbH}}
devices: {usv: {site: a, room: keller}, sw: {site: a, powered_by: [usv]}}
links: {l: {kind: fibre, ends: [a, b], shared_risk: [mast], contract: leitung}}
partners: {gemeinde: {site: b}}
rules: {own: {select: x, above: 1}}
uplink: {site: a, gateway: 192.0.2.1, references: ["2001:db8::1"]}
"""


@pytest.mark.parametrize(
    "subject",
    [
        "group:mast",
        "mast",
        "group:room/keller",
        "group:provider/Netz Nord GmbH",
        "power:usv",
        "partner:gemeinde",
        "gemeinde",
        "rule:own",
        "uplink:192.0.2.1",
        "uplink:2001:db8::1",
    ],
)
def test_a_match_may_name_shared_risks_power_and_partners(subject: str, loaded: Load) -> None:
    assert loaded(NAMED + ACCEPT % subject).settings.alerting.accept[0].match.subject == subject


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("group:masst", "there is no group 'masst' (did you mean mast?)"),
        ("group:room/kelller", "there is no group 'room/kelller' (did you mean room/keller?)"),
        ("power:sw", "there is no power 'sw'"),
        ("partner:x", "there is no partner 'x'"),
    ],
)
def test_a_match_that_names_no_such_element(subject: str, expected: str, problems: Problems) -> None:
    (line,) = problems(NAMED + ACCEPT % subject)
    assert line.partition(": alerting.accept[0].match.subject: ")[2] == expected

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.contract import Subject
from agent.risk.accepted import accepted_subject
from config.errors import ConfigError
from config.loader import Loaded, load
from config.references import REFERENCES
from config.rules import RuleOptions

Problems = Callable[..., list[str]]

# what everything below may name
BASE = """
sites: {berg: {}, tal: {}}
rings: {sued: {}}
devices: {box: {site: berg}, ups-1: {site: berg}}
links: {strecke: {kind: fibre, ends: [berg, tal]}, box2: {kind: fibre, ends: [berg, tal]}}
rooms: {keller: {site: berg}}
services: {seite: {url: "https://h/"}}
contracts: {vertrag: {provider: p}}
sources:
  quelle: {mdm: relution, url: "https://h/", credential: web}
  wolke: {cloud: microsoft365, tenant: t, credential: web}
credentials: {lab: {snmp: {version: 2c, community: {file: pw}}}, web: {http: {username: u, password: {file: pw}}}}
"""
SERVICE = "url: 'https://h/'"
RECEIVER = "apprise: [{file: pw}]"
MAINTENANCE = "name: n, from: '2026-01-01T00:00', until: '2026-01-02T00:00'"

CASES = [
    ("uplink: {site: breg}", "uplink.site: there is no site 'breg' (did you mean berg?)"),
    ("defaults: {needs: [berg, x]}", "defaults.needs[1]: there is no site 'x'"),
    ("defaults: {roles: {r: {credential: lap}}}",
     "defaults.roles.r.credential: there is no credential 'lap' (did you mean lab?)"),
    ("defaults: {roles: {r: {ssh: {credential: lab, type: cisco_ios}}}}",
     "defaults.roles.r.ssh.credential: credential 'lab' has no ssh part"),
    ("sites: {c: {municipality: ort}}", "sites.c.municipality: there is no municipality 'ort'"),
    ("sites: {c: {needs: [taal]}}", "sites.c.needs[0]: there is no site 'taal' (did you mean tal?)"),
    ("rings: {r: {rpl: strekce}}", "rings.r.rpl: there is no link 'strekce' (did you mean strecke?)"),
    ("rings: {r: {rpl: strecke}}", "rings.r.rpl: link 'strecke' is no section of this ring"),
    ("devices: {d: {site: brg}}", "devices.d.site: there is no site 'brg' (did you mean berg?)"),
    ("devices: {d: {site: berg, room: kelle}}", "devices.d.room: there is no room 'kelle' (did you mean keller?)"),
    ("devices: {d: {site: berg, credential: lba}}",
     "devices.d.credential: there is no credential 'lba' (did you mean lab?)"),
    ("devices: {d: {site: berg, address: 192.0.2.1, ssh: {credential: x, type: cisco_ios}}}",
     "devices.d.ssh.credential: there is no credential 'x'"),
    ("devices: {d: {site: berg, address: 192.0.2.1, ssh: {credential: lab, type: cisco_ios}}}",
     "devices.d.ssh.credential: credential 'lab' has no ssh part"),
    ("devices: {d: {site: berg, powered_by: [ups1]}}",
     "devices.d.powered_by[0]: there is no device 'ups1' (did you mean ups-1?)"),
    ("links: {l: {kind: fibre, ends: [tla, berg]}}",
     "links.l.ends[0]: there is no site or device 'tla' (did you mean tal?)"),
    ("links: {l: {kind: fibre, ends: [berg, tal/1]}}", "links.l.ends[1]: there is no device 'tal'"),
    ("links: {l: {kind: fibre, ends: [berg, bxo/1]}}", "links.l.ends[1]: there is no device 'bxo' (did you mean box?)"),
    ("links: {l: {kind: fibre, ends: [berg, tal], ring: sud}}",
     "links.l.ring: there is no ring 'sud' (did you mean sued?)"),
    ("links: {l: {kind: fibre, ends: [berg, tal], contract: x}}", "links.l.contract: there is no contract 'x'"),
    ("partners: {p: {site: x}}", "partners.p.site: there is no site 'x'"),
    ("partners: {p: {links: [x]}}", "partners.p.links[0]: there is no link 'x'"),
    ("rooms: {r: {site: x}}", "rooms.r.site: there is no site 'x'"),
    (f"services: {{s: {{{SERVICE}, site: x}}}}", "services.s.site: there is no site 'x'"),
    (f"services: {{s: {{{SERVICE}, contract: x}}}}", "services.s.contract: there is no contract 'x'"),
    (f"services: {{s: {{{SERVICE}, credential: x}}}}", "services.s.credential: there is no credential 'x'"),
    (
        f"services: {{s: {{{SERVICE}, depends_on: [box, streke]}}}}",
        "services.s.depends_on[1]: there is no device, link, service or contract 'streke' (did you mean strecke?)",
    ),
    (f"services: {{s: {{{SERVICE}, credential: x}}}}", "services.s.credential: there is no credential 'x'"),
    ("functions: {f: {primary: berg}}", "functions.f.primary: there is no device, link or service 'berg'"),
    ("functions: {f: {primary: box, standby: [x]}}", "functions.f.standby[0]: there is no device, link or service 'x'"),
    ("deadlines: {d: {expires: 2027-01-01, site: x}}", "deadlines.d.site: there is no site 'x'"),
    ("sources: {s: {mdm: relution, url: 'https://h/', credential: x}}",
     "sources.s.credential: there is no credential 'x'"),
    ("sources: {s: {mdm: relution, url: 'https://h/', credential: web, site: x}}",
     "sources.s.site: there is no site 'x'"),
    ("sources: {s: {mdm: relution, url: 'https://h/', credential: web, locations: {'7': tahl}}}",
     "sources.s.locations.7: there is no site 'tahl' (did you mean tal?)"),
    ("licences: {l: {product: P, contract: x}}", "licences.l.contract: there is no contract 'x'"),
    ("licences: {l: {product: P, site: x}}", "licences.l.site: there is no site 'x'"),
    ("licences: {l: {product: P, source: x, sku: S}}", "licences.l.source: there is no source 'x'"),
    ("fleets: {f: {site: x, kind: pc}}", "fleets.f.site: there is no site 'x'"),
    ("fleets: {f: {site: tal, kind: pc, source: quele}}",
     "fleets.f.source: there is no source 'quele' (did you mean quelle?)"),
    ("projectors: {p: {site: x, address: h}}", "projectors.p.site: there is no site 'x'"),
    ("projectors: {p: {site: tal, address: h, room: kelle}}",
     "projectors.p.room: there is no room 'kelle' (did you mean keller?)"),
    ("traps: {listen: 'h:1', credentials: [x]}", "traps.credentials[0]: there is no credential 'x'"),
    ("traps: {listen: 'h:1', credentials: [web]}", "traps.credentials[0]: credential 'web' has no snmp part"),
    (f"alerting: {{receivers: {{r: {{{RECEIVER}, via: [x]}}}}}}", "alerting.receivers.r.via[0]: there is no link 'x'"),
    (
        f"alerting: {{receivers: {{it-team: {{{RECEIVER}, fallback: itteam}}}}}}",
        "alerting.receivers.it-team.fallback: there is no receiver 'itteam' (did you mean it-team?)",
    ),
    (
        f"alerting: {{receivers: {{duty-1: {{{RECEIVER}, substitute: duty-3}}}}}}",
        "alerting.receivers.duty-1.substitute: there is no receiver 'duty-3' (did you mean duty-1?)",
    ),
    (
        "alerting: {receivers: {on-call: {duty: {url: {file: pw}, otherwise: [x]}}}}",
        "alerting.receivers.on-call.duty.otherwise[0]: there is no receiver 'x'",
    ),
    ("alerting: {routes: [{receivers: [x]}]}", "alerting.routes[0].receivers[0]: there is no receiver 'x'"),
    (
        f"alerting: {{receivers: {{r: {{{RECEIVER}}}}}, "
        "routes: [{receivers: [r], escalate: [{after: 5m, to: [x]}]}]}",
        "alerting.routes[0].escalate[0].to[0]: there is no receiver 'x'",
    ),
    (
        f"alerting: {{maintenance: [{{{MAINTENANCE}, match: {{link: x}}}}]}}",
        "alerting.maintenance[0].match.link: there is no link 'x'",
    ),
    (
        "licences: {l: {product: p, source: quelle, sku: s}}",
        "licences.l.source: source 'quelle' manages devices and counts no seats",
    ),
    (
        "fleets: {f: {site: berg, kind: tablet, source: wolke}}",
        "fleets.f.source: source 'wolke' is a cloud service and manages no devices",
    ),
    (
        "alerting: {accept: [{match: {subject: 'source:quele/Mail'}, until: 2027-01-01, reason: r}]}",
        "alerting.accept[0].match.subject: there is no source 'quele/Mail' (did you mean quelle?)",
    ),
    (
        "alerting: {accept: [{match: {subject: x}, until: 2027-01-01, reason: r}]}",
        "alerting.accept[0].match.subject: there is no subject 'x'",
    ),
    (
        "alerting: {accept: [{match: {subject: 'link:box'}, until: 2027-01-01, reason: r}]}",
        "alerting.accept[0].match.subject: there is no link 'box' (did you mean box2?)",
    ),
    (
        "alerting: {accept: [{match: {subject: 'lnk:box'}, until: 2027-01-01, reason: r}]}",
        "alerting.accept[0].match.subject: there is no kind of subject 'lnk' (did you mean link?)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[expected.partition(" (")[0] for _, expected in CASES])
def test_a_name_that_nothing_has(text: str, expected: str, problems: Problems, tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("public")
    (line,) = problems(f"include: [base.yml]\n{text}", base=BASE)
    assert line.startswith("ringwacht.yml:2:")
    assert line.partition(": ")[2] == expected


def test_every_reference_has_its_case() -> None:
    tried = [expected.partition(": ")[0].replace("[", ".").replace("]", "") for _, expected in CASES]
    patterns = {reference.path: re.escape(reference.path).replace(r"\*", "[a-z0-9-]+") for reference in REFERENCES}
    untried = {path for path, pattern in patterns.items() if not any(re.fullmatch(pattern, name) for name in tried)}
    # the keys of `match` are the same in three places
    assert {path for path in untried if ".match." not in path} == set()
    assert "alerting.maintenance.*.match.link" not in untried


@pytest.mark.parametrize("subject", ["source:wolke/Exchange Online", "wolke/Exchange Online"])
def test_a_service_of_a_source_is_a_subject(subject: str, loaded: Callable[..., Loaded], tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("public")
    accept = f"alerting: {{accept: [{{match: {{subject: {subject!r}}}, until: 2027-01-01, reason: r}}]}}"
    found = loaded(BASE + accept)
    (accepted,) = found.settings.alerting.accept
    assert accepted_subject(accepted.match, found.inventory) == Subject("source", "wolke/Exchange Online")


def test_the_base_itself_is_right(loaded: Callable[..., Loaded], tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("public")
    assert loaded(BASE).inventory.links


def test_a_name_that_two_sections_have(problems: Problems) -> None:
    found = problems(
        "sites: {a: {}, b: {}}\ndevices: {a: {site: a}}\n"
        "links: {l: {kind: fibre, ends: [a, b]}, m: {kind: vpn, ends: [a/1, b]}}"
    )
    assert found == ["ringwacht.yml:3:33: links.l.ends[0]: 'a' is site and device at once: rename one of them"]


def test_circles_are_refused(problems: Problems, tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("x")
    found = problems("""sites: {a: {}}
devices:
  d: {site: a, powered_by: [e]}
  e: {site: a, powered_by: [d]}
services:
  s: {tcp: "h:1", depends_on: [s]}
alerting:
  receivers:
    x: {apprise: [{file: pw}], fallback: y}
    y: {apprise: [{file: pw}], fallback: x}
    u: {apprise: [{file: pw}], substitute: v}
    v: {apprise: [{file: pw}], substitute: u}
""")
    assert [line.partition(": ")[2] for line in found] == [
        "devices.d.powered_by: leads back to itself: d > e > d",
        "services.s.depends_on: leads back to itself: s > s",
        "alerting.receivers.x.fallback: leads back to itself: x > y > x",
        "alerting.receivers.u.substitute: leads back to itself: u > v > u",
    ]


def test_a_circle_through_a_contract_is_refused_and_the_own_one_is_none(problems: Problems) -> None:
    found = problems("""contracts: {g: {provider: G}, x: {provider: X}}
services:
  a: {tcp: "h:1", contract: g, depends_on: [g, x]}
  b: {tcp: "h:1", contract: x, depends_on: [g]}
  c: {tcp: "h:1", contract: g, depends_on: [g]}
""")
    assert [line.partition(": ")[2].partition(": l")[2] for line in found] == ["eads back to itself: a > x > b > g > a"]


def test_a_long_chain_is_no_circle(loaded: Callable[..., Loaded]) -> None:
    devices = "\n".join(f"  d{number}: {{site: a, powered_by: [d{number + 1}]}}" for number in range(3000))
    assert loaded(f"sites: {{a: {{}}}}\ndevices:\n{devices}\n  d3000: {{site: a}}\n").inventory.devices


def test_an_own_rule_must_not_bear_the_name_of_a_shipped_one(write: Callable[..., Path]) -> None:
    folder = write("rules:\n  own: {select: x, above: 1}\n  leak: {select: x, above: 1}\n")
    with pytest.raises(ConfigError) as caught:
        load(folder, {}, {"leak": RuleOptions})
    assert [str(problem).partition("ringwacht.yml:")[2] for problem in caught.value.problems] == [
        "3:3: rules.leak: 'leak' is the name of a shipped rule "
        "(choose another name, or adjust the shipped one as alerting.rules.leak)"
    ]


@pytest.mark.parametrize("name", ["Watchdog", "RingwachtDown", "RingwachtNotJudging"])
def test_an_own_rule_must_not_bear_the_name_of_an_alert_about_the_daemon(name: str, write: Callable[..., Path]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(f"rules:\n  {name}: {{select: x, above: 1}}\n"), {}, {"leak": RuleOptions})
    assert [str(problem).partition("ringwacht.yml:")[2] for problem in caught.value.problems] == [
        f"2:3: rules.{name}: '{name}' is the name of an alert about Ringwacht itself (choose another name)"
    ]


def test_rules_in_matches_are_known_where_the_rules_are(write: Callable[..., Path]) -> None:
    text = "rules: {own: {select: x, above: 1}}\nalerting:\n  accept:\n" + "".join(
        f"  - {{match: {{rule: {rule}}}, until: 2027-01-01, reason: r}}\n" for rule in ("tight", "own", "leak", "tigth")
    )
    folder = write(text)
    assert load(folder, {}, {})
    with pytest.raises(ConfigError) as caught:
        load(folder, {}, {"tight": RuleOptions, "leak": RuleOptions})
    assert [str(problem).rpartition("yml:")[2] for problem in caught.value.problems] == [
        "7:20: alerting.accept[3].match.rule: there is no rule 'tigth' (did you mean tight?)"
    ]


def test_many_wrong_names_are_told_without_delay(problems: Problems) -> None:
    devices = "\n".join(f"  device-{number}: {{site: sites-{number}}}" for number in range(2000))
    sites = "\n".join(f"  site-{number}: {{}}" for number in range(2000))
    found = problems(f"sites:\n{sites}\ndevices:\n{devices}\n")
    assert len(found) == 2000
    assert "did you mean site-0?" in found[0]
    assert "did you mean" not in found[-1]


def test_deadlines_and_contracts_are_subjects(problems: Problems, loaded: Callable[..., Loaded]) -> None:
    text = "deadlines: {apns: {expires: 2027-01-20}}\ncontracts: {citeq: {provider: c}}\nalerting:\n  accept:\n"
    accept = "  - {{match: {{subject: {}}}, until: 2027-01-01, reason: r}}\n"
    good = ["deadline:apns", "contract:citeq", "apns", "citeq"]
    assert len(loaded(text + "".join(map(accept.format, good))).settings.alerting.accept) == 4
    assert problems(text + "".join(map(accept.format, ["deadline:citeq", "contract:citec"]))) == [
        "ringwacht.yml:5:23: alerting.accept[0].match.subject: there is no deadline 'citeq'",
        "ringwacht.yml:6:23: alerting.accept[1].match.subject: there is no contract 'citec' (did you mean citeq?)",
    ]

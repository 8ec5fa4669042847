from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Problems = Callable[..., list[str]]

# one file each, and all that is wrong with it, at its exact place
CASES: list[tuple[str, list[str]]] = [
    ("site: {}", ["1:1: site: unknown key (did you mean sites?)"]),
    ("sites: {a: {nmae: x}}", ["1:13: sites.a.nmae: unknown key (did you mean name?)"]),
    ("sites: {'a b': {}}", ["1:9: sites.a b: may hold only letters, digits, and _ . -"]),
    ("sites: []", ["1:8: sites: must be a mapping (key: value)"]),
    ("sites: {a: 5}", ["1:12: sites.a: must be a mapping (key: value)"]),
    ("sites: {a: {name: ''}}", ["1:19: sites.a.name: is empty"]),
    ("sites: {a: {name: [x]}}", ["1:19: sites.a.name: must be text"]),
    ("sites: {a: {core: maybe}}", ["1:19: sites.a.core: must be true or false"]),
    ("sites: {a: {latitude: 91}}", ["1:23: sites.a.latitude: must be at most 90.0"]),
    ("sites: {a: {paths_required: 0}}", ["1:29: sites.a.paths_required: must be at least 1"]),
    ("sites: {a: {paths_required: x}}", ["1:29: sites.a.paths_required: must be a whole number"]),
    ("sites: {a: {demand: fast}}", ["1:21: sites.a.demand: 'fast' is not a rate, e.g. 400Mbit/s"]),
    (
        "sites: {a: {kind: shool}}",
        [
            "1:19: sites.a.kind: must be one of 'office', 'school', 'datacentre', 'mast' or 'other' "
            "(did you mean school?)"
        ],
    ),
    ("sites:\n  a: {}\ndevices:\n  d: {address: h}", ["4:3: devices.d.site: is missing"]),
    ("sites: {a: {}}\ndevices: {d: {site: a, adress: h}}",
     ["2:24: devices.d.adress: unknown key (did you mean address?)"]),
    ("sites: {a: {}}\ndevices: {d: {site: a, params: {}}}", ["2:24: devices.d.params: unknown key"]),
    ("sites: {a: {}}\ndevices: {d: {site: a, params: {nut: {name: x}}}}", ["2:24: devices.d.params: unknown key"]),
    ("sites: {a: {}}\ndevices: {d: {site: a, nutt: {}}}", ["2:24: devices.d.nutt: unknown key (did you mean nut?)"]),
    (
        "sites: {a: {}}\ndevices: {d: {site: a, nut: {}, scrape: {path: x}, ssh: 5}}",
        [
            "2:24: devices.d.nut.name: is missing",
            "2:48: devices.d.scrape.path: does not match ^/",
            "2:57: devices.d.ssh: must be a mapping (key: value)",
        ],
    ),
    (
        "sites: {a: {}}\ndevices: {d: {site: a, checks: [smnp]}}",
        [
            "2:33: devices.d.checks[0]: must be one of 'icmp', 'snmp', 'host', 'scrape', 'plugin', 'nut', 'redfish', "
            "'http', 'tcp', 'dns', 'ntp' or 'tls' (did you mean snmp?)"
        ],
    ),
    ("sites: {a: {}}\ndevices: {d: {site: a, checks: [host, tls]}}", ["2:11: devices.d: check tls needs an address"]),
    (
        "sites: {a: {}}\ncredentials: {c: {ssh: {username: b, password: {env: HOME}, known_hosts: /etc/passwd}}}\n"
        "devices: {d: {site: a, ssh: {credential: c, type: cisco_ios}}}",
        ["3:11: devices.d: ssh needs an address"],
    ),
    ("sites: {a: {}}\ndevices: {d: {site: a, checks: icmp}}", ["2:32: devices.d.checks: must be a list"]),
    ("sites: {a: {}}\ndevices: {d: {site: a, interval: 10ms}}", ["2:34: devices.d.interval: must be at least 0.1"]),
    ("sites: {a: {}}\ndevices: {d: {site: a, address: 1.2.3.400}}",
     ["2:33: devices.d.address: '1.2.3.400' is not an IP address"]),
    (
        "defaults: {roles: {s: {site: a, intervall: 5s, checks: [x-y]}}}",
        [
            "1:24: defaults.roles.s.site: unknown key",
            "1:33: defaults.roles.s.intervall: unknown key (did you mean interval?)",
            "1:57: defaults.roles.s.checks[0]: must be one of 'icmp', 'snmp', 'host', 'scrape', 'plugin', 'nut', "
            "'redfish', 'http', 'tcp', 'dns', 'ntp' or 'tls'",
        ],
    ),
    ("sites: {a: {}}\nlinks: {l: {kind: fibre, ends: [a]}}", ["2:26: links.l.ends[1]: is missing"]),
    ("sites: {a: {}}\nlinks: {l: {kind: fibre, ends: [a, a]}}", ["2:9: links.l: both ends are the same"]),
    (
        "sites: {a: {}, b: {}}\nlinks: {l: {kind: fibre, ends: [a, b], radio: {}}}",
        ["2:9: links.l: a link of kind fibre has no radio data"],
    ),
    ("sites: {a: {}, b: {}}\nlinks: {l: {kind: fibre, ends: [b/, a]}}",
     ["2:33: links.l.ends[0]: 'b/' has no port after the slash", "2:33: links.l.ends[0]: there is no device 'b'"]),
    ("services: {s: {}}", ["1:12: services.s: needs exactly one of url, dns, ntp, tcp, heartbeat and plugin"]),
    ("services: {s: {tcp: h}}", ["1:12: services.s: tcp needs a port"]),
    ("services: {s: {tcp: 'h:1', expect: {status: 200}}}", ["1:12: services.s: expect goes with url only"]),
    ("services: {s: {url: ftp://x}}", ["1:21: services.s.url: is not a URL (it begins with https:// or http://)"]),
    ("rules: {r: {select: x, above: 1, below: 2}}",
     ["1:9: rules.r: needs exactly one of above, below, absent and changed"]),
    (
        "rules: {r: {select: 'x{a=b}', above: 1}}",
        [
            "1:21: rules.r.select: 'x{a=b}' is not a selector: unexpected identifier 'b' in label matching, expected "
            'string (e.g. windows_printqueue_jobs{device="srv-1"})'
        ],
    ),
    ("rules: {r: {select: x}}", ["1:9: rules.r: needs exactly one of above, below, absent and changed"]),
    ("rules: {r: {select: x, absent: false}}", ["1:32: rules.r.absent: must be true (leave it out otherwise)"]),
    ("rules: {r: {select: x, changed: 0s}}", ["1:33: rules.r.changed: must be at least 0.1"]),
    ("rules: {r: {select: x, changed: 5m, hold: 5m}}",
     ["1:9: rules.r: hold must be shorter than changed (it would never fire)"]),
    ("rules: {r: {select: x, above: 80%}}", ["1:31: rules.r.above: must be a number"]),
    ("rules: {r: {select: x, above: 1, text: 'a {b'}}",
     ["1:40: rules.r.text: has a { that nothing closes (write {{ for the character itself)"]),
    ("deadlines: {d: {expires: 2027-02-30}}", ["1:26: deadlines.d.expires: there is no day '2027-02-30'"]),
    ("contracts: {c: {provider: p, availability: 995}}",
     ["1:44: contracts.c.availability: '995' is not between 0 and 100 % (write 99.5% or 0.995)"]),
    ("rooms: {r: {site: a, limits: {temperature: {warning: 30C, critical: 27C}}}}\nsites: {a: {}}",
     ["1:31: rooms.r.limits.temperature: warning must be below critical"]),
    ("fleets: {f: {site: a, kind: tablet, plan: {abc: 1, 2021: -1}}}\nsites: {a: {}}",
     ["1:44: fleets.f.plan.abc: must be a whole number", "1:58: fleets.f.plan.2021: must be at least 0"]),
    ("municipality: {holidays: DE-ZZ}",
     ["1:26: municipality.holidays: no public holidays are known for 'DE-ZZ' (did you mean DE-TH?)"]),
    ("municipality: {holidays: XX}",
     ["1:26: municipality.holidays: no public holidays are known for 'XX' (e.g. DE-NW)"]),
    ("assets: [none.csv]", ["1:10: assets[0]: there is no file 'none.csv' (looked for none.csv)"]),
    ("snmp_modules: [none.yml]", ["1:16: snmp_modules[0]: there is no file 'none.yml' (looked for none.yml)"]),
    ("municipality: {timezone: Europe/Berln}",
     ["1:26: municipality.timezone: there is no time zone 'Europe/Berln' (did you mean Europe/Berlin?)"]),
    ("web: {listen: 127.0.0.1}", ["1:15: web.listen: '127.0.0.1' has no port (e.g. 127.0.0.1:9595)"]),
    ("web: {listen: ':9595'}",
     ["1:15: web.listen: ':9595' has no host (write 0.0.0.0 for every address of this machine)"]),
    ("traps: {listen: '127.0.0.1:1', allow: [x]}",
     ["1:40: traps.allow[0]: value is not a valid IPv4 or IPv6 network"]),
    ("credentials: {c: }", ["1:15: credentials.c: needs at least one of snmp, ssh, http, nut, oauth and token"]),
    ("credentials: {c: {token: geheim}}",
     ["1:26: credentials.c.token: a secret is {file: …}, {env: …} or {credential: …}, never inline"]),
    ("credentials: {c: {token: {file: none}}}",
     ["1:19: credentials.c.token: there is no file 'none' (looked for none)"]),
    ("credentials: {c: {token: {env: RINGWACHT_NONE}}}",
     ["1:19: credentials.c.token: environment variable RINGWACHT_NONE is not set"]),
    ("credentials: {c: {snmp: {version: 2c}}}", ["1:19: credentials.c.snmp: version 2c needs a community"]),
    ("credentials: {c: {snmp: {version: 3}}}", ["1:19: credentials.c.snmp: version 3 needs a username"]),
    ("credentials: {c: {snmp: {version: 3, username: u, auth_protocol: SHA}}}",
     ["1:19: credentials.c.snmp: auth_protocol and auth_password go together"]),
    ("credentials: {c: {snmp: {version: 3, username: u, auth_protocol: SHA-265}}}",
     ["1:66: credentials.c.snmp.auth_protocol: must be one of 'MD5', 'SHA', 'SHA-224', 'SHA-256', 'SHA-384' or "
      "'SHA-512' (did you mean SHA-256?)"]),
    ("alerting: {office_hours: Mo-Xy 07:00-17:00}",
     ["1:26: alerting.office_hours: 'Xy' is no day of the week (Mo Di Mi Do Fr Sa So, or Mo Tu We Th Fr Sa Su)"]),
    ("alerting: {receivers: {a: {apprise: []}}}",
     ["1:24: alerting.receivers.a: needs exactly one of apprise and duty"]),
    ("alerting: {receivers: {a: {apprise: [x]}}}",
     ["1:38: alerting.receivers.a.apprise[0]: a secret is {file: …}, {env: …} or {credential: …}, never inline"]),
    ("alerting: {rules: {leak: {hold: x}}}",
     ["1:33: alerting.rules.leak.hold: 'x' is not a duration, e.g. 500ms, 30s, 5m, 1h, 7d or 5y"]),
    ("alerting: {maintenance: [{name: n, from: '2026-01-02T10:00', until: '2026-01-02T09:00', "
     "match: {site: a}}]}\nsites: {a: {}}",
     ["1:26: alerting.maintenance[0]: from must be before until"]),
    ("alerting: {maintenance: [{name: n, from: '2026-01-02T08:00', until: '2026-01-02T09:00', match: {}}]}",
     ["1:26: alerting.maintenance[0]: match is empty: it would mute every finding"]),
    ("alerting: {accept: [{match: {}, until: 2027-01-01, reason: r}]}",
     ["1:21: alerting.accept[0]: match is empty: it would accept every finding"]),
    ("alerting: {accept: [{match: {link: ~}, until: 2027-01-01, reason: r}]}",
     ["1:21: alerting.accept[0]: match is empty: it would accept every finding"]),
    ("alerting: {receivers: {daemon: {apprise: [{env: PATH}]}}}",
     ["1:12: alerting.receivers: no receiver may be called daemon: the audit says so of what nobody did"]),
    ("a: 1\na: 2", ["2:1: a: is defined twice, first at ringwacht.yml:1:1"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text.replace("\n", " ")[:60] for text, _ in CASES])
def test_refused_at_its_place(text: str, expected: list[str], problems: Problems) -> None:
    assert problems(text) == [f"ringwacht.yml:{line}" for line in expected]


def test_a_wrong_key_of_a_role_is_told_once(problems: Problems) -> None:
    found = problems(
        "sites: {a: {}}\ndefaults: {roles: {s: {interval: x}}}\ndevices: {d: {site: a, role: s}, e: {site: a, role: s}}"
    )
    assert found == [
        "ringwacht.yml:2:34: defaults.roles.s.interval: 'x' is not a duration, e.g. 500ms, 30s, 5m, 1h, 7d or 5y"
    ]


def test_a_message_stays_on_its_line(problems: Problems) -> None:
    (line,) = problems('sites: {"a\\nb\\e[31m": {}}')
    assert line == r"ringwacht.yml:1:9: sites.a\nb\x1b[31m: may hold only letters, digits, and _ . -"


def test_an_snmp_password_that_is_too_short_is_not_quoted(problems: Problems, tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("kurz42")
    (line,) = problems(
        "credentials: {c: {snmp: {version: 3, username: u, auth_protocol: SHA, auth_password: {file: pw}}}}"
    )
    assert line == "ringwacht.yml:1:19: credentials.c.snmp: auth_password has fewer than 8 characters"

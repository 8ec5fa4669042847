"""docs/devices.md, made of the profiles: which devices, how they are recognised, which values, tested on what. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from collectors.snmp.mapping.library import GENERIC, Library
from collectors.snmp.mapping.schema import Kind, Profile

TITLES: Mapping[Kind, str] = {
    "radio": "Radio relay",
    "ring": "Ring protocols",
    "optical": "Optical transport",
    "mobile": "Mobile ways",
    "network": "Network",
    "wlan": "Wireless LAN",
    "firewall": "Firewalls and tunnels",
    "power": "Power: UPS and distribution",
    "climate": "Rooms: climate, water, smoke, doors",
    "server": "Servers",
    "storage": "Storage",
    "printer": "Printers",
}
_UNIT = re.compile(
    r"_(dbm|db|celsius|ratio|total|(?:bits|meters)_per_second|hertz|meters|volts|amperes|watts|bytes|rpm|pascals)$"
)
INTRO = """\
# Devices

<!-- made by `make docs` from the profiles in collectors/snmp/profiles; edit those -->

What the daemon knows of devices that it reads over SNMP. With `profile: auto`, which is what a device has where nothing
is said, the daemon asks a device what it is when it meets it, and again after a restart: the longest fitting
`sysObjectID` gives the device's own profile, else `sysDescr` does, else `generic` reads uptime and interfaces. Besides
that one, each profile applies whose object the device answers. `profile: NAME` in the inventory sets exactly one.

```console
$ ringwacht identify 192.0.2.17 --config /etc/ringwacht --credential radios
```

prints what a device is, which profiles it gets and why, which tables are read, how often if not in each poll, and which
values come of it, whether or not the device is in the inventory yet.

Two sensors of one name in a table are two series: all but the one with the smallest index get their index behind it,
"Rack" and "Rack (3)". They keep that as long as the device lists both, with or without a value.

"Values" are the neutral families in words ("radio: received level" is `ringwacht_radio_received_level_dbm` in
[metrics](metrics.md)): rules, boards and alerts read those, whoever made the device. "Recording": the profile is tested
on what a real device answered.
"Synthetic": it is tested on values that we invented after the maker's MIB. No such device has confirmed it yet: compare
the values with the device's own page once, and tell us what differs.
"""
ADDING = """\
## Adding a device

1. `ringwacht identify HOST` says what the device is and names the nearest profiles; `--profile NAME` tries one.
2. A profile is one YAML file. List it under `snmp_modules` in `ringwacht.yml`: a file with a section `profile` is a
   profile, named as the file; it wins over a shipped one of that name. `ringwacht check` names what is wrong in it with
   file and line, columns that nobody reads and two profiles that would give one series differently among it.

   ```yaml
   profile:
     title: Example Thing 3000
     kind: climate
     match: {sys_object_id: [1.3.6.1.4.1.99999.1]}
     modules: [if_mib]
     facts: {vendor: =Example, serial: 1.3.6.1.4.1.99999.2.0}
     walk: [1.3.6.1.4.1.99999.3]
     neutral:
       - family: ringwacht_sensor_temperature_celsius
         oid: 1.3.6.1.4.1.99999.3.1.2
         object: thingTemperature
         scale: 0.1
         absent: [32767]
         labels: {sensor: {column: 1.3.6.1.4.1.99999.3.1.1}}
   ```

   What changes slowly need not be walked in each poll: `walk: [{oid: 1.3.6.1.4.1.99999.4, every: 900}]` walks it in the
   first poll of each quarter of an hour, a minute past it, so that 15-minute registers (`register: finished`) are
   there. A fact may have several sources, of which the first with a text counts: `serial: [OID, OID]`.

3. To have it shipped, send us the file, or a walk of the device and its MIB; `identify` prints the command.
"""


def render_devices(library: Library) -> str:
    """Return the page."""
    parts = [INTRO]
    for kind, title in TITLES.items():
        rows = [_row(name, profile) for name, profile in sorted(library.profiles.items()) if profile.kind == kind]
        if rows:
            head = "| Devices | Profile | Recognised by | Values | Tested on |\n|---|---|---|---|---|\n"
            parts.append(f"## {title}\n\n{head}{''.join(rows)}")
    return "\n".join([*parts, ADDING])


def _row(name: str, profile: Profile) -> str:
    cells = (profile.title, f"`{name}`", _list(_recognised(name, profile)), _values(profile), _list(_tested(profile)))
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |\n"


def _list(texts: Iterator[str]) -> str:
    return ", ".join(texts) or "–"


def _recognised(name: str, profile: Profile) -> Iterator[str]:
    if name == GENERIC:
        yield "what no other fits"
    for oid in profile.match.sys_object_id:
        yield f"sysObjectID `{oid}`"
    if profile.match.sys_descr:
        yield f"sysDescr `{profile.match.sys_descr}`"
    if profile.match.probe:
        yield f"answers `{profile.match.probe}`"


def _values(profile: Profile) -> str:
    """Return the neutral families in words: by what they are of, without units."""
    groups: dict[str, list[str]] = {}
    for family in dict.fromkeys(entry.family.removeprefix("ringwacht_") for entry in profile.neutral):
        subject, _, what = _UNIT.sub("", family).partition("_")
        groups.setdefault(subject, []).append(what.replace("_", " "))
    words = [f"{subject}: {', '.join(whats)}" if all(whats) else subject for subject, whats in groups.items()]
    return "; ".join(words) or "interfaces"


def _tested(profile: Profile) -> Iterator[str]:
    for fixture in profile.tested:
        yield "synthetic" if fixture == "synthetic" else f"recording {fixture.rpartition('/')[2]}"

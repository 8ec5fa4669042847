"""The page of devices: every profile is in it, under its kind, with what it is tested on."""

from __future__ import annotations

from pathlib import Path

import yaml

from collectors.snmp.mapping.handbook import ADDING, TITLES, render_devices
from collectors.snmp.mapping.library import load_library
from collectors.snmp.mapping.schema import KINDS

PROFILE = """\
profile:
  title: Thing | 3000
  kind: printer
  tested: [synthetic, snmpsim-data/UPS/eaton-93e-80]
  match: {sys_object_id: [1.3.6.1.4.1.99999.1], sys_descr: ^a|b, probe: 1.3.6.1.4.1.99999.2}
  walk: [1.3.6.1.4.1.99999]
  neutral:
    - {family: ringwacht_printer_pages_total, oid: 1.3.6.1.4.1.99999.1}
    - {family: ringwacht_printer_pages_total, oid: 1.3.6.1.4.1.99999.2}
    - {family: ringwacht_access_ports, oid: 1.3.6.1.4.1.99999.3}
"""


def test_a_row(tmp_path: Path) -> None:
    path = tmp_path / "thing.yml"
    path.write_text(PROFILE)
    page = render_devices(load_library([path], shipped=False))
    assert [line for line in page.splitlines() if line.startswith(("## ", "| Thing"))] == [
        "## Printers",
        "| Thing &#124; 3000 | `thing` | sysObjectID `1.3.6.1.4.1.99999.1`, sysDescr `^a&#124;b`, "
        "answers `1.3.6.1.4.1.99999.2` | printer: pages; access: ports | synthetic, recording eaton-93e-80 |",
        "## Adding a device",
    ]


def test_every_shipped_profile_has_its_row() -> None:
    library = load_library()
    page = render_devices(library)
    assert set(TITLES) == set(KINDS)
    for name, profile in library.profiles.items():
        assert f"| {profile.title} | `{name}` | ".replace("|", "") in page.replace("|", ""), name


def test_the_example_of_the_page_is_a_good_profile(tmp_path: Path) -> None:
    text = ADDING.partition("```yaml\n")[2].partition("   ```")[0]
    path = tmp_path / "thing.yml"
    path.write_text("\n".join(line.removeprefix("   ") for line in text.splitlines()))
    assert yaml.safe_load(path.read_text())["profile"]["kind"] == "climate"
    assert load_library([path]).profile("thing").neutral[0].object == "thingTemperature"

"""What is installed: the boards and their provisioning as data, and none of what makes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.grafana.board_files import FILES, FOLDER


def test_the_wheel_holds_the_boards_as_data(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=FOLDER.parent, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = ZipFile(wheel).namelist()
    shipped = {name.partition("/data/share/ringwacht/grafana/")[2] for name in names if "/grafana/" in name}
    provisioning = {"provisioning/dashboards/ringwacht.yml", "provisioning/datasources/ringwacht.yml"}
    assert shipped == {f"dashboards/{path.name}" for path in FILES} | provisioning | {"README.md"}
    assert not [name for name in names if name.startswith("grafana")]

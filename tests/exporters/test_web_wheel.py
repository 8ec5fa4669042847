"""The template and the style are shipped: the page is rendered from the wheel alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RENDER = """
import sys
sys.path.insert(0, sys.argv[1])
import exporters.web.render as render
assert render.__file__.startswith(sys.argv[1]), render.__file__
pages = render.Pages()
assert pages.static("page.css", gzip=False).data and pages.static("icon.svg", gzip=False).data
assert all(pages._templates.get_template(name) for name in ("page.html", "runbook.html"))
"""


def test_the_wheel_holds_what_the_page_needs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    subprocess.run([sys.executable, "-P", "-c", RENDER, str(wheel)], cwd=tmp_path, check=True)

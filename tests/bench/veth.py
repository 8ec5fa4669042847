"""A real snmpd over real ports: a network namespace with 24 veth pairs, in which both sides poll. Needs root.

``python -P -m tests.bench.veth DEVICES ROUNDS`` is what runs inside.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

from tests.bench.farm import own_ports
from tests.bench.polling import Side, compare_on

PAIRS = 24
DEVICES = 20
ROUNDS = 5


def missing() -> str:
    """Return why there can be no namespace here, else nothing."""
    if _ip() is None:
        return "no ip command: apt-get install --no-install-recommends iproute2"
    if os.geteuid() != 0:
        return "needs root for a network namespace"
    try:
        with _namespace():
            return ""
    except subprocess.CalledProcessError as error:
        return f"no network namespace here: {error.stderr.strip()}"


def measure() -> tuple[Side, Side]:
    """Return our side and the peer's. Raises RuntimeError where one fails, CalledProcessError without a namespace."""
    with _namespace() as name:
        command = [str(_ip()), "netns", "exec", name, sys.executable, "-P", "-m", "tests.bench.veth"]
        done = subprocess.run([*command, str(DEVICES), str(ROUNDS)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"in the namespace: {done.stderr[-500:]}")
    ours, peer = (Side(*side) for side in json.loads(done.stdout))
    if ours.lines != peer.lines:
        raise RuntimeError(f"in the namespace: {ours.lines} lines here, {peer.lines} there")
    return ours, peer


def links() -> str:
    """Return the pairs as a batch of ip(8): port1 to port48, each the other end of its neighbour."""
    lines = ["link set lo up"]
    for pair in range(PAIRS):
        one, other = f"port{2 * pair + 1}", f"port{2 * pair + 2}"
        lines += [f"link add {one} type veth peer name {other}", f"link set {one} up", f"link set {other} up"]
    return "\n".join(lines) + "\n"


@contextmanager
def _namespace() -> Generator[str]:
    ip, name = str(_ip()), f"ringwacht-bench-{os.getpid()}"
    subprocess.run([ip, "netns", "add", name], check=True, capture_output=True, text=True)
    try:
        batch = [ip, "-n", name, "-batch", "-"]
        subprocess.run(batch, input=links(), check=True, capture_output=True, text=True)
        yield name
    finally:
        subprocess.run([ip, "netns", "del", name], check=True, capture_output=True, text=True)


def _ip() -> str | None:
    return shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def main() -> None:
    """Compare, inside the namespace."""
    devices, rounds = map(int, sys.argv[1:])
    with own_ports(devices) as agent:
        sys.stdout.write(json.dumps(compare_on(agent, rounds)))


if __name__ == "__main__":
    main()

"""A machine of files (synthetic, by proc(5) and the kernel's iostats.rst, md.rst, bonding.rst, hwmon/sysfs-interface).

It has what the machine that runs the tests may lack: a bond that lost a leg, a RAID array that is rebuilt, sensors, a
battery, and every field that a kernel may have.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from collectors.host import families as f

MDSTAT = """Personalities : [raid1] [raid6] [raid0]
md0 : active raid1 sdc1[2] sdb1[1](F) sda1[0]
      1000 blocks super 1.2 [2/1] [U_]
      [===>.................]  recovery = 25.0% (250/1000) finish=1.0min speed=10K/sec

md1 : active raid6 sda2[0] sdb2[1] sdc2[2] sdd2[3] sde2[4](S)
      4000 blocks super 1.2 level 6, 64k chunk, algorithm 2 [4/4] [UUUU]
      bitmap: 0/1 pages [0KB], 65536KB chunk

md2 : active raid0 sda3[0] sdb3[1]
      2000 blocks super 1.2 64k chunks

md3 : inactive sdx1[0](S)
      300 blocks super 1.2

md4 : active raid1 sda4[0] sdb4[1]
      500 blocks super 1.2 [2/2] [UU]
      resync=DELAYED

md5 : active raid1 sda5[0] sdb5[1]
      600 blocks super 1.2 [2/2] [UU]
      [==>..................]  check = 12.5% (75/600) finish=1.0min speed=10K/sec

unused devices: <none>
"""
STAT = """cpu  900 10 50 10000 20 1 2 3 400 5
cpu0 500 5 20 5000 10 1 1 2 300 5
cpu1 400 5 30 5000 10 0 1 1 100 0
intr 12345 7 0 0 8
ctxt 678
btime 1700000000
processes 99
procs_running 2
procs_blocked 1
softirq 55 1 2 3 4 5 6 7 8 9 10
"""
NET_DEV = """Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       5       1    0    0    0     0          0         0        5       1    0    0    0     0       0          0
  eth0:       1       2    3    4    5     6          7         8        9      10   11   12   13    14      15         16
"""  # noqa: E501 - as the kernel writes it
DISKSTATS = """   8       0 sda 10 11 12 1500 20 21 22 2500 3 3500 4500 30 31 32 5500 40 6500
   8       1 sda1 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9
   7       0 loop0 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9
"""


def _write(files: Mapping[Path, str]) -> None:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _meminfo() -> str:
    kernel_names = {"Active_anon": "Active(anon)", "Inactive_anon": "Inactive(anon)"} | {
        "Active_file": "Active(file)",
        "Inactive_file": "Inactive(file)",
    }
    lines = [f"{kernel_names.get(name, name)}: {1000 + i} kB" for i, name in enumerate(f.MEMORY_BYTES)]
    return "\n".join([*lines, *(f"{name}: {i}" for i, name in enumerate(f.MEMORY_PAGES))]) + "\n"


def procfs(root: Path) -> Path:
    """Write its /proc."""
    _write(
        {
            root / "stat": STAT,
            root / "meminfo": _meminfo(),
            root / "vmstat": "".join(f"{name} {number}\n" for number, name in enumerate((*f.VMSTAT, "nr_dirty"), 7)),
            root / "loadavg": "0.50 1.25 2.00 1/87 4242\n",
            root / "diskstats": DISKSTATS,
            root / "net/dev": NET_DEV,
            root / "mdstat": MDSTAT,
            root / "sys/fs/file-nr": "1216\t0\t100000\n",
            root / "sys/net/netfilter/nf_conntrack_count": "123\n",
            root / "sys/net/netfilter/nf_conntrack_max": "262144\n",
            root / "sys/kernel/domainname": "(none)\n",
            root / "1/mountinfo": "",
        }
    )
    return root


def sysfs(root: Path) -> Path:
    """Write its /sys: interfaces and a bond, a chip behind a bus, one without, a battery and a mains supply."""
    chip, net = root / "devices/platform/coretemp.0/hwmon/hwmon0", root / "class/net"
    virtual = root / "devices/virtual/hwmon/hwmon1"
    interfaces = {"eth0": ("up", "1000"), "eth1": ("down", "-1"), "bond0": ("up", "1000"), "lo": ("unknown", "-1")}
    _write(
        {chip / "name": "coretemp\n", chip / "temp1_input": "45000\n", chip / "temp1_label": "Package id 0\n"}
        | {virtual / "name": "acpitz\n", virtual / "temp1_input": "27800\n", virtual / "fan1_input": "1200\n"}
        | {chip / "temp1_max": "84000\n", chip / "temp1_crit": "100000\n", chip / "temp1_crit_alarm": "0\n"}
        | {virtual / "temp1_alarm": "1\n", virtual / "temp1_fault": "0\n", virtual / "fan1_alarm": "1\n"}
        | {virtual / "fan1_fault": "0\n"}
        | {root / "class/power_supply/BAT0/type": "Battery\n", root / "class/power_supply/BAT0/capacity": "87\n"}
        | {root / "class/power_supply/AC/type": "Mains\n", root / "class/power_supply/AC/online": "1\n"}
        | {net / name / "operstate": f"{state}\n" for name, (state, _speed) in interfaces.items()}
        | {net / name / "speed": f"{speed}\n" for name, (_state, speed) in interfaces.items()}
        | {net / name / "mtu": "1500\n" for name in interfaces}
        | {net / "bonding_masters": "bond0\n", net / "bond0/bonding/slaves": "eth0 eth1\n"}
        | {net / "bond0/lower_eth0/bonding_slave/mii_status": "up\n"}
        | {net / "bond0/lower_eth1/bonding_slave/mii_status": "down\n"}
    )
    for folder in ("bus/platform", "class/hwmon"):
        (root / folder).mkdir(parents=True)
    (root / "devices/platform/coretemp.0/subsystem").symlink_to("../../../bus/platform")
    (chip / "device").symlink_to("../../../coretemp.0")
    (root / "class/hwmon/hwmon0").symlink_to("../../devices/platform/coretemp.0/hwmon/hwmon0")
    (root / "class/hwmon/hwmon1").symlink_to("../../devices/virtual/hwmon/hwmon1")
    return root

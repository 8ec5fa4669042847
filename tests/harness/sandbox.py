"""Runs a command under what a unit file restricts, as far as no systemd is needed for it: ``sandbox.py UNIT COMMAND…``.

Capabilities, NoNewPrivileges, LimitNOFILE, and the filters that systemd builds with libseccomp: SystemCallFilter=,
RestrictAddressFamilies=, MemoryDenyWriteExecute= (seccomp-util.c of systemd 252). Not its mounts, users and cgroups.
Only the standard library: it replaces itself with the command.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from errno import EPERM
from pathlib import Path

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
PROT_WRITE, PROT_EXEC = 2, 4
ALLOW, DENY = 0x7FFF0000, 0x00050000 | EPERM  # SCMP_ACT_ALLOW, SCMP_ACT_ERRNO (seccomp.h)
EQUAL, MASKED_EQUAL = 4, 7  # enum scmp_compare
CAPABILITIES = 64
SPECIAL = ("socket", "mmap", "mprotect", "pkey_mprotect")


class _Comparison(ctypes.Structure):
    """``struct scmp_arg_cmp``."""

    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def directives(unit: Path, name: str) -> list[str]:
    """Return the values of one directive of a unit file."""
    lines = (line.partition("=") for line in unit.read_text(encoding="utf-8").splitlines())
    return [value for key, _, value in lines if key == name]


def allowed_calls(unit: Path) -> set[str]:
    """Return the system calls that ``SystemCallFilter=`` leaves; an allow-list holds @default (systemd.exec(5))."""
    calls = set(_expand("@default"))
    for value in directives(unit, "SystemCallFilter"):
        named = {call for word in value.removeprefix("~").split() for call in _expand(word)}
        calls = calls - named if value.startswith("~") else calls | named
    return calls


def _expand(word: str) -> Iterator[str]:
    if not word.startswith("@"):
        yield word
        return
    done = subprocess.run(["systemd-analyze", "syscall-filter", word], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines()[1:]:
        if (inner := line.strip()) and not inner.startswith("#"):
            yield from _expand(inner)


class _Filter:
    """An allow-list of libseccomp's."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libseccomp.so.2")
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._library.seccomp_init(ctypes.c_uint32(DENY)))

    def allow(self, call: str, *comparisons: tuple[int, int, int, int]) -> None:
        """Allow a system call, under conditions on its arguments; names of other architectures are passed over."""
        number = self._library.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            array = (_Comparison * len(comparisons))(*(_Comparison(*one) for one in comparisons))
            what = (self._context, ctypes.c_uint32(ALLOW), number, len(comparisons), array)
            if self._library.seccomp_rule_add_array(*what) != 0:
                raise RuntimeError(f"no rule for {call}")

    def load(self) -> None:
        """Put it in force, for good."""
        if self._library.seccomp_load(self._context) != 0:
            raise RuntimeError("the kernel refuses the filter")


def restrict(unit: Path) -> None:
    """Restrict this process as the unit would."""
    limit = min(int(directives(unit, "LimitNOFILE")[-1]), resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, limit), limit))
    prctl = ctypes.CDLL(None).prctl
    for number in range(CAPABILITIES):  # beyond the last one the kernel says no
        prctl(PR_CAPBSET_DROP, number, 0, 0, 0)
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    filtered = _Filter()
    for call in allowed_calls(unit).difference(SPECIAL):
        filtered.allow(call)
    for family in directives(unit, "RestrictAddressFamilies")[-1].split():
        filtered.allow("socket", (0, EQUAL, getattr(socket, family), 0))
    for protection in (0, PROT_WRITE, PROT_EXEC):
        filtered.allow("mmap", (2, MASKED_EQUAL, PROT_WRITE | PROT_EXEC, protection))
    for call in ("mprotect", "pkey_mprotect"):
        filtered.allow(call, (2, MASKED_EQUAL, PROT_EXEC, 0))
    filtered.load()


if __name__ == "__main__":
    restrict(Path(sys.argv[1]))
    with contextlib.suppress(KeyboardInterrupt):
        os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - no shell is what is wanted

"""Answers snmpd's ``pass_persist`` for a table that is given as lines ``OID|type|value`` in a file, in OID order.

snmpd's quick ``override`` lines know no Counter64, so ifXTable is served from here. Only the standard library: snmpd
starts it by path.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from pathlib import Path


def _numbers(oid: str) -> tuple[int, ...]:
    return tuple(int(part) for part in oid.strip(".").split("."))


def main() -> None:
    """Serve until snmpd closes the pipe."""
    rows = [line.split("|") for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    keys = [_numbers(oid) for oid, _type, _value in rows]
    place = {oid: index for index, (oid, _type, _value) in enumerate(rows)}
    replies = [f"{oid}\n{kind}\n{value}\n" for oid, kind, value in rows]
    replies.append("NONE\n")
    for line in sys.stdin:
        command = line.strip()
        if command == "PING":
            reply = "PONG\n"
        else:
            oid = sys.stdin.readline().strip()
            known = place.get(oid, -1)
            if command == "getnext":
                known = known + 1 if known >= 0 else bisect_right(keys, _numbers(oid))
            reply = replies[known]
        sys.stdout.write(reply)
        sys.stdout.flush()


if __name__ == "__main__":
    main()

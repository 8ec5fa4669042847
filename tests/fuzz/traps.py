"""Mutants of traps and informs thrown at the trap receiver: each costs only itself, none of v3 is believed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.demo import ber
from collectors.snmp.transport.v3frame import AUTHENTICATED, ENCRYPTED, REPORTABLE, Frame, read_frame
from collectors.traps.receiver import Receiver
from tests.collectors.snmp.lab import by_community, by_user
from tests.fuzz.mutator import Mutator
from tests.harness.snmpv3_agent import USER, V3Agent

SOURCE = ("127.0.0.1", 40_000)
TRAP_V1, INFORM, TRAP = 0xA4, 0xA6, 0xA7
LINK_DOWN = (1, 3, 6, 1, 6, 3, 1, 1, 5, 3)
HEARD = ["1.3.6.1.6.3.1.1.5.3"]
UPTIME, TRAP_OID = (1, 3, 6, 1, 2, 1, 1, 3, 0), (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
IF_INDEX = (1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 3)
OID = re.compile(r"\d+(\.\d+)*")
FRESH_EVERY = 200
"""Mutants after which sound ones are read; and v3's clocks, which do not stand still, are set anew."""
FRAME = Frame(7, AUTHENTICATED | ENCRYPTED, b"", 0, 0, USER, b"", 0, b"", b"", encrypted=True)
DISCOVERY = ber.tlv(
    ber.SEQUENCE,
    ber.integer(3)
    + ber.tlv(ber.SEQUENCE, ber.integer(9) + ber.integer(65507) + ber.octets(bytes((REPORTABLE,))) + ber.integer(3))
    + ber.octets(ber.tlv(ber.SEQUENCE, ber.octets(b"") + ber.integer(0) * 2 + ber.octets(b"") * 3))
    + ber.tlv(ber.SEQUENCE, ber.octets(b"") * 2 + ber.tlv(ber.GET, ber.integer(9) + ber.integer(0) * 2 + b"\x30\x00")),
)


@dataclass(slots=True)
class Outcome:
    """What became of the mutants, and whatever ought never to happen."""

    thrown: int = 0
    ends: Counter[str] = field(default_factory=Counter[str])
    faults: list[str] = field(default_factory=list[str])


def throw(count: int, seed: int) -> Outcome:
    """Throw so many mutants, the same ones for the same seed (but for v3's clocks). Blocks: reads files, hashes."""
    outcome, sent, mutator = Outcome(), list[bytes](), Mutator(seed)
    receiver = Receiver([by_community().snmp, by_user().snmp], lambda message, _to: sent.append(message))
    sender = V3Agent()
    while outcome.thrown < count and not outcome.faults:
        sender.boots += 1
        sound = _sound(receiver, sender, sent)
        _still_heard(receiver, sound, sent, outcome)
        for _ in range(FRESH_EVERY):
            kind = mutator.random.choice(tuple(sound))
            mutant = mutator.mutate(sound[kind])
            if mutant != sound[kind]:
                _once(receiver, kind, mutant, outcome)
    return outcome


def _once(receiver: Receiver, kind: str, mutant: bytes, outcome: Outcome) -> None:
    outcome.thrown += 1
    try:
        heard = receiver.read(mutant, SOURCE, float(outcome.thrown))
    except Exception as error:  # noqa: BLE001 - the receiver's caller takes any for "malformed"
        outcome.ends[f"{kind}: {type(error).__name__}"] += 1
    except BaseException as error:  # noqa: BLE001 - that would end the daemon
        outcome.faults.append(f"{kind}: {error!r} from {mutant.hex()}")
    else:
        outcome.ends[f"{kind}: {'heard' if heard else 'refused'}"] += 1
        if heard and kind.startswith("v3"):
            outcome.faults.append(f"{kind}: a forged one is believed: {mutant.hex()}")
        if not all(map(OID.fullmatch, heard)):
            outcome.faults.append(f"{kind}: heard {heard} from {mutant.hex()}")


def _still_heard(receiver: Receiver, sound: Mapping[str, bytes], sent: list[bytes], outcome: Outcome) -> None:
    for kind, datagram in sound.items():
        sent.clear()
        heard = receiver.read(datagram, SOURCE, float(outcome.thrown))
        if heard != HEARD or bool(sent) != kind.endswith("inform"):
            outcome.faults.append(f"{kind}: a sound one is not taken any more: {heard}, {len(sent)} answers")


def _sound(receiver: Receiver, sender: V3Agent, sent: list[bytes]) -> dict[str, bytes]:
    """One of each kind. Of a v3 inform the receiver's engine is the authoritative one (RFC 3412 section 6.4)."""
    sent.clear()
    receiver.read(DISCOVERY, SOURCE, 0.0)
    engine = read_frame(sent[-1])
    receiving = V3Agent(engine_id=engine.engine_id, boots=engine.boots)
    receiving.seconds = engine.seconds
    return {
        "v1 trap": _v1(),
        "v2c trap": _community(_pdu(TRAP)),
        "v2c inform": _community(_pdu(INFORM)),
        "v3 trap": sender.message(FRAME, _pdu(TRAP)),
        "v3 inform": receiving.message(FRAME, _pdu(INFORM), AUTHENTICATED | ENCRYPTED),
    }


def _varbind(name: ber.Oid, value: bytes) -> bytes:
    return ber.tlv(ber.SEQUENCE, ber.oid(name) + value)


def _pdu(tag: int) -> bytes:
    rows = _varbind(UPTIME, ber.integer(4711, ber.TIMETICKS)) + _varbind(TRAP_OID, ber.oid(LINK_DOWN))
    rows += _varbind(IF_INDEX, ber.integer(3))
    return ber.tlv(tag, ber.integer(77) + ber.integer(0) * 2 + ber.tlv(ber.SEQUENCE, rows))


def _community(pdu: bytes) -> bytes:
    return ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.octets("public") + pdu)


def _v1() -> bytes:
    """LinkDown is generic-trap 2 (RFC 1157 section 4.1.6)."""
    body = ber.oid((1, 3, 6, 1, 4, 1, 99999)) + ber.tlv(ber.IP_ADDRESS, b"\x7f\0\0\1") + ber.integer(2) + ber.integer(0)
    body += ber.integer(4711, ber.TIMETICKS) + ber.tlv(ber.SEQUENCE, _varbind(IF_INDEX, ber.integer(3)))
    return ber.tlv(ber.SEQUENCE, ber.integer(0) + ber.octets("public") + ber.tlv(TRAP_V1, body))

"""Reading notifications with pysnmp: v1, v2c and v3, traps and informs (RFC 3416 section 4.2.6 f.).

pysnmp checks community and user, answers informs, and turns SNMPv1 traps into SNMPv2 ones (RFC 3584 section 3.1). It is
heavy: this module is imported where traps are configured, and not before. The socket is ours, so that a datagram that
nobody asked for never reaches its decoder.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pyasn1.codec.ber import decoder
from pysnmp.carrier.asyncio.dgram import udp, udp6
from pysnmp.entity import config as snmp_config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.ntfrcv import NotificationReceiver
from pysnmp.proto.mpmod.rfc3412 import SNMPv3Message
from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters

from agent.wire.usm import MasterKeys, add_user, is_signed, master_keys, remove_user, security_level
from config.credentials import SnmpCredential

SNMP_TRAP_OID = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
USM = 3
MODULES = (
    *("PYSNMP-SOURCE-MIB", "PYSNMP-USM-MIB", "SNMP-COMMUNITY-MIB", "SNMP-FRAMEWORK-MIB", "SNMP-MPD-MIB"),
    *("SNMP-NOTIFICATION-MIB", "SNMP-TARGET-MIB", "SNMP-USER-BASED-SM-MIB", "SNMP-VIEW-BASED-ACM-MIB", "SNMPv2-MIB"),
    *("SNMPv2-SMI", "SNMPv2-TM", "TRANSPORT-ADDRESS-MIB", "__PYSNMP-USM-MIB", "__SNMP-FRAMEWORK-MIB"),
    *("__SNMP-MPD-MIB", "__SNMP-TARGET-MIB", "__SNMP-USER-BASED-SM-MIB", "__SNMPv2-MIB"),
)
"""What pysnmp would otherwise read from its files when the first message comes."""
_decode: Any = decoder.decode
ENGINE_ID_BYTES = (5, 32)
MAX_ENGINES = 2048
"""Senders of v3 traps that are remembered; beyond that the one that was heard of longest ago is forgotten."""
MAX_BYTES = 1472
"""What a notification may be long: one Ethernet frame's worth. RFC 3417 section 3.2 asks for 484; length costs."""
OPENING_BYTES = 300
"""Within so many bytes a message says its version and its community: what begins otherwise is not decoded."""
V3 = b"\x02\x01\x03\x30"
SocketAddress = tuple[Any, ...]
Send = Callable[[bytes, SocketAddress], None]


class Receiver:
    """Turns datagrams into the OIDs of notifications that may be believed. One thread at a time."""

    def __init__(self, credentials: Iterable[SnmpCredential], send: Send) -> None:
        """Build the engine: takes a good part of a second, and reads files."""
        self._engine: Any = SnmpEngine()
        self._engine.transport_dispatcher = _Outlet(send)
        self._engine.get_mib_builder().load_modules(*MODULES)
        self._users: defaultdict[str, list[MasterKeys]] = defaultdict(list)
        self._known: OrderedDict[tuple[str, bytes], MasterKeys] = OrderedDict()
        self._openings: list[bytes] = []
        self._heard: list[str] = []
        for number, credential in enumerate(credentials):
            self._add(credential, f"ringwacht-{number}")
        self._check(NotificationReceiver(self._engine, self._hear))

    @property
    def engines(self) -> int:
        """How many v3 senders are remembered."""
        return len(self._known)

    def read(self, datagram: bytes, source: SocketAddress, now: float) -> list[str]:
        """Return the OIDs of the notifications in a datagram, in dots; ``[]`` where it is not to be believed.

        ``now``: seconds since the epoch, by which the engine forgets what it waited for. Raises whatever a hostile
        datagram makes of the decoder.
        """
        self._heard.clear()
        opening = datagram[:OPENING_BYTES]
        if len(datagram) > MAX_BYTES or not any(one in opening for one in self._openings):
            return []
        six = len(source) > 2
        domain = udp6.SNMP_UDP6_DOMAIN if six else udp.SNMP_UDP_DOMAIN
        address = (udp6.Udp6TransportAddress if six else udp.UdpTransportAddress)(source)
        dispatcher = self._engine.message_dispatcher
        dispatcher.receive_timer_tick(self._engine, now)
        if V3 in opening and not self._meet(datagram):
            return []
        dispatcher.receive_message(self._engine, domain, address, datagram)
        return list(self._heard)

    def _add(self, credential: SnmpCredential, name: str) -> None:
        if credential.version == "3":
            self._users[credential.username or ""].append(master_keys(credential))
            self._openings.append(V3)
            return
        community = b"" if credential.community is None else credential.community.get_secret_value().encode()
        add_community: Any = snmp_config.add_v1_system  # typed for text, which it would write as latin-1
        add_community(self._engine, name, community)
        for version in (b"\0", b"\1"):
            self._openings.append(b"\x02\x01" + version + b"\x04" + bytes([len(community) & 0xFF]) + community)

    def _meet(self, datagram: bytes) -> bool:
        """Make a sender's user known to pysnmp, which knows one at its own engine only. False for a stranger.

        Of a trap the sender's engine is the authoritative one, of an inform ours (RFC 3412 section 6.4). Who cannot
        sign is not remembered, so that nobody fills the table without a password.
        """
        message: Any = _decode(datagram, asn1Spec=SNMPv3Message())[0]
        security: Any = _decode(message.getComponentByPosition(2), asn1Spec=UsmSecurityParameters())[0]
        engine_id, user = bytes(security.getComponentByPosition(0)), str(security.getComponentByPosition(3))
        if not engine_id:
            return True  # discovery: answered with our engine's id
        digest = security.getComponentByPosition(4)
        keys = next((one for one in self._users.get(user, ()) if is_signed(one, engine_id, digest, datagram)), None)
        if keys is None or not ENGINE_ID_BYTES[0] <= len(engine_id) <= ENGINE_ID_BYTES[1]:
            return False
        if self._known.get((user, engine_id)) is not keys:
            add_user(self._engine, keys, engine_id)
        self._known[user, engine_id] = keys
        self._known.move_to_end((user, engine_id))
        if len(self._known) > MAX_ENGINES:
            (old_user, old_engine), _ = self._known.popitem(last=False)
            remove_user(self._engine, old_user, old_engine)
        return True

    def _check(self, receiver: Any) -> None:
        """Take nothing below the security level of its user: pysnmp alone would take a trap without authentication."""
        dispatcher, kinds = self._engine.message_dispatcher, receiver.SUPPORTED_PDU_TYPES

        def process_pdu(engine: Any, model: int, security: int, name: Any, level: int, *rest: Any) -> None:
            if int(security) != USM or int(level) >= self._level_of(str(name)):
                receiver.process_pdu(engine, model, security, name, level, *rest)

        dispatcher.unregister_context_engine_id(b"", kinds)
        dispatcher.register_context_engine_id(b"", kinds, process_pdu)

    def _level_of(self, user: str) -> int:
        """Return the level that the present message's credential asks for; ``_meet`` has just put it last."""
        (name, _), keys = next(reversed(self._known.items()))
        return security_level(keys.credential) if name == user else USM

    def _hear(self, *arguments: Any) -> None:
        bindings: Sequence[tuple[Any, Any]] = arguments[4]
        for name, value in bindings:
            if tuple(name) == SNMP_TRAP_OID:
                self._heard.append(".".join(map(str, tuple(value))))
                return


class _Outlet:
    """What pysnmp sends through: answers to informs, reports to those who discover the engine."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def send_message(self, message: bytes, _domain: object, address: SocketAddress) -> None:
        """Send one datagram."""
        self._send(bytes(message), tuple(address))

    def get_timer_resolution(self) -> float:
        """Seconds between two ticks of the clock."""
        return 0.5

    def job_started(self, *_: object) -> None:
        """Nothing is waited for."""

    def job_finished(self, *_: object) -> None:
        """Nothing is waited for."""

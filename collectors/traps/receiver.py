"""Reading notifications with pysnmp: v1, v2c and v3, traps and informs (RFC 3416 section 4.2.6 f.).

pysnmp checks community and user, answers informs, and turns SNMPv1 traps into SNMPv2 ones (RFC 3584 section 3.1). It is
heavy: this module is imported where traps are configured, and not before. The socket is ours, so that a datagram that
nobody asked for never reaches its decoder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pyasn1.codec.ber import decoder
from pysnmp.carrier.asyncio.dgram import udp, udp6
from pysnmp.entity import config as snmp_config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.ntfrcv import NotificationReceiver
from pysnmp.proto.api.verdec import decode_message_version
from pysnmp.proto.mpmod.rfc3412 import SNMPv3Message
from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters

from agent.wire.usm import MasterKeys, add_user, master_keys, security_level
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
"""Senders that v3 traps are taken from; who may send at all can also invent engines."""
MAX_BYTES = 8192
"""What a notification may be long; the largest that RFC 3417 asks a manager to take is 484."""
SocketAddress = tuple[Any, ...]
Send = Callable[[bytes, SocketAddress], None]


class Receiver:
    """Turns datagrams into the OIDs of notifications that may be believed. One thread at a time."""

    def __init__(self, credentials: Iterable[SnmpCredential], send: Send) -> None:
        """Build the engine: takes a good part of a second, and reads files."""
        self._engine: Any = SnmpEngine()
        self._engine.transport_dispatcher = _Outlet(send)
        self._engine.get_mib_builder().load_modules(*MODULES)
        self._users: dict[str, MasterKeys] = {}
        self._levels: dict[str, int] = {}
        self._engines: dict[tuple[str, bytes], None] = {}
        self._heard: list[str] = []
        for number, credential in enumerate(credentials):
            self._add(credential, f"ringwacht-{number}")
        self._check(NotificationReceiver(self._engine, self._hear))

    def read(self, datagram: bytes, source: SocketAddress, now: float) -> list[str]:
        """Return the OIDs of the notifications in a datagram, in dots; ``[]`` where it is not to be believed.

        ``now``: seconds since the epoch, by which the engine forgets what it waited for. Raises whatever a hostile
        datagram makes of the decoder.
        """
        self._heard.clear()
        if len(datagram) > MAX_BYTES:
            return []
        six = len(source) > 2
        domain = udp6.SNMP_UDP6_DOMAIN if six else udp.SNMP_UDP_DOMAIN
        address = (udp6.Udp6TransportAddress if six else udp.UdpTransportAddress)(source)
        dispatcher = self._engine.message_dispatcher
        dispatcher.receive_timer_tick(self._engine, now)
        self._meet(datagram)
        dispatcher.receive_message(self._engine, domain, address, datagram)
        return list(self._heard)

    def _add(self, credential: SnmpCredential, name: str) -> None:
        if credential.version != "3":
            community = credential.community
            snmp_config.add_v1_system(self._engine, name, community.get_secret_value() if community else "")
        elif credential.username and credential.username not in self._users:  # USM knows a user by name alone
            keys = self._users[credential.username] = master_keys(credential)
            self._levels[credential.username] = security_level(credential)
            add_user(self._engine, keys)

    def _meet(self, datagram: bytes) -> None:
        """Learn of another sender: of a trap the sender's engine is the authoritative one (RFC 3412 section 6.4)."""
        if decode_message_version(datagram) != USM:
            return
        message: Any = _decode(datagram, asn1Spec=SNMPv3Message())[0]
        security: Any = _decode(message.getComponentByPosition(2), asn1Spec=UsmSecurityParameters())[0]
        engine_id, user = bytes(security.getComponentByPosition(0)), str(security.getComponentByPosition(3))
        keys, sender = self._users.get(user), (user, engine_id)
        if keys is None or sender in self._engines or not ENGINE_ID_BYTES[0] <= len(engine_id) <= ENGINE_ID_BYTES[1]:
            return
        if engine_id == bytes(self._engine.snmpEngineID) or len(self._engines) >= MAX_ENGINES:
            return
        add_user(self._engine, keys, engine_id)
        self._engines[sender] = None

    def _check(self, receiver: Any) -> None:
        """Take nothing below the security level of its user: pysnmp alone would take a trap without authentication."""
        dispatcher, kinds = self._engine.message_dispatcher, receiver.SUPPORTED_PDU_TYPES

        def process_pdu(engine: Any, model: int, security: int, name: Any, level: int, *rest: Any) -> None:
            if int(security) != USM or int(level) >= self._levels.get(str(name), USM):
                receiver.process_pdu(engine, model, security, name, level, *rest)

        dispatcher.unregister_context_engine_id(b"", kinds)
        dispatcher.register_context_engine_id(b"", kinds, process_pdu)

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

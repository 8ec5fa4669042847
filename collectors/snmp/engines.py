"""Which engines talk to a device, and how: by its ``snmp:`` section and its credential."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.snmp.client import Session
from collectors.snmp.compat import CompatSession
from collectors.snmp.exchange import Exchange
from collectors.snmp.failover import Conversation
from collectors.snmp.params import SnmpParams
from collectors.snmp.plain import Manners, Plain
from collectors.snmp.secure import Secure
from collectors.snmp.security import Credential, Keys
from config.address import Address


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is asked: an IP literal and a port, with which credential, and how long for each request."""

    address: Address
    credential: Credential
    timeout_seconds: float


def converse(peer: Peer, keys: Keys, params: SnmpParams, *, any_source: bool = False) -> Conversation:
    """Return the conversation with a device.

    ``any_source`` believes answers from every address (snmp_exporter's ``use_unconnected_udp_socket``). What only the
    compatible engine can do is left to it from the start.
    """
    plain = peer.credential.version != "3"
    special = _asks_much(params, any_source) if plain else bool(peer.credential.context)
    alone = params.engine == "pysnmp" or (params.engine == "auto" and special)
    fast = None if alone else Session(str(peer.address), peer.credential, keys, peer.timeout_seconds)
    exchange = _plain(peer, params, any_source, wide=fast is not None) if plain else _secure(peer, keys)
    compatible = CompatSession(exchange, peer.credential.version, peer.timeout_seconds)
    return Conversation(fast, compatible, params.retries, fallback=params.engine == "auto")


def _asks_much(params: SnmpParams, any_source: bool) -> bool:
    return bool(params.accept_from) or any_source or params.request_id_bits != 32


def _secure(peer: Peer, keys: Keys) -> Exchange:
    return Secure(peer.address.host, peer.address.port or 161, peer.credential, keys)


def _plain(peer: Peer, params: SnmpParams, any_source: bool, wide: bool) -> Plain:
    community = peer.credential.community
    secret = community.get_secret_value().encode() if community is not None else b""
    manners = Manners(params.accept_from, any_source, params.request_id_bits, wide)
    return Plain(peer.address.host, peer.address.port or 161, peer.credential.version, secret, manners)

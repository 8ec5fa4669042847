"""Which engines talk to a device, and how: by its ``snmp:`` section and its credential."""

from __future__ import annotations

from dataclasses import dataclass

from agent.contract import ParamError
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.budget import Budget
from collectors.snmp.transport.client import Session
from collectors.snmp.transport.compat import CompatSession
from collectors.snmp.transport.exchange import Exchange, Offload, on_the_spot
from collectors.snmp.transport.failover import Conversation
from collectors.snmp.transport.plain import Manners, Plain
from collectors.snmp.transport.secure import Secure
from collectors.snmp.transport.security import Credential, Keys
from config.address import Address


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is asked: an IP literal and a port, with which credential, and how long for each request."""

    address: Address
    credential: Credential
    timeout_seconds: float


def refuse_impossible(credential: Credential, params: SnmpParams) -> None:
    """Raise ParamError for what the engine asked for would leave undone: the fast one reads the default context."""
    if credential.version == "3" and credential.context and params.engine == "gufo":
        raise ParamError("engine", "an SNMPv3 context needs engine: auto or pysnmp")


def converse(
    peer: Peer, keys: Keys, params: SnmpParams, *, any_source: bool = False, offload: Offload = on_the_spot
) -> Conversation:
    """Return the conversation with a device. Raises as ``refuse_impossible``.

    ``any_source`` believes answers from every address (snmp_exporter's ``use_unconnected_udp_socket``). What only the
    compatible engine can do is left to it from the start. ``offload`` runs the loading of codecs.
    """
    refuse_impossible(peer.credential, params)
    plain = peer.credential.version != "3"
    special = _asks_much(params, any_source) if plain else bool(peer.credential.context)
    alone = params.engine == "pysnmp" or (params.engine == "auto" and special)
    budget, fallback = Budget(peer.timeout_seconds), params.engine == "auto"
    fast = None if alone else Session(str(peer.address), peer.credential, keys, budget, alone=not fallback)
    manners = Manners(params.accept_from, any_source, params.request_id_bits, wide=fast is not None)
    exchange = _plain(peer, manners, offload) if plain else _secure(peer, keys, offload)
    compatible = CompatSession(exchange, peer.credential.version, budget)
    return Conversation(fast, compatible, budget, params.retries, fallback=fallback)


def _asks_much(params: SnmpParams, any_source: bool) -> bool:
    return bool(params.accept_from) or any_source or params.request_id_bits != 32


def _secure(peer: Peer, keys: Keys, offload: Offload) -> Exchange:
    return Secure(peer.address, peer.credential, keys, offload)


def _plain(peer: Peer, manners: Manners, offload: Offload) -> Plain:
    community = peer.credential.community
    secret = community.get_secret_value().encode() if community is not None else b""
    return Plain(peer.address, peer.credential.version, secret, manners, offload)

"""SNMP credentials in the words of pysnmp, for those who speak through it (RFC 3414, RFC 3826, RFC 7860)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from config.credentials import SnmpCredential

SecurityLevel = Literal[1, 2, 3]
"""RFC 3411 SnmpSecurityLevel: 1 noAuthNoPriv, 2 authNoPriv, 3 authPriv."""

Service = tuple[int, ...]
"""OID that names a protocol, in SNMP's own registry and in pysnmp."""
_AUTH, _PRIV, _CISCO = (1, 3, 6, 1, 6, 3, 10, 1, 1), (1, 3, 6, 1, 6, 3, 10, 1, 2), (1, 3, 6, 1, 4, 1, 9, 12, 6, 1)
AUTH_SERVICES: Mapping[str | None, Service] = {
    None: (*_AUTH, 1),
    "MD5": (*_AUTH, 2),
    "SHA": (*_AUTH, 3),
    "SHA-224": (*_AUTH, 4),
    "SHA-256": (*_AUTH, 5),
    "SHA-384": (*_AUTH, 6),
    "SHA-512": (*_AUTH, 7),
}
PRIV_SERVICES: Mapping[str | None, Service] = {
    None: (*_PRIV, 1),
    "DES": (*_PRIV, 2),
    "AES-128": (*_PRIV, 4),
    "AES-192": (*_CISCO, 1),  # keys extended as draft-blumenthal-aes-usm-04 says
    "AES-256": (*_CISCO, 2),
    "AES-192-C": (*_CISCO, 101),  # as draft-reeder-snmpv3-usm-3desede-00 says
    "AES-256-C": (*_CISCO, 102),
}


def security_level(credential: SnmpCredential) -> SecurityLevel:
    """Return the level that a v3 credential speaks with."""
    return 3 if credential.priv_protocol else 2 if credential.auth_protocol else 1


@dataclass(frozen=True, slots=True, repr=False)
class MasterKeys:
    """The keys that a v3 credential's passwords make (RFC 3414 section 2.6): a megabyte of hashing each, done once."""

    credential: SnmpCredential
    auth: bytes | None
    priv: bytes | None


def master_keys(credential: SnmpCredential) -> MasterKeys:
    """Return the keys of a v3 credential. Takes a good part of a tenth of a second."""
    from pysnmp.entity import config

    auths, privs = cast("Any", config.AUTH_SERVICES), cast("Any", config.PRIV_SERVICES)
    auth, priv = AUTH_SERVICES[credential.auth_protocol], PRIV_SERVICES[credential.priv_protocol]
    auth_key = priv_key = None
    if credential.auth_password is not None:
        auth_key = bytes(auths[auth].hash_passphrase(credential.auth_password.get_secret_value().encode()))
    if credential.priv_password is not None:
        priv_key = bytes(privs[priv].hash_passphrase(auth, credential.priv_password.get_secret_value().encode()))
    return MasterKeys(credential, auth_key, priv_key)


def add_user(engine: Any, keys: MasterKeys, engine_id: bytes) -> None:
    """Make a v3 user of an authoritative engine known to a pysnmp engine; replaces the one of that name."""
    from pysnmp.entity import config

    config.add_v3_user(
        engine,
        keys.credential.username,
        AUTH_SERVICES[keys.credential.auth_protocol],
        keys.auth,
        PRIV_SERVICES[keys.credential.priv_protocol],
        keys.priv,
        securityEngineId=_octets(engine_id),
        authKeyType=config.USM_KEY_TYPE_MASTER,
        privKeyType=config.USM_KEY_TYPE_MASTER,
    )


def remove_user(engine: Any, username: str, engine_id: bytes) -> None:
    """Let a pysnmp engine forget a user of one authoritative engine."""
    from pysnmp.entity import config

    config.delete_v3_user(engine, username, _octets(engine_id))


def is_signed(keys: MasterKeys, engine_id: bytes, digest: Any, datagram: bytes) -> bool:
    """Whether a message of an authoritative engine is signed with these keys; without authentication any message is."""
    from pysnmp.entity import config
    from pysnmp.proto.error import StatusInformation

    if keys.auth is None:
        return True
    service = cast("Any", config.AUTH_SERVICES)[AUTH_SERVICES[keys.credential.auth_protocol]]
    key = service.localize_key(_octets(keys.auth), _octets(engine_id))
    try:
        service.authenticate_incoming_message(key, digest, datagram)
    except StatusInformation:
        return False
    return True


def _octets(content: bytes) -> Any:
    from pysnmp.proto.rfc1902 import OctetString

    return OctetString(content)

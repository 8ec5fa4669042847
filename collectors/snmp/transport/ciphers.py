"""The cryptography of SNMPv3 for the compatible engine, over pysnmp's services (RFC 3414, RFC 3826, RFC 7860). Pure.

pysnmp takes a tenth of a second to import, so it is imported at the first use: ``load`` in a thread.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from agent.wire.usm import AUTH_SERVICES, PRIV_SERVICES, Service
from collectors.snmp.transport.security import Credential, Keys
from collectors.snmp.transport.v3frame import AUTHENTICATED, ENCRYPTED, Frame


class Digest(NamedTuple):
    """An authentication protocol: its hash, octets sent of it, and pysnmp's service."""

    name: str
    octets: int
    service: Service


DIGESTS: Mapping[str, Digest] = {
    "MD5": Digest("md5", 12, AUTH_SERVICES["MD5"]),
    "SHA": Digest("sha1", 12, AUTH_SERVICES["SHA"]),
    "SHA-224": Digest("sha224", 16, AUTH_SERVICES["SHA-224"]),
    "SHA-256": Digest("sha256", 24, AUTH_SERVICES["SHA-256"]),
    "SHA-384": Digest("sha384", 32, AUTH_SERVICES["SHA-384"]),
    "SHA-512": Digest("sha512", 48, AUTH_SERVICES["SHA-512"]),
}


class Guard:
    """Signs and encrypts for one user at one engine; nothing of a weaker level than the credential's is believed."""

    def __init__(self, credential: Credential, keys: Keys, engine_id: bytes, *, privacy: bool = True) -> None:
        self.flags = 0
        self._digest = DIGESTS.get(credential.auth_protocol or "")
        self._auth_key = self._priv_key = b""
        self._service: Any = None
        if self._digest is None or credential.auth_password is None:
            return
        self.flags = AUTHENTICATED
        master = keys.master(credential.auth_protocol or "", credential.auth_password)
        self._auth_key = hashlib.new(self._digest.name, master + engine_id + master).digest()
        if privacy and credential.priv_protocol and credential.priv_password is not None:
            self.flags |= ENCRYPTED
            self._service = _services()[PRIV_SERVICES[credential.priv_protocol]]
            secret = keys.master(credential.auth_protocol or "", credential.priv_password)
            self._priv_key = self._service.localize_key(self._digest.service, secret, _octets(engine_id))

    @property
    def digest_octets(self) -> int:
        """Length of the authentication parameters."""
        return self._digest.octets if self.flags & AUTHENTICATED and self._digest else 0

    def signed(self, datagram: bytes, digest_at: int) -> bytes:
        """Return a message with its authentication parameters, zero until then, filled in."""
        size = self.digest_octets
        return datagram[:digest_at] + self._sum(datagram) + datagram[digest_at + size :]

    def is_authentic(self, datagram: bytes, frame: Frame) -> bool:
        """Whether the message is signed with our key."""
        size = self.digest_octets
        if not size or not frame.flags & AUTHENTICATED or len(frame.digest) != size:
            return False
        blank = datagram[: frame.digest_at] + bytes(size) + datagram[frame.digest_at + size :]
        return hmac.compare_digest(self._sum(blank), frame.digest)

    def encrypted(self, scoped: bytes, boots: int, seconds: int) -> tuple[bytes, bytes]:
        """Return the encrypted ScopedPDU and the privacy parameters."""
        data, salt = self._service.encrypt_data(self._priv_key, (boots, seconds, None), scoped)
        return bytes(data), bytes(salt)

    def decrypted(self, frame: Frame) -> bytes:
        """Return the ScopedPDU. Raises ValueError where it cannot be decrypted."""
        try:
            parameters = (frame.boots, frame.seconds, _octets(frame.salt))
            return bytes(self._service.decrypt_data(self._priv_key, parameters, _octets(frame.data)))
        except Exception as error:
            raise ValueError(f"cannot be decrypted ({type(error).__name__})") from error

    def _sum(self, blank: bytes) -> bytes:
        digest = self._digest
        return b"" if digest is None else hmac.digest(self._auth_key, blank, digest.name)[: digest.octets]


def load() -> None:
    """Import pysnmp's services; takes a tenth of a second the first time, so call it in a thread."""
    _services()


@cache
def _services() -> Mapping[tuple[int, ...], Any]:
    found: Mapping[tuple[int, ...], Any] = import_module(
        "pysnmp.proto.secmod.rfc3414.service"
    ).SnmpUSMSecurityModel.PRIV_SERVICES
    return found


def _octets(content: bytes) -> Any:
    return import_module("pyasn1.type.univ").OctetString(content)

"""SNMPv3 user security model: names of protocols to the engine's key objects (RFC 3414, RFC 3826, RFC 7860)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gufo.snmp.user import (
    Aes128Key,
    Aes192Key,
    Aes256Key,
    BaseAuthKey,
    BasePrivKey,
    DesKey,
    KeyExpansion,
    KeyType,
    Md5Key,
    Sha1Key,
    Sha224Key,
    Sha256Key,
    Sha384Key,
    Sha512Key,
    User,
)
from pydantic import SecretStr

AUTH: Mapping[str, type[BaseAuthKey]] = {
    "MD5": Md5Key,
    "SHA": Sha1Key,
    "SHA-224": Sha224Key,
    "SHA-256": Sha256Key,
    "SHA-384": Sha384Key,
    "SHA-512": Sha512Key,
}
PRIV: Mapping[str, type[BasePrivKey]] = {
    "DES": DesKey,
    "AES-128": Aes128Key,
    "AES-192": Aes192Key,
    "AES-256": Aes256Key,
}


class Credential(Protocol):
    """What the engine needs of a ``config`` SNMP credential."""

    @property
    def version(self) -> str:
        """``1``, ``2c`` or ``3``."""
        ...

    @property
    def community(self) -> SecretStr | None:
        """Community of v1 and v2c."""
        ...

    @property
    def username(self) -> str | None:
        """User of v3."""
        ...

    @property
    def auth_protocol(self) -> str | None:
        """Authentication protocol of v3."""
        ...

    @property
    def auth_password(self) -> SecretStr | None:
        """Authentication password of v3."""
        ...

    @property
    def priv_protocol(self) -> str | None:
        """Privacy protocol of v3, with ``-C`` for Cisco's key extension."""
        ...

    @property
    def priv_password(self) -> SecretStr | None:
        """Privacy password of v3."""
        ...

    @property
    def context(self) -> str | None:
        """Context name of v3."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Master keys by (authentication protocol, password): each costs a megabyte of hashing, a device only a little."""

    _known: dict[tuple[str, str], bytes] = field(default_factory=dict[tuple[str, str], bytes])

    def master(self, protocol: str, password: SecretStr) -> bytes:
        """Return the master key (RFC 3414 section 2.6), computed once."""
        identity = (protocol, password.get_secret_value())
        if identity not in self._known:
            self._known[identity] = AUTH[protocol].get_master_key(identity[1].encode())
        return self._known[identity]

    def user(self, credential: Credential, *, privacy: bool = True) -> User:
        """Return the engine's user; without ``privacy`` one security level lower. Raises KeyError, ValueError."""
        name = credential.username or ""
        if not credential.auth_protocol or credential.auth_password is None:
            return User(name)
        protocol = credential.auth_protocol
        auth = AUTH[protocol](self.master(protocol, credential.auth_password), key_type=KeyType.Master)
        if not privacy or not credential.priv_protocol or credential.priv_password is None:
            return User(name, auth_key=auth)
        cipher, cisco = credential.priv_protocol.removesuffix("-C"), credential.priv_protocol.endswith("-C")
        priv = PRIV[cipher](self.master(protocol, credential.priv_password), key_type=KeyType.Master)
        expansion = KeyExpansion.Cisco if cisco else KeyExpansion.Blumenthal
        return User(name, auth_key=auth, priv_key=priv, key_expansion=expansion)

"""How devices and services are logged in to."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, WithJsonSchema, model_validator

from config.base import ExistingFile, Model, Text
from config.errors import Wrong
from config.secrets import Secret

AuthProtocol = Literal["MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"]
PrivProtocol = Literal["DES", "AES-128", "AES-192", "AES-256", "AES-192-C", "AES-256-C"]


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_VERSION_SCHEMA: dict[str, Any] = {"enum": ["1", "2c", "3", 1, 3]}
SnmpVersion = Annotated[Literal["1", "2c", "3"], BeforeValidator(_as_text), WithJsonSchema(_VERSION_SCHEMA)]


class SnmpCredential(Model):
    """SNMP v1 and v2c by community, v3 by user (USM, RFC 3414)."""

    version: SnmpVersion = Field(description="Protocol version.")
    community: Secret | None = Field(default=None, description="Community (v1, v2c).")
    username: Text | None = Field(default=None, description="User (v3).")
    auth_protocol: AuthProtocol | None = Field(default=None, description="Authentication protocol (v3).")
    auth_password: Secret | None = Field(
        default=None, description="Authentication password (v3), at least 8 characters."
    )
    priv_protocol: PrivProtocol | None = Field(
        default=None, description="Privacy protocol (v3); `-C`: key extension as Cisco does it."
    )
    priv_password: Secret | None = Field(default=None, description="Privacy password (v3), at least 8 characters.")
    context: Text | None = Field(default=None, description="Context name (v3).")

    @model_validator(mode="after")
    def _complete(self) -> SnmpCredential:
        if self.version == "3":
            self._check_user()
        else:
            self._check_community()
        return self

    def _check_community(self) -> None:
        if self.community is None:
            raise Wrong(f"version {self.version} needs a community")
        user = ("username", "auth_protocol", "auth_password", "priv_protocol", "priv_password", "context")
        for key in user:
            if getattr(self, key) is not None:
                raise Wrong(f"{key} goes with version 3 only")

    def _check_user(self) -> None:
        if self.username is None:
            raise Wrong("version 3 needs a username")
        if self.community is not None:
            raise Wrong("version 3 has no community")
        _check_pair("auth", self.auth_protocol, self.auth_password)
        _check_pair("priv", self.priv_protocol, self.priv_password)
        if self.priv_protocol is not None and self.auth_protocol is None:
            raise Wrong("privacy needs authentication as well")


def _check_pair(prefix: str, protocol: str | None, password: SecretStr | None) -> None:
    if (protocol is None) != (password is None):
        raise Wrong(f"{prefix}_protocol and {prefix}_password go together")
    # RFC 3414 11.2 asks for 8; agents refuse to create users with less
    if password is not None and len(password.get_secret_value()) < 8:
        raise Wrong(f"{prefix}_password has fewer than 8 characters")


class SshCredential(Model):
    """SSH login; the host's key must be known."""

    username: Text = Field(description="User.")
    password: Secret | None = Field(default=None, description="Password.")
    key_file: ExistingFile | None = Field(default=None, description="Private key.")
    enable_password: Secret | None = Field(default=None, description="Password of the privileged mode, if it has one.")
    known_hosts: ExistingFile = Field(description="Known host keys (OpenSSH's format).")

    @model_validator(mode="after")
    def _complete(self) -> SshCredential:
        if self.password is None and self.key_file is None:
            raise Wrong("needs a password or a key_file")
        return self


class HttpCredential(Model):
    """HTTP basic authentication (RFC 7617)."""

    username: Text = Field(description="User.")
    password: Secret = Field(description="Password.")


class NutCredential(Model):
    """Login to a server of Network UPS Tools (RFC 9271); both are sent in the clear."""

    username: Text = Field(description="User.")
    password: Secret = Field(description="Password.")

    @model_validator(mode="after")
    def _sayable(self) -> NutCredential:
        for key, text in (("username", self.username), ("password", self.password.get_secret_value())):
            if not (text.isascii() and text.isprintable()):
                raise Wrong(f"{key} holds other than printable ASCII characters; the protocol has no others")
        return self


class OAuthCredential(Model):
    """Client credentials of OAuth 2.0 (RFC 6749, section 4.4): an application, not a person."""

    client_id: Text = Field(description="Id of the application.")
    client_secret: Secret = Field(description="Its secret.")


class Credential(Model):
    """Login data; a check takes the part that it needs."""

    snmp: SnmpCredential | None = Field(default=None, description="For SNMP.")
    ssh: SshCredential | None = Field(default=None, description="For SSH.")
    http: HttpCredential | None = Field(default=None, description="For HTTP.")
    nut: NutCredential | None = Field(default=None, description="For Network UPS Tools.")
    oauth: OAuthCredential | None = Field(default=None, description="For Microsoft Graph.")
    token: Secret | None = Field(default=None, description="A bearer token or API key.")

    @model_validator(mode="after")
    def _filled(self) -> Credential:
        if all(part is None for part in (self.snmp, self.ssh, self.http, self.nut, self.oauth, self.token)):
            raise Wrong("needs at least one of snmp, ssh, http, nut, oauth and token")
        return self

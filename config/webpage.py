"""A page that is fetched: how it is asked for, and what a good answer looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    SecretStr,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
)

from config.base import Model, Text, is_mapping
from config.errors import Wrong, shown
from config.secrets import Secret, resolve_secret
from config.selectors import compile_pattern

MAX_FIELD = 4096
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
# what the connection itself says (RFC 9112, RFC 9113 8.2.2)
_RESERVED = frozenset(
    {
        *("host", "connection", "content-length", "transfer-encoding", "upgrade", "keep-alive", "te", "trailer"),
        *("proxy-connection", "http2-settings", "expect", "accept-encoding"),
    }
)

PERSONAL = frozenset({"authorization", "cookie", "proxy-authorization"})
"""Headers that say who asks: what a browser would not take along to another server (Fetch standard)."""


def _version(value: object) -> str:
    """Return a version as HTTP writes it; YAML reads `2.0` as a number, and so is `2`."""
    text = str(value)
    return "2" if text == "2.0" else text


Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
HttpVersion = Annotated[Literal["1.0", "1.1", "2"], BeforeValidator(_version)]


def one_or_several(value: object) -> object:
    """Return a single value as a list of it: `status: 200` and `status: [200]` mean the same."""
    return (value,) if isinstance(value, str | int | float) else value


def check_regex(text: str) -> str:
    """Return an expression of RE2's syntax. Raises Wrong."""
    compile_pattern(text)
    return text


def _check_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Wrong(f"{shown(name)} is not the name of a header")
    return name.lower()


def _own_name(name: str) -> str:
    if name.lower() in _RESERVED:
        raise Wrong(f"{shown(name)} is said by the connection itself")
    return _check_name(name)


def _value(value: object) -> str | SecretStr:
    """Return a header's value as written, or the secret that a reference names. Raises Wrong, which quotes neither."""
    if isinstance(value, SecretStr) or is_mapping(value):
        secret = resolve_secret(value)
        _check_value(secret.get_secret_value())
        return secret
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Wrong("must be text or a secret", 'write "true" or {file: …}')
    _check_value(str(value))
    return str(value)


def _check_value(text: str) -> None:
    if len(text) > MAX_FIELD:
        raise Wrong(f"is longer than {MAX_FIELD} characters")
    if text != text.strip() or not all(" " <= letter <= "~" for letter in text):
        raise Wrong("holds what no header can hold: other than printable ASCII, or blanks around it")


def _value_schema() -> dict[str, Any]:
    forms = [{"type": "string"}, {"type": "number"}, TypeAdapter[SecretStr](Secret).json_schema()]
    return {"title": "text or secret", "anyOf": forms}


def listed(title: str, item: dict[str, Any]) -> WithJsonSchema:
    """Return the input form of what may be written alone or as a list."""
    return WithJsonSchema({"title": f"{title}, or a list of such", "anyOf": [item, {"type": "array", "items": item}]})


_STATUS = {"type": "integer", "minimum": 100, "maximum": 599}
_VERSION = {"enum": ["1.0", "1.1", "2", 1.0, 1.1, 2]}

Regex = Annotated[Text, AfterValidator(check_regex)]
Regexes = Annotated[
    tuple[Regex, ...],
    BeforeValidator(one_or_several),
    Field(max_length=16),
    listed("regular expression", {"type": "string"}),
]
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(one_or_several), Field(max_length=16), listed("text", {"type": "string"})
]
Statuses = Annotated[
    tuple[Annotated[int, Field(ge=100, le=599)], ...],
    BeforeValidator(one_or_several),
    Field(min_length=1, max_length=64),
    listed("HTTP status", _STATUS),
]
HttpVersions = Annotated[
    tuple[HttpVersion, ...], BeforeValidator(one_or_several), Field(min_length=1), listed("HTTP version", _VERSION)
]
HeaderName = Annotated[str, AfterValidator(_check_name)]
OwnHeader = Annotated[str, AfterValidator(_own_name)]
HeaderValue = Annotated[str | SecretStr, PlainValidator(_value), WithJsonSchema(_value_schema())]


class Expect(Model):
    """What a good answer looks like; all that is set must hold."""

    status: Statuses | None = Field(default=None, description="HTTP status, or several; default: any 2xx.")
    text: Text | None = Field(default=None, description="Text that the page must hold.")
    absent_text: Texts = Field(default=(), description="Texts that the page must not hold.")
    matches: Regexes = Field(default=(), description="Regular expressions (RE2) that the page must match, each.")
    absent_matches: Regexes = Field(default=(), description="Regular expressions that the page must not match.")
    headers: Mapping[HeaderName, Regex] = Field(
        default_factory=dict[str, str],
        description="Headers that the answer must have, each with an expression that its value must match.",
    )
    absent_headers: Mapping[HeaderName, Regex] = Field(
        default_factory=dict[str, str],
        description="Headers that the answer must not have with a value that matches the expression.",
    )
    http_version: HttpVersions | None = Field(default=None, description="HTTP version, or several; default: any.")
    tls: bool | None = Field(
        default=None, description="Whether the last answer must have come over TLS, or must not; default: either."
    )


class Request(Model):
    """How a page is asked for."""

    method: Method = Field(default="GET", description="Method of the request.")
    headers: Mapping[OwnHeader, HeaderValue] = Field(
        default_factory=dict[str, str | SecretStr],
        max_length=32,
        description="Headers of the request; a value may be a secret (`{file: …}`).",
    )
    body: Annotated[str, Field(min_length=1, max_length=65536)] | None = Field(
        default=None, description="Body of the request."
    )
    compression: Literal["identity", "gzip", "deflate"] = Field(
        default="identity", description="Compression that is asked for."
    )
    http2: bool = Field(default=True, description="Whether HTTP/2 is offered over TLS.")
    follow_redirects: bool = Field(default=True, description="Whether redirects are followed, five at most.")

    @model_validator(mode="after")
    def _sent(self) -> Request:
        if self.body is not None and self.method in {"GET", "HEAD"}:
            raise Wrong(f"method {self.method} has no body")
        return self

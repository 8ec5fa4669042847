"""What is said over a TCP connection."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from config.base import Model
from config.errors import Wrong
from config.selectors import groups_of
from config.webpage import Regex

GROUP = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})", re.ASCII)
"""What stands for a dollar sign, or for what a group matched."""

StartTls = Literal["ftp", "imap", "ldap", "nntp", "pop3", "postgres", "sieve", "smtp", "xmpp"]


class Turn(Model):
    """One turn: a line is waited for, another sent, TLS begun, in this order."""

    expect: Regex | None = Field(
        default=None, description="Regular expression (RE2) that a line must match; lines before it are passed over."
    )
    send: Annotated[str, StringConstraints(min_length=1, max_length=4096)] | None = Field(
        default=None,
        description="Line that is sent, a line feed is added; `${1}` is what the first group of `expect` matched.",
    )
    starttls: bool = Field(default=False, description="Whether TLS begins now.")

    @model_validator(mode="after")
    def _something(self) -> Turn:
        if self.expect is None and self.send is None and not self.starttls:
            raise Wrong("needs at least one of expect, send and starttls")
        groups = groups_of(self.expect) if self.expect is not None else frozenset[str]()
        for found in GROUP.finditer(self.send or ""):
            name = found[1] or found[2]
            if name is not None and name not in groups:
                raise Wrong(f"send names ${{{name}}}, which `expect` has no group for", "a dollar sign is written $$")
        return self


class Dialogue(Model):
    """What is said over a TCP connection, once it is there."""

    tls: bool = Field(default=False, description="Whether TLS is spoken on the port from the beginning.")
    starttls: StartTls | None = Field(
        default=None, description="Protocol in whose way TLS is begun on a connection without."
    )
    conversation: tuple[Turn, ...] = Field(default=(), max_length=32, description="What is waited for and sent.")

    @model_validator(mode="after")
    def _one_way_to_tls(self) -> Dialogue:
        begun = [self.tls, self.starttls is not None, *(turn.starttls for turn in self.conversation)]
        if sum(begun) > 1:
            raise Wrong("TLS can begin once only: by tls, starttls or one turn of the conversation")
        return self

    @property
    def speaks_tls(self) -> bool:
        """Whether there is TLS at any point."""
        return self.tls or self.starttls is not None or any(turn.starttls for turn in self.conversation)

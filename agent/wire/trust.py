"""Whom TLS believes: certificate authorities, loaded once for all who trust the same."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple
from weakref import WeakValueDictionary

from agent.contract import CannotCheck, Wire
from agent.wire.failures import describe


@dataclass(frozen=True, eq=False)
class Trust:
    """Two ways to speak TLS: ``strict`` verifies, ``lax`` only looks."""

    strict: ssl.SSLContext
    lax: ssl.SSLContext


class Edition(NamedTuple):
    """A file of authorities as it stands now: its time of change in nanoseconds and its size in bytes."""

    ca: Path
    mtime_ns: int
    size: int


class TrustShare:
    """Lends one ``Trust`` for each set of authorities to all collectors: a loaded store takes about a megabyte."""

    def __init__(self) -> None:
        self._lent: WeakValueDictionary[tuple[Edition | None, tuple[str, ...]], Trust] = WeakValueDictionary()

    async def borrow(self, ca: Path | None, wire: Wire, protocols: tuple[str, ...] = ()) -> Trust:
        """Return the authorities as they stand in the file now, the system's where ``ca`` is None. Raises CannotCheck.

        To be asked at each poll, so that a renewed file is read; who keeps the answer keeps it loaded. ``protocols``
        are offered in the handshake (ALPN, RFC 7301).
        """
        try:
            edition = None if ca is None else await wire.blocking("default", partial(edition_of, ca))
            if (trust := self._lent.get((edition, protocols))) is not None:
                return trust
            loaded = await wire.blocking("default", partial(load_trust, ca, protocols))
        except OSError as error:
            raise CannotCheck(f"ca {ca}: {describe(error)}") from None
        return self._lent.setdefault((edition, protocols), loaded)


def edition_of(ca: Path) -> Edition:
    """Look at the file; blocks. Raises OSError."""
    stat = ca.stat()
    return Edition(ca, stat.st_mtime_ns, stat.st_size)


def load_trust(ca: Path | None, protocols: tuple[str, ...] = ()) -> Trust:
    """Read the authorities' certificates; blocks. Raises OSError (ssl.SSLError where the file holds none)."""
    strict = ssl.create_default_context(cafile=ca)
    # Python 3.13 refuses authorities without key identifiers, which browsers accept and towns' own often are.
    strict.verify_flags &= ~ssl.VERIFY_X509_STRICT
    lax = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    lax.check_hostname = False
    lax.verify_mode = ssl.CERT_NONE
    if protocols:
        strict.set_alpn_protocols(protocols)
        lax.set_alpn_protocols(protocols)
    return Trust(strict, lax)

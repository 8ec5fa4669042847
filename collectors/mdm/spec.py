"""How it is configured and built."""

from __future__ import annotations

from functools import partial

from pydantic import SecretStr
from yarl import URL

from agent.contract import Collector, CollectorSpec, ParamError, Target, Wire
from agent.wire.graph import GRAPH, graph_door
from agent.wire.oauth import TokenKeeper
from agent.wire.session import may_carry_secrets
from agent.wire.trust import TrustShare
from collectors.mdm.collector import MdmCollector, Setup
from collectors.mdm.families import FAMILIES
from collectors.mdm.intune import Intune
from collectors.mdm.jamf_school import JamfSchool
from collectors.mdm.kinds import Kinds
from collectors.mdm.relution import Relution
from collectors.mdm.singles import Pseudonym, by_hash, by_tag
from config.credentials import Credential
from config.schools import Source

LEAST_INTERVAL_SECONDS = 900.0
LONGEST_POLL_SECONDS = 300.0
_JAMF_HINT = "`token` holds the network ID and the API key as ID:KEY (or `http` has them as user and password)"


def make_spec() -> CollectorSpec:
    """Return the ``mdm`` kind; its collectors share authorities."""
    return CollectorSpec(
        kind="mdm",
        params=Source,
        families=FAMILIES,
        build=partial(_build, TrustShare()),
        least_interval_seconds=LEAST_INTERVAL_SECONDS,
        longest_poll_seconds=LONGEST_POLL_SECONDS,
    )


def _build(share: TrustShare, target: Target, params: Source, wire: Wire) -> Collector:
    url = URL((params.url or GRAPH).rstrip("/"))
    _check(url)
    return MdmCollector(target, _setup(params, target.credential, url, wire), share, wire)


def _setup(params: Source, credential: Credential | None, url: URL, wire: Wire) -> Setup:
    naming, kinds = _naming(params), Kinds(params.kinds)
    if params.mdm == "jamf_school":
        return Setup(params, JamfSchool(url, _jamf_login(credential), kinds), naming=naming)
    if params.mdm == "relution":
        return Setup(params, Relution(url, _token(credential), params.organisation, kinds), naming=naming)
    door = graph_door(params, credential)
    return Setup(params, Intune(URL(door.base), kinds), TokenKeeper(door.tokens, wire.now), naming)


def _check(url: URL) -> None:
    """Refuse what would send a credential in the clear, or loses part of an address."""
    if not may_carry_secrets(str(url)):
        raise ParamError("url", "needs https://, since a credential is sent there; http:// only to this machine itself")
    if url.query_string or url.fragment:
        raise ParamError("url", "is the address of an interface, without ? and #")


def _jamf_login(credential: Credential | None) -> SecretStr:
    if credential is not None and credential.token is not None:
        return _sayable(credential.token, _JAMF_HINT, ":")
    if credential is not None and credential.http is not None:
        login = credential.http
        return _sayable(SecretStr(f"{login.username}:{login.password.get_secret_value()}"), _JAMF_HINT, ":")
    raise ParamError("credential", f"jamf_school needs a credential with a `token`: {_JAMF_HINT}")


def _token(credential: Credential | None) -> SecretStr:
    if credential is None or credential.token is None:
        raise ParamError("credential", "relution needs a credential with a `token`, the access token of a user")
    return _sayable(credential.token, "`token` holds an access token as the portal shows it")


def _sayable(secret: SecretStr, hint: str, needed: str = "") -> SecretStr:
    """Return a secret that a header can carry. Raises ParamError, which never quotes it."""
    text = secret.get_secret_value()
    if not text.isascii() or not text.isprintable() or needed not in text:
        raise ParamError("credential", hint)
    return secret


def _naming(params: Source) -> Pseudonym | None:
    if params.per_device == "asset_tag":
        return by_tag
    if params.per_device == "hash" and params.hash_key is not None:
        return by_hash(params.hash_key.get_secret_value().encode())
    return None

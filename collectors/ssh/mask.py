"""Secrets of a configuration, masked before it is stored, shown or logged. Pure.

What is masked becomes ``<secret:1a2b3c4d>``: a few bits of a keyed hash (HMAC, RFC 2104), so that another secret shows
as a change, and nobody without the key can tell, or try, which one it is. The same secret on two devices looks
different. Rather too much than too little: hashes count as secrets, since they can be tried offline.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator

Mask = Callable[[str], str]

_DIGITS = 8
_SHORTEST_KNOWN = 6  # a login's password that is shorter stands in too many words

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_QUOTED_INSIDE = r'\\"(?:[^"\\]|\\[^"])*\\"'  # in a script that is quoted itself
_WORD = rf"(?:{_QUOTED}|{_QUOTED_INSIDE}|\S+)"
_REST = rf"(?:{_QUOTED}|\S.*?(?= +role |\s*$))"  # a secret that is not quoted may hold blanks
_FORM = (
    r"(?:(?:[0-9]|encrypted|hidden|plaintext|ciphertext|simple|cipher|ascii|hex|text|key|set-key|key-string|key-value|"
    r"md5|sha1|sha256|sha512) +)*"
)
_NAMES = (
    "ascii-key|auth-pass|auth-password|authentication-key|encrypted-key|encryption-key|hmac-key|key-string|key-value|"
    "keystring|passphrase|passwd|password|pre-shared-key|preshared-key|priv-pass|priv-password|private-key|psk|secret|"
    "shared-secret|sharedsecret|wep-key|wpa-passphrase|wpa-psk|wpa2-psk"
)
_ALGORITHM = r"(?:md5|sha-?\d{1,3}(?: +\d{3})?|sha|3des|des\d{0,3}|aes +\d{3}|aes-?\d{3}|aes)"
_VARIABLE = r"[\w-]*(?:pass|pw|pwd|secret|token|key)[\w-]*"
_TRAPS = r"(?:(?:traps?|informs?|(?:use-)?vrf +\S+) +)*"

# Each has one group, the secret. What stands before it is part of the command and stays. In this order.
_PATTERNS: tuple[str, ...] = (
    r"-----BEGIN [A-Z0-9 ]+-----(.+?)-----END",  # all of it in one line
    # SNMP: communities (one may be a word that means something elsewhere), which of them traps go with, users of v3
    rf"\bsnmp-server +community +((?:(?:[0-9]|ciphertext|encrypted|plaintext) +)?{_WORD})",
    rf"\bsnmp-server +host +{_WORD} +(?!{_TRAPS}version +v?3\b){_TRAPS}(?:version +v?(?:1|2c) +)?(?:community +)?"
    rf"({_WORD})",
    rf"\bsnmpv3 +community +index +{_WORD} +name +({_WORD})",
    rf"\bcommunity-map +({_WORD})",
    rf"\buser +{_WORD}.*?\bauth +{_ALGORITHM} +(?:auth-pass +)?{_FORM}({_WORD})",
    rf"\buser +{_WORD}.*?\bpriv +(?:{_ALGORITHM} +)?(?:priv-pass +)?{_FORM}({_WORD})",
    # gateways that share a secret, tunnels, MACsec
    rf"\b(?:standby|vrrp|glbp)(?: +\d+)? +authentication +(?!md5 +key-?chain ){_FORM}({_REST})",
    rf"^\s*authentication +text +({_REST})",
    rf"\bnhrp +authentication +({_REST})",
    rf"\bpre-share +key +{_FORM}({_REST})",
    rf"\bpmk +({_WORD})",
    rf"\bkey +config-key +\S+ +{_FORM}({_REST})",
    rf"(?<!/ppp )(?<![\w=,-])(?:\w+-)*(?:{_NAMES})(?: +(?:manager|operator|port-access))?(?: +user-name +{_WORD})?"
    rf"(?: +\d+ +{_ALGORITHM})? +{_FORM}({_REST})",
    # RADIUS, TACACS+, routing protocols, IPsec, key chains
    rf"\b(?:radius|radius-server|tacacs|tacacs-server|server|server-private|isakmp|host)\b.*?\bkey +{_FORM}({_REST})",
    rf"^\s*(?:pac +)?key +(?!chain\b|config-key\b|\d{{1,2}}\s*$){_FORM}({_REST})",
    rf"\bmessage-digest-key +\d+ +md5 +{_FORM}({_REST})",
    # RouterOS: key=value, quoted where it holds a blank; what scripts hold
    rf"(?<![\w-])(?!public-key=)[\w-]*(?:password|passphrase|secret|key|key-\d|cak|trap-community)=({_WORD})",
    rf"^/snmp community (?:add|set)\b.*?\bname=({_WORD})",
    rf"^/container envs?\b.*?\bvalue=({_WORD})",
    rf"^/zerotier\b.*?\bidentity=({_WORD})",
    rf":(?:local|global|set) +{_VARIABLE} +({_WORD})",
    rf"\bevent +manager +environment +{_VARIABLE} +({_REST})",
    # anywhere: an address with its login, and what somebody wrote into a remark
    r"://[^\s:/@]*:(\S+)@",
    rf"(?<!<)\b(?:{_NAMES})[:=] *({_WORD})",
    # what is known by its look: crypt(3), and what ArubaOS-CX enciphers
    r"(?<![\w$])(\$[0-9a-zA-Z]{1,8}\$\S+)",
    r"\b(AQBap\S+)",
)
_MATCHERS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS)

_MASKED = re.compile(rf"<secret:[0-9a-f]{{{_DIGITS}}}>")

# Whole commands that hold no secret where one may stand. Never a word: it may be somebody's password. Those that begin
# with `password` do so without a blank: the password of a line of Cisco's stands indented.
_HARMLESS = re.compile(
    r"(?:no )?password (?:manager|operator|all|configuration-control|minimum-length \d+|complexity [a-z-]+|"
    r"composition [a-z]+ \d+|configuration (?:aging|history|logon-details|aging-period \d+|history-record \d+)|"
    r"encryption aes|strength-check|non-plaintext-sha256)"
    r"|feature password encryption aes|!export-password: default"
    r"|username \S+ passphrase +lifetime \d+ warntime \d+ gracetime \d+"
    r"|\s*mka pre-shared-key key-chain \S+"
    r"|s?ntp (?:server|peer) .*?\bkey \d{1,10}(?: (?:prefer|iburst|burst|(?:version|minpoll|maxpoll) \d+|source \S+))*",
    re.IGNORECASE,
)

# Somebody's own words: only what could be a secret by its look is taken for one.
_REMARK = re.compile(r"\s*(?:description|remark|name)\s", re.IGNORECASE)
_IN_A_REMARK = re.compile(rf"\b(?:{_NAMES}|key|pw)\b\W{{1,3}}(\S*[^\W\d_]\S*[\d#$%&!?*+]\S*|\d\S*)", re.IGNORECASE)

# Blocks (first line, last line) that are secret as a whole; the bytes of a certificate are not worth keeping either.
_BLOCKS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(r"-----BEGIN [A-Z0-9 ]*(?:KEY|CERT|PKCS|PGP|CRL)[A-Z0-9 ]*-----"),
        re.compile(r"-----END [A-Z0-9 ]+-----"),
    ),
    (re.compile(r"^\s+certificate (?:[a-z-]+ )?[0-9A-F]{2,}\s*$"), re.compile(r"^\s*quit\s*$")),
)
RULES = hashlib.sha256(repr((_PATTERNS, _HARMLESS, _REMARK, _IN_A_REMARK, _BLOCKS)).encode()).hexdigest()
"""Changes with what is masked, and so with the masked text of a configuration that has not changed."""


def masker(key: bytes, device: str) -> Mask:
    """Return what masks one secret of a device: the same text for the same secret."""

    def mask(secret: str) -> str:
        said = f"{device}\0{secret}".encode("utf-8", "surrogatepass")
        return f"<secret:{hmac.new(key, said, hashlib.sha256).hexdigest()[:_DIGITS]}>"

    return mask


def masked(text: str, mask: Mask, known: tuple[str, ...] = ()) -> str:
    """Return a configuration without its secrets; ``known``: what must stand nowhere in it, such as our own login's."""
    text = "\n".join(_lines(text.split("\n"), mask))
    for secret in sorted({one for one in known if len(one) >= _SHORTEST_KNOWN}, key=len, reverse=True):
        text = text.replace(secret, mask(secret))
    return text


def _lines(lines: list[str], mask: Mask) -> Iterator[str]:
    block: list[str] = []
    until: re.Pattern[str] | None = None
    for line in lines:
        if until is None:
            until = _end_of_block(line)
            yield _line(line if until is None else _first(line), mask)
        elif until.search(line):
            yield f" {mask(' '.join(block))}"
            yield _line(line[line.index("-----END") :] if "-----END" in line else line, mask)
            block, until = [], None
        else:
            block.append(line)
    if until is not None:
        yield f" {mask(' '.join(block))}"  # without an end: all that follows may be secret


def _end_of_block(line: str) -> re.Pattern[str] | None:
    return next((last for first, last in _BLOCKS if first.search(line) and not last.search(line)), None)


def _first(line: str) -> str:
    """Return the first line of a block without what may follow its mark."""
    begin = line.find("-----BEGIN")
    return line if begin < 0 else line[: line.index("-----", begin + 5) + 5]


def _line(line: str, mask: Mask) -> str:
    if _HARMLESS.fullmatch(line):
        return line
    for matcher in (_IN_A_REMARK,) if _REMARK.match(line) else _MATCHERS:
        line = matcher.sub(lambda found: _replaced(found, mask), line)
    return line


def _replaced(found: re.Match[str], mask: Mask) -> str:
    secret = found[1]
    if _MASKED.fullmatch(secret):
        return found[0]
    start, end = found.start(1) - found.start(), found.end(1) - found.start()
    return f"{found[0][:start]}{mask(secret)}{found[0][end:]}"

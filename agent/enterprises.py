"""Private enterprise numbers (IANA) of makers whose devices a municipality has: how each is called. Pure."""

from __future__ import annotations

from collections.abc import Mapping

ENTERPRISES = "1.3.6.1.4.1."
"""Where makers' own objects, sysObjectIDs and notifications lie (RFC 2578 section 4)."""
MOST_DIGITS = 10
"""Of a sub-identifier, which has 32 bits."""
MAKERS: Mapping[int, str] = {
    9: "Cisco",
    11: "HP",
    43: "HPE",
    119: "NEC",
    171: "D-Link",
    193: "Ericsson",
    207: "Allied Telesis",
    248: "Hirschmann",
    253: "Xerox",
    318: "APC",
    367: "Ricoh",
    476: "Vertiv",
    534: "Eaton",
    641: "Lexmark",
    674: "Dell",
    890: "Zyxel",
    1347: "Kyocera",
    1588: "Brocade",
    1602: "Canon",
    1916: "Extreme",
    1991: "Brocade",
    2011: "Huawei",
    2281: "Ceragon",
    2356: "LANCOM",
    2435: "Brother",
    2509: "Aviat",
    2604: "Sophos",
    2606: "Rittal",
    2620: "Check Point",
    2636: "Juniper",
    3373: "SIAE",
    3808: "CyberPower",
    3854: "AKCP",
    4526: "Netgear",
    5528: "NetBotz",
    6486: "Alcatel-Lucent Enterprise",
    6527: "Nokia",
    6574: "Synology",
    6876: "VMware",
    7571: "SAF",
    8691: "Moxa",
    11863: "TP-Link",
    12140: "Alcoma",
    12356: "Fortinet",
    13742: "Raritan",
    14823: "Aruba",
    14988: "MikroTik",
    17713: "Cambium",
    18334: "Konica Minolta",
    20542: "Sierra Wireless",
    21239: "Geist",
    21796: "HW group",
    24681: "QNAP",
    25053: "Ruckus",
    25461: "Palo Alto Networks",
    25506: "H3C",
    28507: "Gude",
    30065: "Arista",
    31926: "Siklu",
    33555: "Racom",
    37954: "Kentix",
    39052: "Vutlan",
    41112: "Ubiquiti",
    43356: "Mimosa",
    46501: "Didactum",
    47196: "Aruba",
    48690: "Teltonika",
}


def maker_of(oid: str) -> str:
    """Return the maker that an OID belongs to; "" where it is no maker's, or of one that is not known here."""
    if not oid.startswith(ENTERPRISES):
        return ""
    number = oid.removeprefix(ENTERPRISES).split(".", 1)[0]
    return MAKERS.get(int(number), "") if number.isdecimal() and len(number) <= MOST_DIGITS else ""


def short_name(maker: str) -> str:
    """Return a maker's name in one word for labels: lower-case letters and digits, ``TP-Link`` is ``tplink``."""
    return "".join(character for character in maker.casefold() if character.isalnum())

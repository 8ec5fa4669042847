"""Texts of findings on neighbours that LLDP shows, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "neighbour": ("Nachbar nach LLDP: {seen}", "neighbour by LLDP: {seen}"),
    "declared_not_seen": (
        "Strecke {name} ist nicht zu sehen: weder {first} noch {second} zeigt nach LLDP die Gegenstelle",
        "link {name} is not seen: neither {first} nor {second} shows the far end by LLDP",
    ),
    "seen_instead": ("{said}; dort ist zu sehen: {seen}", "{said}; seen there instead: {seen}"),
    "seen_not_declared": (
        "{first} ({site}) und {second} ({far_site}) sind verbunden, ohne dass eine Strecke es erklärt: {seen}",
        "{first} ({site}) and {second} ({far_site}) are connected, and no declared link explains it: {seen}",
    ),
    "wrong_port": (
        "Strecke {name} steckt an anderen Ports als angegeben: {seen} statt {declared}",
        "link {name} is at other ports than declared: {seen} instead of {declared}",
    ),
}

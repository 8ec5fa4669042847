"""Which words spreadsheets of registers use: headings of columns, kinds of devices, states; German and English."""

from __future__ import annotations

from collections.abc import Mapping

from config.assets import Status

# How each column of the register is called, in the order in which it is written; its own name counts always.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "asset_tag": (
        "inventarnummer",
        "inventar nr",
        "inv nr",
        "inv nummer",
        "inventar id",
        "gerätenummer",
        "inventarkennzeichen",
        "anlagennummer",
        "asset id",
        "asset number",
        "inventory number",
    ),
    "kind": (
        "art",
        "geräteart",
        "gerätetyp",
        "kategorie",
        "gerätekategorie",
        "category",
        "device type",
        "type of device",
    ),
    "model": ("modell", "typ", "bezeichnung", "gerätebezeichnung", "modellbezeichnung", "model name", "type"),
    "serial": ("seriennummer", "seriennr", "sernr", "sn", "service tag", "serial number", "serial no"),
    "site": ("schule", "standort", "liegenschaft", "dienststelle", "gebäude", "school", "location"),
    "bought": (
        "anschaffungsdatum",
        "anschaffung",
        "kaufdatum",
        "gekauft am",
        "beschaffungsdatum",
        "anschaffung datum",
        "rechnungsdatum",
        "purchase date",
        "purchased",
    ),
    "warranty_until": (
        "garantie bis",
        "garantieende",
        "garantieablauf",
        "gewährleistung bis",
        "garantie",
        "gewährleistung",
        "warranty end",
        "warranty expires",
        "warranty",
    ),
    "cost": (
        "preis",
        "anschaffungskosten",
        "anschaffungspreis",
        "anschaffungswert",
        "kaufpreis",
        "kosten",
        "anschaffung preis",
        "preis brutto",
        "bruttopreis",
        "preis in",  # with a sign for the currency
        "preis in eur",
        "preis in euro",
        "kosten in",
        "kosten in eur",
        "kosten in euro",
        "price",
        "purchase cost",
        "purchase price",
    ),
    "vendor": ("hersteller", "marke", "manufacturer", "maker", "brand"),
    "supplier": ("lieferant", "händler", "reseller"),
    "room": ("raum", "raumnummer", "raumnr", "zimmer"),
    "os": ("betriebssystem", "os version", "operating system", "system"),
    "firmware": ("firmwarestand", "firmware version"),
    "support_until": ("support bis", "supportende", "herstellersupport bis", "wartung bis", "support end"),
    "replace_on": (
        "ersatz am",
        "ersatz geplant",
        "geplanter ersatz",
        "ersatzdatum",
        "austausch am",
        "austausch geplant",
        "planned replacement",
    ),
    "status": ("gerätestatus", "state"),
}

COLUMNS = tuple(HEADINGS)
NEEDED = ("asset_tag", "kind", "site")

# What kinds are called; the first are those of fleets.
KINDS: Mapping[str, tuple[str, ...]] = {
    "tablet": ("tablets", "tablet pc", "ipad", "ipads"),
    "notebook": ("notebooks", "laptop", "laptops", "ultrabook", "convertible"),
    "pc": ("pcs", "computer", "desktop", "rechner", "arbeitsplatzrechner", "arbeitsplatz pc", "mini pc", "workstation"),
    "projector": ("projectors", "beamer", "projektor", "projektoren"),
    "phone": ("phones", "telefon", "telefone", "smartphone", "smartphones", "diensthandy", "handy", "mobiltelefon"),
    "printer": ("printers", "drucker", "multifunktionsgerät", "kopierer", "mfp"),
    "apple_tv": ("apple tvs",),
    "other": ("sonstiges", "sonstige", "andere"),
    "server": ("servers",),
    "switch": ("switches", "switche"),
    "router": ("routers",),
    "firewall": ("firewalls",),
    "access_point": ("access points", "ap", "wlan access point"),
    "ups": ("usv", "usv anlage"),
    "monitor": ("monitore", "monitors", "bildschirm", "bildschirme"),
    "radio": ("richtfunk", "richtfunkgerät"),
}

STATES: Mapping[Status, tuple[str, ...]] = {
    "in_use": ("in betrieb", "in benutzung", "in gebrauch", "aktiv", "active", "ausgegeben", "im einsatz"),
    "stock": (
        *("lager", "auf lager", "im lager", "reserve", "in stock", "vorrat", "spare"),
        *("defekt", "kaputt", "in reparatur", "zur reparatur", "broken", "in repair"),
    ),
    "retired": (
        *("ausgemustert", "ausgesondert", "verschrottet", "entsorgt", "verkauft", "außer betrieb", "disposed"),
        *("verloren", "gestohlen", "lost", "stolen"),
    ),
}


def _plain(text: str) -> str:
    """Return a word as it is looked up, its letters and digits only: ``Inv.-Nr.`` is ``invnr``."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _looked_up(words: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[int, str]]:
    """Return by each word what it stands for, and how far down the list it is: 0 is the name itself."""
    return {_plain(word): (rank, name) for name, others in words.items() for rank, word in enumerate((name, *others))}


_COLUMNS = _looked_up(HEADINGS)
_KINDS = _looked_up(KINDS)
_STATES: dict[str, Status] = {_plain(word): name for name, others in STATES.items() for word in (name, *others)}


def column_of(heading: str) -> tuple[int, str] | None:
    """Return the column that a heading stands for, behind how poorly it says so (0: by its own name).

    What is added in brackets does not count: ``Preis (brutto)``, ``Preis [EUR]``.
    """
    return _COLUMNS.get(_plain(heading.partition("(")[0].partition("[")[0]))


def kind_of(text: str) -> str:
    """Return the kind that a word stands for, else the word."""
    known = _KINDS.get(_plain(text))
    return text if known is None else known[1]


def state_of(text: str) -> Status:
    """Return the state that a word stands for; nothing said is in use."""
    return _STATES.get(_plain(text), "unknown") if text else "in_use"

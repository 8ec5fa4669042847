"""Texts of findings on jobs that report by themselves, in German and English."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, str]] = {
    "heartbeat_missing": (
        "{name}: kein Erfolg gemeldet seit {since}, erwartet im Abstand von {every}",
        "{name}: no success reported since {since}, expected every {every}",
    ),
    "heartbeat_never": (
        "{name}: noch nie einen Erfolg gemeldet, erwartet seit {since} im Abstand von {every}",
        "{name}: has never reported success, expected since {since} every {every}",
    ),
    "heartbeat_failed": ("{name} ist fehlgeschlagen, gemeldet {at}", "{name} failed, reported {at}"),
    "heartbeat_failed_code": (
        "{name} ist fehlgeschlagen mit Exit-Code {code}, gemeldet {at}",
        "{name} failed with exit code {code}, reported {at}",
    ),
    "heartbeat_overdue": (
        "{name} läuft seit {since}, länger als {longest}",
        "{name} has been running since {since}, longer than {longest}",
    ),
    "heartbeat_last_success": ("letzter Erfolg: {at}", "last success: {at}"),
    "heartbeat_no_success": ("noch nie ein Erfolg", "never a success"),
    "heartbeat_runs": ("läuft seit {since}", "running since {since}"),
    "heartbeat_grace": ("Nachfrist: {grace}", "grace: {grace}"),
    "restore_due": (
        "Wiederherstellung von {name} testen: fällig {when} ({day})",
        "test the restore of {name}: due {when} ({day})",
    ),
    "restore_over": (
        "Wiederherstellung von {name} nicht getestet: fällig war {when} ({day})",
        "restore of {name} not tested: it was due {when} ({day})",
    ),
    "restore_never": (
        "Wiederherstellung von {name} wurde noch nie getestet",
        "the restore of {name} has never been tested",
    ),
    "restore_future": (
        "Wiederherstellung von {name}: der eingetragene Tag des Tests ({day}) liegt in der Zukunft",
        "restore of {name}: the day of its last test ({day}) lies in the future",
    ),
    "retest_last": ("zuletzt getestet: {day}", "last tested: {day}"),
    "retest_every": ("zu testen im Abstand von {every}", "to be tested every {every}"),
    "do_restore": ("Wiederherstellung testen", "test a restore"),
    "kind_restore": ("Wiederherstellungstest", "Restore test"),
    "backup_empty": ("{name}: die Sicherung ist leer ({size})", "{name}: the backup is empty ({size})"),
    "backup_empty_usual": (
        "{name}: die Sicherung ist so gut wie leer: {size}, üblich sind {usual}",
        "{name}: the backup is as good as empty: {size}, usual are {usual}",
    ),
    "backup_small_usual": (
        "{name}: die Sicherung ist auffällig klein: {size}, üblich sind {usual}",
        "{name}: the backup is suspiciously small: {size}, usual are {usual}",
    ),
    "backup_large_usual": (
        "{name}: die Sicherung ist auffällig groß: {size}, üblich sind {usual}",
        "{name}: the backup is suspiciously large: {size}, usual are {usual}",
    ),
    "backup_missing": (
        "{name}: Erfolg gemeldet ohne die Größe der Sicherung, die sonst immer dabei war (zuletzt {size})",
        "{name}: reported success without the size of the backup, which it always told (last {size})",
    ),
    "backup_shrunk": (
        "{name}: die Sicherung ist stetig geschrumpft, von etwa {first} auf {last}",
        "{name}: the backup has shrunk steadily, from about {first} to {last}",
    ),
    "backup_shrinks": (
        "übliche Größe in {span} stetig gesunken, von etwa {first} auf {last}",
        "the usual size fell steadily, over {span} from about {first} to {last}",
    ),
    "backup_grows": (
        "übliche Größe in {span} stetig gestiegen, von etwa {first} auf {last}",
        "the usual size rose steadily, over {span} from about {first} to {last}",
    ),
    "backup_shrinks_shortly": (
        "in {span} von etwa {first} auf {last} geschrumpft",
        "over {span} shrunk from about {first} to {last}",
    ),
    "backup_grows_shortly": (
        "in {span} von etwa {first} auf {last} gewachsen",
        "over {span} grown from about {first} to {last}",
    ),
}

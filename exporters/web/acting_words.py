"""What page and links say about what was done, or may be done, about an alert; "one|many" where a number decides."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "silence": ("still bis {until}: {reason}", "silenced until {until}: {reason}"),
    "hours": ("außerhalb seiner Zeiten bis {until}: {reason}", "outside its hours until {until}: {reason}"),
    "acknowledged_until": ("quittiert von {by} bis {until}", "acknowledged by {by} until {until}"),
    "acknowledged_for_good": ("quittiert von {by} bis zum Ende", "acknowledged by {by} until resolved"),
    "flapping": ("flattert: {n}-mal begonnen", "flapping: began {n} times"),
    "good_now": ("im Augenblick gut, {since}", "good at the moment, {since}"),
    "milder": ("inzwischen weniger schwer, {since}", "less severe by now, {since}"),
    "work": ("Arbeiten: {name}", "work: {name}"),
    "until_resolved": ("bis behoben", "until resolved"),
    "for_hours": ("für {n} Stunde|für {n} Stunden", "for {n} hour|for {n} hours"),
    "until_office": ("bis zur nächsten Bürozeit ({at})", "until the next office hours ({at})"),
    "scope_alert": ("nur diese Meldung", "this alert only"),
    "scope_rule": ("alle Meldungen der Regel {rule}", "every alert of rule {rule}"),
    "scope_rule_at": (
        "alle Meldungen der Regel {rule} am Standort {site}",
        "every alert of rule {rule} at site {site}",
    ),
    "scope_subject": ("alles zu: {name}", "everything about: {name}"),
    "scope_site": ("alles am Standort {name}", "everything at site {name}"),
    "from_to": ("{start} bis {end}", "{start} to {end}"),
    "mode_mute": ("niemand wird verständigt", "nobody is told"),
    "mode_skip": ("wird nicht zur Meldung", "becomes no alert"),
    "mode_run": ("wird gemeldet und nennt die Arbeiten", "is told, and names the work"),
    "refused_unknown": ("Nicht getan: Das steht nicht mehr an.", "Not done: it does not stand any more."),
    "refused_forbidden": ("Nicht getan: Das darf diese Rolle nicht.", "Not done: this role may not."),
    "refused_no_role": ("Nicht getan: Diese Rolle gibt es nicht mehr.", "Not done: there is no such role any more."),
    "refused_conflict": ("Nicht getan: Das geht jetzt nicht.", "Not done: not possible now."),
    "refused_gone": ("Nicht getan: Das gilt nicht mehr.", "Not done: it has run out."),
    "refused_unavailable": (
        "Nicht getan: Der Zustand kann gerade nicht gesichert werden. Es ist nichts geändert.",
        "Not done: the state cannot be written at the moment. Nothing has changed.",
    ),
    "flawed": ("Nicht getan: Die Angaben stimmen nicht.", "Not done: something in the form is wrong."),
    "link_open": ("Quittieren?", "Acknowledge?"),
    "link_done": ("Quittiert", "Acknowledged"),
    "link_forbidden": ("Dieser Link ist ungültig", "This link is not valid"),
    "link_forbidden_why": (
        "Er ist unvollständig oder stammt nicht von dieser Überwachung.",
        "It is incomplete, or does not come from this monitoring.",
    ),
    "link_no_role": ("Diese Rolle gibt es nicht mehr", "There is no such role any more"),
    "link_no_role_why": (
        "Der Link ist echt, aber der Empfänger der Nachricht steht nicht mehr in der Konfiguration. Es ist nichts"
        " geschehen: Bitte auf der Zustandsseite oder mit „ringwacht alerts“ quittieren.",
        "The link is genuine, but the configuration no longer has the receiver of the message. Nothing was done:"
        " please acknowledge on the status page, or with “ringwacht alerts”.",
    ),
    "link_conflict": ("Dieser Link wurde schon benutzt", "This link was used already"),
    "link_conflict_why": (
        "Er gilt einmal. Ob die Meldung quittiert ist, zeigt die Zustandsseite.",
        "It works once. The status page shows whether the alert is acknowledged.",
    ),
    "link_gone": ("Dieser Link ist abgelaufen", "This link has run out"),
    "link_gone_why": ("Er galt sieben Tage.", "It was good for seven days."),
    "link_unknown": ("Diese Meldung steht nicht mehr an", "This alert does not stand any more"),
    "link_unknown_why": (
        "Sie ist behoben. Steht die Störung erneut an, kommt eine neue Nachricht mit neuem Link.",
        "It is resolved. Should it come back, a new message comes with a new link.",
    ),
    "link_unavailable": ("Noch nicht quittiert", "Not acknowledged yet"),
    "link_unavailable_why": (
        "Der Zustand kann gerade nicht gesichert werden. Bitte gleich noch einmal versuchen.",
        "The state cannot be written at the moment. Please try again in a moment.",
    ),
}

LABELS: Mapping[str, tuple[str, str]] = {
    "act": ("quittieren, stummschalten", "acknowledge, silence"),
    "alert": ("Meldung", "Alert"),
    "acknowledge": ("Quittieren", "Acknowledge"),
    "acknowledge_why": (
        "Jemand kümmert sich: Es wird nicht erinnert und nicht eskaliert.",
        "Somebody works on it: no reminders, no escalation.",
    ),
    "take_back": ("Quittierung zurücknehmen", "Take the acknowledgement back"),
    "silence": ("Stummschalten", "Silence"),
    "silence_why": (
        "Für angekündigte Arbeiten: Die Meldung bleibt sichtbar, niemand wird verständigt. Ein abgeschnittener Standort"
        " meldet sich immer.",
        "For announced work: the alert stays visible, nobody is told. A site that is cut off always alerts.",
    ),
    "never_silent": (
        "Stummschalten lässt sich diese Meldung nicht: Ein abgeschnittener Standort meldet sich immer.",
        "This alert cannot be silenced: a site that is cut off always alerts.",
    ),
    "api_silences": ("Stummschaltungen (JSON)", "Silences (JSON)"),
    "silences": ("Stummschaltungen", "Silences"),
    "silences_end": ("beenden", "end"),
    "as_role": ("als", "as"),
    "choose": ("Rolle wählen", "choose a role"),
    "until": ("bis", "until"),
    "how_long": ("Wie lange", "How long"),
    "or_until": ("oder bis", "or until"),
    "scope": ("Was", "What"),
    "why": ("Warum", "Why"),
    "optional": ("freiwillig", "optional"),
    "no_alert": ("Diese Meldung gibt es nicht (mehr).", "There is no such alert (any more)."),
    "read_only": (
        "Quittieren und stummschalten geht auf dem Rechner der Überwachung (auch durch einen SSH-Tunnel),"
        " über den Link in der Nachricht oder mit „ringwacht alerts“.",
        "Acknowledge and silence on the machine that watches (an SSH tunnel will do),"
        " by the link in the message, or with “ringwacht alerts”.",
    ),
    "no_roles": (
        "Es gibt noch keine Rollen: Sie sind die Empfänger unter alerting.receivers.",
        "There are no roles yet: they are the receivers under alerting.receivers.",
    ),
    "link_button": ("Ich kümmere mich", "I take care of it"),
}

"""Radio hops, in German."""

from __future__ import annotations

from collections.abc import Mapping

from agent.risk.rule import Steps

TEXTS: Mapping[str, Steps] = {
    "radio_fading": Steps(
        "Eine Funkstrecke empfängt mindestens 10 dB weniger als erwartet; oder 3 dB weniger, wenn sie das Kapazität "
        "kostet oder weniger als 10 dB über der Schwelle lässt. Der Text nennt die wahrscheinliche Ursache: Regen, der "
        "auch Nachbarstrecken schwächt, Mehrwegeausbreitung in der Nacht, ein einzelnes Ende oder ein Hindernis allein "
        "auf dieser Strecke. Eine Regenfront über mehreren Strecken ist eine Meldung.",
        (
            "Regen: nichts zu tun. Nach dem Durchzug der Front ist der Pegel wieder da; bis dahin keine Arbeiten am "
            "Ring.",
            "Mehrwegeausbreitung (windstille Nächte, schnelle Wechsel, beide Richtungen verschieden): endet am Morgen. "
            "Kommt sie oft vor, beim Planer nach Raumdiversität fragen.",
            "Nur diese Strecke, bei Tag: nachsehen, ob etwas im Funkfeld steht (Kran, Baum, Gerüst) oder eine Antenne "
            "verstellt ist.",
            "Die Reserve ist klein: mit dem Ausfall der Funkstrecke rechnen. Ist der Ring anders herum geschlossen?",
        ),
    ),
    "radio_level_low": Steps(
        "Der Empfangspegel liegt seit sechs Stunden mindestens 3 dB unter dem Sollpegel, gerechnet nur über trockene "
        "Stunden (Median derer, in denen keine Nachbarstrecke schwächer war); oder die Reserve über der Schwelle, die "
        "dabei bleibt, ist kleiner als `fade_margin_required`. Eine automatische Sendeleistungsregelung ist "
        "berücksichtigt. Wetter ist es also nicht: Eine Antenne ist verstellt (rund 20 dB: Sie zielt mit einer "
        "Nebenkeule), Antenne, Zuleitung oder Stecker sind schadhaft, oder ein Sender oder Empfänger ist gestört.",
        (
            "Beide Richtungen gleich schwach: Antenne, Zuleitung oder Hindernis. Mit dem Abnahmewert im "
            "Inbetriebnahmeprotokoll vergleichen; nach einem Sturm Antennen und Halterungen ansehen.",
            "Rund 20 dB zu wenig seit Inbetriebnahme oder Sturm: neu ausrichten, die Antenne zielt mit einer "
            "Nebenkeule.",
            "Nur eine Richtung: Sender am fernen oder Empfänger an diesem Ende. Auf das Ersatzgerät umschalten, wo es "
            "eines gibt, und vergleichen.",
            "Wurde absichtlich umgebaut oder die Sendeleistung geändert? Dann `commissioned_level` und "
            "`commissioned_transmit` neu eintragen.",
        ),
    ),
    "radio_interference": Steps(
        "Der Pegel ist wie erwartet, das Signal aber unsauber: Mittlerer quadratischer Fehler oder "
        "Signal-Rausch-Abstand reicht nicht für die geplante Modulation (`reference_modulation`, sonst 64QAM), und "
        "auch Kapazität oder Modulation ist zu gering; oder er liegt noch 2 dB schlechter.",
        (
            "Jemand anderes sendet auf der Frequenz, oder die Funkstrecke stört sich selbst: Wurde in der Nähe ein "
            "Funkgerät errichtet?",
            "Funkstrecke mit zwei Polarisationen: Kreuzpolarisationsentkopplung prüfen; eine Antenne kann sich gedreht "
            "haben.",
            "Den fernen Sender eine Minute stummschalten (angekündigt, bei geschlossenem Ring) und den Pegel ablesen: "
            "Was dann noch ankommt, ist der Störer. Bei zugeteilten Frequenzen hilft der Prüf- und Messdienst der "
            "Bundesnetzagentur.",
        ),
    ),
    "radio_protection_lost": Steps(
        "Eine Funkstrecke mit 1+1-Ersatzschaltung hat kein zweites Funkgerät mehr, das übernähme: Eines ist "
        "ausgefallen oder nicht zu sehen. Oder sie läuft auf dem Ersatzgerät; ein stummgeschaltetes Ersatzgerät ist in "
        "Ordnung. Solange die Funkstrecke ausgefallen ist, wird dies nicht beurteilt.",
        (
            "Die Belege nennen Ende und Port. Das ausgefallene Funkgerät tauschen: Der nächste Ausfall unterbricht die "
            "Strecke.",
            "Umgeschaltet, obwohl beide in Ordnung sind: den Grund suchen (Protokoll des Funkgeräts), dann zu ruhiger "
            "Stunde zurückschalten.",
        ),
    ),
    "radio_capacity_low": Steps(
        "Eine Funkstrecke trägt weniger als ihre `capacity` oder läuft unter ihrer `reference_modulation`, und kein "
        "Schwund erklärt es; oder einer ihrer Träger ist ausgefallen (2+0: Die halbe Kapazität bleibt).",
        (
            "Ein Träger ist ausgefallen: sein Funkgerät, sein Kabel oder seine Polarisation. Die Belege nennen Ende "
            "und Port.",
            "Kein Träger ist ausgefallen: Ist eine Lizenz, eine feste Modulation oder ein falsches Profil eingestellt? "
            "Beide Enden vergleichen.",
            "Als `capacity` gilt, was das Funkgerät bei klarem Himmel trägt, nicht die Datenrate seines "
            "Ethernet-Ports.",
        ),
    ),
    "radio_availability_missed": Steps(
        "In den letzten 31 Tagen haben die Funkgeräte mehr nicht verfügbare Sekunden gezählt, als "
        "`availability_required` für ein ganzes Jahr zulässt.",
        (
            "Wann war es: bei Unwetter, in windstillen Nächten oder jederzeit? Mit der vorausberechneten Verfügbarkeit "
            "vergleichen (ringwacht_radio_hop_availability_predicted_ratio): Ist diese schlechter als verlangt, lag es "
            "an der Planung.",
            "Nicht das Wetter: radio_level_low und radio_interference derselben Funkstrecke ansehen.",
        ),
    ),
}

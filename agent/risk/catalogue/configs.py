"""What is known of configuration backups."""

from __future__ import annotations

from agent.risk.rule import Rule

CONFIG_BACKUP_MISSING = "config_backup_missing"
CONFIG_BACKUP_FAILED = "config_backup_failed"
CONFIG_BACKUPS_NOT_KEPT = "config_backups_not_kept"
SSH_HOST_KEY_CHANGED = "ssh_host_key_changed"
CONFIG_UNSAVED = "config_unsaved"
CONFIG_CHANGED = "config_changed"

TABLE: tuple[Rule, ...] = (
    Rule(
        CONFIG_BACKUP_MISSING,
        severity="warning; info while there was never one, for the first week",
        meaning=(
            "Devices of a site with an `ssh` key have no configuration backup: none a day after they were configured, "
            "or the last one is older than 50 hours. One alert for each site; the evidence says why."
        ),
        runbook=(
            "`ringwacht ssh fetch DEVICE` tries it now and shows what the device answers, its secrets masked.",
            "Its key is not known: compare the fingerprint with the one on the device's console, then `ringwacht ssh "
            "trust DEVICE`.",
            "Does not answer: is SSH switched on there, and may this machine reach the port?",
            "Mended: `systemctl reload ringwacht` asks those again whose last attempt failed.",
        ),
        hold=0.0,
        norm="BSI NET.3.1.A6",
    ),
    Rule(
        CONFIG_BACKUP_FAILED,
        severity="warning",
        meaning=(
            "Configuration backups fail because of a credential: devices refuse the login, the privileged mode or the "
            "right to read, or a file of the credential is of no use. After three refusals in a row the others are not "
            "asked, so that no account is locked. One alert for each credential."
        ),
        runbook=(
            "Was the password changed on the devices, or the user taken away? Mend the credential's `ssh` part, then "
            "`systemctl reload ringwacht`: it asks those again whose last attempt failed.",
            "A file and a line of it are named: mend that line of known_hosts, or the file's rights.",
            "The user needs no more than the right to read the configuration: docs/collectors/ssh.md lists it for "
            "each platform.",
            "`ringwacht ssh fetch DEVICE` tries it now.",
        ),
        hold=0.0,
    ),
    Rule(
        CONFIG_BACKUPS_NOT_KEPT,
        severity="warning",
        meaning=(
            "Configurations were fetched, or should have been, and could not be kept: the repository is damaged or "
            "cannot be written, or this machine could not begin. One alert for all devices."
        ),
        runbook=(
            "`df -h` of the folder (`backups.repository`), and who owns it: it must be the service's user.",
            "`git fsck` in the folder. A damaged one: move it away; a new one begins.",
            "It is tried again each hour, and at once after `systemctl reload ringwacht`.",
        ),
        hold=0.0,
    ),
    Rule(
        SSH_HOST_KEY_CHANGED,
        severity="warning",
        meaning=(
            "A device shows another SSH key than known_hosts has. It was refused before the login began: no password "
            "was sent. Either the device was replaced or set up anew, or somebody else answers in its place."
        ),
        runbook=(
            "Was it replaced, reset, or its firmware renewed? Ask who worked on it.",
            "Nobody did: treat it as an attack. Do not log in over this network; look at the device on its console, "
            "and at the switch port and the ARP entry of its address.",
            "It is right: compare the fingerprint with the console's, then `ringwacht ssh trust DEVICE --replace`.",
        ),
        hold=0.0,
        norm="BSI NET.3.1.A4",
    ),
    Rule(
        CONFIG_UNSAVED,
        severity="warning",
        meaning=(
            "Two nights in a row a device ran with another configuration than the one it would start with. After a "
            "power cut the changes are gone."
        ),
        runbook=(
            "Look at the changes first: `show running-config changes-history`, or compare running and startup "
            "configuration on the device.",
            "They are right: save them there (`write memory`). Ringwacht only reads.",
            "Somebody's test that was forgotten: restart the device in a quiet hour.",
        ),
        hold=0.0,
        leads=False,
    ),
    Rule(
        CONFIG_CHANGED,
        severity="info",
        meaning=(
            "A device's configuration is another one than the night before. Told for a day, so that somebody sees "
            "each change; masked secrets count as well."
        ),
        runbook=(
            "`git show` of the commit in the repository's folder shows the lines.",
            "Was it planned? Note who did it; else ask.",
        ),
        hold=0.0,
        leads=False,
        norm="BSI OPS.1.1.3.A1",
    ),
)

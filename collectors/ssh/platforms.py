"""What is asked of each platform, what of the answer changes by itself, and what must not be told. Pure.

Only what stands here is ever written to a device: the commands, what netmiko says to begin and end a session (screen
width, no paging, privileged mode), and answers to the questions of a login.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from agent.configbackup import BackupFailure

MOST_CHARACTERS = 4 << 20  # of one configuration; the largest chassis has a fifth

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][0-9A-B]|[@-Z\\-_=>])")  # ECMA-48, and VT100's own
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
_REFUSALS = re.compile(
    r"^\s*(?:%? ?invalid input|% ?(?:unknown|incomplete|ambiguous) command|bad command name|syntax error|"
    r"expected end of command|% ?permission denied|.*authorization failed|not enough (?:privilege|permission))",
    re.IGNORECASE | re.MULTILINE,
)

_NONE_SAVED = re.compile(
    r"%* ?(?:startup[- ]config\w* (?:is not present|does not exist)|no startup[- ]config\w*(?: \w+){0,4}|"
    r"non-volatile configuration memory (?:has not been set up|is not present|invalid or not present))\.?",
    re.IGNORECASE,
)

Unsaved = Literal["compare", "ask", "never"]


@dataclass(frozen=True, slots=True)
class Platform:
    """One device type of netmiko. All patterns are for whole lines.

    ``saved``: with ``unsaved`` "compare" it shows the configuration that the device would start with, with "ask" it
    says whether that one is the running one; with "never" the platform keeps each change at once. ``changing``: lines
    that differ without a change. ``aside``: blocks (first line, last line) that are shown in another form there.
    ``begins``, ``ends``: what a whole configuration has at its beginning and at its end; ``broken``: what only one has
    that is not whole.
    """

    running: str
    unsaved: Unsaved
    saved: str = ""
    session: tuple[str, ...] = ()
    enable: bool = True
    changing: tuple[str, ...] = ()
    aside: tuple[tuple[str, str], ...] = ()
    begins: str = r"\S"
    ends: str = r"\S"
    broken: str = ""

    @property
    def commands(self) -> tuple[str, ...]:
        """What it is asked."""
        return (self.running, self.saved) if self.saved else (self.running,)

    @property
    def writable(self) -> frozenset[str]:
        """Every line that may be written to the device, but for the answers to a login's questions."""
        return frozenset((*self.commands, *self.session, ""))


_CISCO_COMMENTS = (
    r"Building configuration.*",
    r"Current configuration\s*:.*",
    r"Using \d+ out of \d+ bytes.*",
    r"Uncompressed configuration from .*",
    r"!.* (?:Last configuration change|NVRAM config last updated|No configuration change) .*",
    r"! (?:Last configuration change|NVRAM config last updated|No configuration change).*",
    r"ntp clock-period \d+",  # moves with the oscillator
    r"!(?:Time|Startup config saved at|Running configuration last done at|Command):? .*",
    r"(?:Load for five secs: |Time source is |No time source).*",  # `exec prompt timestamp`
)
_CERTIFICATES = (r"\s*certificate .*", r"\s*quit\s*")  # startup names a file where running shows the bytes
_CISCO = Platform(
    running="show running-config",
    unsaved="compare",
    saved="show startup-config",
    session=("terminal width 511", "terminal length 0", "enable", "exit"),
    changing=_CISCO_COMMENTS,
    aside=(_CERTIFICATES,),
    begins=r"(?m)^(?:version|hostname|!)",
    ends=r"(?m)^end\s*\Z",
)
_NEXUS = Platform(
    running="show running-config",
    unsaved="compare",
    saved="show startup-config",
    session=("terminal width 511", "terminal length 0", "enable", "exit"),
    changing=_CISCO_COMMENTS,
    begins=r"(?m)^(?:version|hostname|!)",
)
_PROCURVE = Platform(
    running="show running-config",
    unsaved="ask",
    saved="show config status",
    session=("terminal width 511", "no page", "enable", "logout", "y", "n"),
    changing=(r"Running configuration:\s*",),
    begins=r"(?m)^;|^hostname ",
)
_ARUBA_CX = Platform(
    running="show running-config",
    unsaved="compare",
    saved="show startup-config",
    session=("no page", "exit"),
    enable=False,
    changing=(r"(?:Current|Startup) configuration:\s*", r"!Export Time.*"),
    begins=r"(?m)^(?:!|hostname )",
)
_ROUTEROS = Platform(
    running="/export terse",  # one line each: nothing is wrapped in the middle of a secret
    unsaved="never",
    session=("quit",),
    enable=False,
    changing=(r"#(?! ?(?:software id|model|serial number) ?=).*",),  # times, channels, what a port says just now
    begins=r"(?m)^/",
    broken=r"(?m)^# ?(?:error exporting|interrupted)",
)

PLATFORMS: Mapping[str, Platform] = {
    "aruba_aoscx": _ARUBA_CX,
    "aruba_osswitch": _PROCURVE,
    "aruba_procurve": _PROCURVE,
    "cisco_ios": _CISCO,
    "cisco_nxos": _NEXUS,
    "cisco_xe": _CISCO,
    "hp_procurve": _PROCURVE,
    "mikrotik_routeros": _ROUTEROS,
}


class NotAllowedError(Exception):
    """Something was to be written to a device that is not in the table; quotes none of it, it may be a secret."""


class NoConfigurationError(Exception):
    """What the device answered is no whole configuration; the text is for people and quotes none of it.

    ``outcome``: as ``collectors.ssh.worker.Outcome`` has it.
    """

    def __init__(self, text: str, outcome: BackupFailure = "bad_reply") -> None:
        super().__init__(text)
        self.outcome: BackupFailure = outcome


def check_allowed(platform: Platform, written: str, answers: Iterable[str]) -> None:
    """Raise NotAllowedError where something other than the platform's table or a login's answer is written."""
    for line in re.split(r"\r\n|\r|\n", written):
        if line not in platform.writable and line not in set(answers):
            raise NotAllowedError("a command was to be sent that is not among the platform's read-only ones")


def normalised(platform: Platform, text: str) -> str:
    """Return the configuration without what changes by itself, printable, with one newline at its end.

    Raises NoConfigurationError where the device refused the command, or the answer is cut off, empty or too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise NoConfigurationError(f"is longer than {MOST_CHARACTERS >> 20} MiB")
    plain = _plain(text)
    if not plain.strip() or _REFUSALS.match(plain):
        raise NoConfigurationError("refuses the command: has the user the right to read it?", "rights")
    if not re.search(platform.begins, plain):
        raise NoConfigurationError("answered something that is no configuration")
    if not re.search(platform.ends, plain) or (platform.broken and re.search(platform.broken, plain)):
        raise NoConfigurationError("the configuration is cut off")
    return _without_changing(platform, plain)


def is_unsaved(platform: Platform, running: str, saved: str) -> bool | None:
    """Return whether the running configuration (as it came) would be lost at a restart; None: it cannot be told.

    ``saved``: the answer to ``Platform.saved``.
    """
    if platform.unsaved == "never":
        return False
    if platform.unsaved == "ask":
        return _said(_plain(saved))
    if _NONE_SAVED.fullmatch(_without_changing(platform, _plain(saved)).strip()):
        return True
    try:
        both = [_compared(platform, normalised(platform, text)) for text in (running, saved)]
    except NoConfigurationError:
        return None
    return both[0] != both[1]


def _said(answer: str) -> bool | None:
    """Return what ProCurve and ArubaOS-Switch say; they word it in several ways."""
    if re.search(r"needs? to be saved|has (?:been )?changed|differs|is different|not the same", answer, re.IGNORECASE):
        return True
    if re.search(r"same as|identical|no (?:unsaved )?change", answer, re.IGNORECASE):
        return False
    return None


def _plain(text: str) -> str:
    lines = re.split(r"\r*\n|\r", _ESCAPES.sub("", text))
    return "\n".join(_UNPRINTABLE.sub("", line.expandtabs(8)).rstrip() for line in lines)


def _without_changing(platform: Platform, plain: str) -> str:
    changing = re.compile("|".join(platform.changing)) if platform.changing else None
    kept = [line for line in plain.split("\n") if changing is None or not changing.fullmatch(line)]
    return "\n".join(kept).strip("\n") + "\n"


def _compared(platform: Platform, text: str) -> list[str]:
    """Return the lines that count when running and saved configuration are compared."""
    lines: list[str] = []
    until: str | None = None
    for line in text.split("\n"):
        if until is not None:
            until = None if re.fullmatch(until, line) else until
            continue
        until = next((last for first, last in platform.aside if re.fullmatch(first, line)), None)
        if until is not None and "nvram:" in line:
            until = None  # names a file: no block follows
        elif until is None and line.strip() and not line.startswith("!"):
            lines.append(line.rstrip())
    return lines

"""Makes texts harmless for every messenger: what a device says is read, and never mentions, links or formats anything.

Some services render what they are sent whatever they are told about its format (Discord, Mattermost, Zulip). So what
would become markup is replaced before any of them sees it, by characters that look alike.
"""

from __future__ import annotations

import re

from agent.layout import clean_text

_MAX_BYTES = 4096  # of a text before it is cut for people
_CUT = "…"

# A mention (``@everyone``, ``@meier``), but no address of electronic mail.
_MENTION = re.compile(r"(?<![\w.+-])@|@(?=everyone|here)", re.IGNORECASE)
# A tag of HTML, a mention (``<!channel>``, ``<@U1>``) or a link (``<https://…|text>``), but no comparison.
_TAG = re.compile(r"<(?=[A-Za-z/!?@#:$&])")
_HIDDEN = re.compile(r"\|(?=\|)|(?<=\|)\|")  # ||a spoiler||
_MASKED_LINK = re.compile(r"\](?=[(\[])")  # [text](address)


def inert(text: str, limit: int) -> str:
    """Return one line of at most ``limit`` characters without markup, controls or anything that is not shown."""
    line = clean_text(text, _MAX_BYTES).replace("`", "'")
    line = _TAG.sub("‹", _MENTION.sub("＠", line))
    line = _MASKED_LINK.sub("] ", _HIDDEN.sub("¦", line))
    return cut(line, limit)


def cut(text: str, limit: int) -> str:
    """Return the text, or as many of its words as fit into ``limit`` characters, and an ellipsis."""
    if len(text) <= limit:
        return text
    return f"{whole_words(text, limit - len(_CUT))}{_CUT}"[: max(0, limit)]


def whole_words(text: str, limit: int) -> str:
    """Return the longest beginning of at most ``limit`` characters that ends with a word, where words are short."""
    if len(text) <= limit:
        return text
    head = text[: max(0, limit)]
    if text[len(head)] != " ":
        end = head.rfind(" ")
        head = head[:end] if end * 2 > len(head) else head  # a word that long is cut all the same
    return head.rstrip()

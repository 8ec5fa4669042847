"""What the demo tells when it cannot play."""

from __future__ import annotations


class DemoError(Exception):
    """The demo cannot start or go on; the text is one line for people."""

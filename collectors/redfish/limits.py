"""How often and how long a controller is asked, which is slow, and how much of it is read.

It may be broken, or somebody else's machine may answer in its place.
"""

from __future__ import annotations

LEAST_INTERVAL_SECONDS = 300.0
LONGEST_POLL_SECONDS = 120.0
"""Controllers are slow (25 to 55 s for one answer were seen), and many polls wear out their session table."""

FAREWELL_SECONDS = 60.0
"""For the end of the session, once the login was answered: one slow answer. It goes on behind the poll."""

LONGEST_FAREWELL_SECONDS = 2 * FAREWELL_SECONDS + 5.0
"""Two such answers, of a login that came late and of the logout; with a poll, less than the distance of two polls."""

AT_ONCE = 4
"""Requests that are under way together."""

KEPT_SECONDS = 900.0
"""So old may a resource be that a poll had no time for: three polls."""

MAX_BODY_BYTES = 2**20
MAX_TOTAL_BYTES = 8 * 2**20
MAX_RESOURCES = 300
MAX_MEMBERS = 64
"""Members of one collection that are read."""

MAX_ROWS = 256
"""Entries of one array within a resource that are read."""

MAX_ALL_ROWS = 4096
"""Entries of all arrays that are kept of one controller."""

MAX_TEXT = 600
MAX_REFUSED = 3
"""Refused requests after which a poll asks for nothing more."""

MAX_SERIES = 2000

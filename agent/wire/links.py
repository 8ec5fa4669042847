"""Which address of a next page may be followed: whatever follows it hands over its token. Pure."""

from __future__ import annotations

from yarl import URL

MAX_LINK_CHARACTERS = 8192


def next_page(link: object, place: URL) -> URL | None:
    """Return the address of a collection's next page as the server wrote it (it is opaque); None where it is none.

    ``place``: the collection. The token goes with it: no other machine, and nothing else on this one, may get it; dots
    and escapes in a path may lead anywhere.
    """
    if not isinstance(link, str) or len(link) > MAX_LINK_CHARACTERS or not link.isascii() or not link.isprintable():
        return None
    try:
        url = URL(link, encoded=True)
        same = _origin(url) == _origin(place)
        alone = url.raw_user is None and url.raw_password is None
    except ValueError:
        return None
    below = url.raw_path.removeprefix(place.raw_path)
    inside = url.raw_path.startswith(place.raw_path) and below[:1] in {"", "/", "("} and not {*".%\\"} & {*below}
    return url if same and alone and inside else None


def _origin(url: URL) -> tuple[str, str, int | None]:
    return url.scheme.casefold(), (url.host or "").casefold(), url.port

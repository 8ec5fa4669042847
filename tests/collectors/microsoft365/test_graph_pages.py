"""What stands on a page of a collection of Microsoft Graph."""

from __future__ import annotations

import pytest

from agent.contract import BadReply
from collectors.microsoft365.client import page_of


def test_entries_that_are_no_objects_are_counted() -> None:
    page = page_of(b'{"value": [{"a": 1}, 7, null], "@odata.nextLink": "https://x/y"}', "here", dict)
    assert (page.objects, page.odd, page.following) == (({"a": 1},), 2, "https://x/y")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"null", b"{}", b'{"value": 1}'])
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(BadReply):
        page_of(body, "here", dict)

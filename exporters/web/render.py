"""From the page's values to the bytes that are sent. Blocks (files, template, compression): call it in a thread."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined

from exporters.web.handling import AlertPage, LinkPage
from exporters.web.page import Page
from exporters.web.runbooks import Runbook
from exporters.web.sharing.page import ViewPage

# Files that are served as they are; nothing else of the folder is.
STATIC: Mapping[str, str] = MappingProxyType({"page.css": "text/css", "icon.svg": "image/svg+xml"})

_GZIP_LEVEL = 1  # the page is for a few readers: little work rather than few bytes
_GZIP = 16 + zlib.MAX_WBITS  # with gzip's header and trailer (RFC 1952)


class Body(NamedTuple):
    """An answer's bytes and how they are packed."""

    data: bytes
    encoding: str | None = None


class Pages:
    """Keeps the templates, each read when it is first needed. For one thread."""

    def render(self, page: Page, gzip: bool) -> Body:
        """Return the page as HTML, UTF-8."""
        return self._render("page.html", page, gzip)

    def runbook(self, page: Runbook, gzip: bool) -> Body:
        """Return the page of a rule as HTML, UTF-8."""
        return self._render("runbook.html", page, gzip)

    def alert(self, page: AlertPage, gzip: bool) -> Body:
        """Return the page of an alert as HTML, UTF-8."""
        return self._render("alert.html", page, gzip)

    def link(self, page: LinkPage, gzip: bool) -> Body:
        """Return what the link of a message leads to as HTML, UTF-8."""
        return self._render("link.html", page, gzip)

    def view(self, page: ViewPage, gzip: bool) -> Body:
        """Return the page that asks for a token as HTML, UTF-8."""
        return self._render("view.html", page, gzip)

    def static(self, name: str, gzip: bool) -> Body:
        """Return one of ``STATIC``. Raises KeyError for any other name."""
        if name not in STATIC:
            raise KeyError(name)
        return _packed(_read(name).encode(), gzip)

    def _render(self, template: str, page: Page | Runbook | AlertPage | LinkPage | ViewPage, gzip: bool) -> Body:
        return _packed(self._templates.get_template(template).render(page=page, t=page.labels).encode(), gzip)

    @cached_property
    def _templates(self) -> Environment:
        return Environment(autoescape=True, undefined=StrictUndefined, loader=FunctionLoader(_read), trim_blocks=True)


def _read(name: str) -> str:
    return (files("exporters.web") / "templates" / name).read_text(encoding="utf-8")


def _packed(data: bytes, gzip: bool) -> Body:
    if not gzip:
        return Body(data)
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP)
    return Body(packer.compress(data) + packer.flush(), "gzip")

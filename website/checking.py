"""Whether everything that the built pages name is there: pages, pictures, sounds, anchors. Nothing is fetched."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Names(HTMLParser):
    """Every address that a page names, and every id that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.addresses.add(value)
            elif name == "id" and value:
                self.ids.add(value)


@cache
def names(page: Path) -> Names:
    """What a page of HTML names."""
    found = Names()
    found.feed(page.read_text("utf-8"))
    return found


def broken(site: Path) -> list[str]:
    """A line for each address in the site that leads nowhere; those that lead out of it are left alone."""
    return [
        f"{page.relative_to(site)}: {address}"
        for page in sorted(site.rglob("*.html"))
        for address in sorted(names(page).addresses)
        if not leads_somewhere(page, address)
    ]


def elsewhere(site: Path) -> list[str]:
    """The addresses that lead out of the site, each once. Nobody has tried them."""
    found = {address for page in site.rglob("*.html") for address in names(page).addresses}
    return sorted(address for address in found if urlsplit(address).scheme in ("http", "https"))


def leads_somewhere(page: Path, address: str) -> bool:
    """From that page; an address with a scheme leads out of the site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return True
    target = page.parent / unquote(parts.path) if parts.path else page
    if not target.is_file():
        return False
    return not parts.fragment or target.suffix != ".html" or unquote(parts.fragment) in names(target).ids

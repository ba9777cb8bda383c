"""What a compiled page holds: anchors, links, titles, images."""

from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

OF_EXERCISES = {"exercise-content", "solution-content"}
"""Anchors that sphinx-exercise gives to every exercise; nothing links to them."""


class Page(HTMLParser):
    """Collects ids, links, titles in the article, and images without alternative text."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.bare: list[str] = []
        self.titles = 0
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        """Note what a tag holds."""
        said = dict(attrs)
        self._inside |= tag == "article" and said.get("class") == "bd-article"
        self.titles += tag == "h1" and self._inside
        if said.get("id"):
            self.ids.append(said["id"])
        if tag == "a" and said.get("href"):
            self.links.append(said["href"])
        if tag == "img" and not said.get("alt"):
            self.bare.append(str(said.get("src")))

    def repeated(self) -> set[str]:
        """Ids that stand more than once."""
        return {one for one, times in Counter(self.ids).items() if times > 1}


@cache
def read_page(path: Path) -> Page:
    """Read a compiled page."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def dead_links(path: Path, page: Page) -> list[str]:
    """Return the links of a page to files or anchors of the book that are not there."""
    return [link for link in page.links if not _alive(path, link)]


def _alive(path: Path, link: str) -> bool:
    name, _, anchor = map(unquote, link.partition("#"))
    if ":" in name.partition("/")[0]:  # http, mailto, data
        return True
    target = (path.parent / name).resolve() if name else path
    if not target.is_file():
        return False
    return not anchor or anchor in read_page(target).ids

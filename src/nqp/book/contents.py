"""The table of contents. It follows from the folders; `nqp build` writes it."""

from collections.abc import Iterable

import yaml

from nqp.book.chapters import SYNTHESIS, all_chapters
from nqp.papers import papers
from nqp.paths import book_dir, root, write_changed

ROOT_PAGE = "intro"
PAGE = "paper"  # a paper's own page, beside its chapters; `nqp.book.front` writes it
MENU = {PAGE: {"title": "The paper"}}  # pages whose headings are too long for the menu
FRONT, ACROSS, BACK = "How to use this book", "Across papers", "Back matter"
# Only the order is said here; a page that is not named comes last, in the front matter or across papers.
FIRST_PAGES = ("evidence", "reexecute")
LAST_PAGES = ("glossary", "benchmarks", "references")
FIRST_ACROSS = ("audit", "rosters", "scorecard")
HEAD = "# Written by `nqp build` from the folders of papers, chapters and pages.\n"


def parts() -> list[tuple[str, list[str]]]:
    """Return the parts of the book in order: a caption and its pages, without suffix; empty parts are left out."""
    chapters = all_chapters()
    prose = [p.stem for p in book_dir().glob("*.md") if p.stem != ROOT_PAGE]
    front = _ordered((page for page in prose if page not in LAST_PAGES), FIRST_PAGES)
    across = _ordered((c.section for c in chapters if c.study == SYNTHESIS), FIRST_ACROSS)
    found = [(FRONT, [f"book/{page}" for page in front])]
    for one in papers().values():
        caption = f"{one.label}: {one.short}" if one.short else one.label
        own = [f"book/{c.slug}" for c in chapters if c.study == one.slug]
        found.append((caption, [f"book/{one.slug}/{PAGE}", *own]))
    found.append((ACROSS, [f"book/{SYNTHESIS}/{page}" for page in across]))
    found.append((BACK, [f"book/{page}" for page in LAST_PAGES if page in prose]))
    return [(caption, listed) for caption, listed in found if listed]


def _ordered(names: Iterable[str], first: tuple[str, ...]) -> list[str]:
    return sorted(names, key=lambda name: (first.index(name) if name in first else len(first), name))


def pages() -> list[str]:
    """Return every page of the book in order, without suffix."""
    return [f"book/{ROOT_PAGE}", *(page for _, listed in parts() for page in listed)]


def write_contents() -> bool:
    """Write ``_toc.yml`` when it does not follow from the folders; return whether it did not."""
    listed = [
        {"caption": caption, "chapters": [{"file": p, **MENU.get(p.rpartition("/")[2], {})} for p in of]}
        for caption, of in parts()
    ]
    toc = {"format": "jb-book", "root": f"book/{ROOT_PAGE}", "parts": listed}
    text = HEAD + yaml.safe_dump(toc, sort_keys=False, allow_unicode=True, width=200)
    return write_changed(root() / "_toc.yml", text)

"""Chapters of different papers have like titles: say whose, where a title stands alone.

The name of the paper follows the title in the browser's tab, in links to the previous and next page and in search
results. The heading of the page and the menu, where the paper is named anyway, stay as they are.
"""

from docutils import nodes
from sphinx.application import Sphinx

from nqp.book.contents import PAGE
from nqp.papers import papers

PAPERS = papers()


def _suffix(page: str) -> str:
    """Return the short name of a chapter's paper; authors and year on the paper's own page; nothing elsewhere."""
    folder, _, name = page.removeprefix("book/").partition("/")
    if (one := PAPERS.get(folder)) is None:
        return ""
    return f" · {one.label if name == PAGE or not one.short else one.short}"


def name_titles(app: Sphinx, doctree: nodes.document) -> None:
    """Add the paper to the title that Sphinx keeps of a page; runs after Sphinx has collected it."""
    page = app.env.docname
    if suffix := _suffix(page):
        app.env.titles[page] += nodes.Text(suffix)
        if app.env.longtitles[page] is not app.env.titles[page]:
            app.env.longtitles[page] += nodes.Text(suffix)


def name_results(app: Sphinx) -> None:
    """Index each page under its longer title, so that a search does not show the short one beside it."""
    plain = getattr(app.builder, "index_page", None)
    if plain is None:
        return

    def index_page(page: str, doctree: nodes.document, title: str) -> None:
        heading, suffix = doctree.next_node(nodes.title), nodes.Text(_suffix(page))
        if heading is None:
            return plain(page, doctree, title)
        heading += suffix
        plain(page, doctree, title)
        heading.remove(suffix)

    app.builder.index_page = index_page


def setup(app: Sphinx) -> dict:
    """Connect behind Sphinx's own collector of titles."""
    app.connect("doctree-read", name_titles, priority=900)
    app.connect("builder-inited", name_results)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

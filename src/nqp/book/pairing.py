"""A chapter as text and as paired notebook. What they hold says which of the two was edited, never their times."""

import jupytext
import nbformat
from jupytext.combine import combine_inputs_with_outputs

from nqp.book.chapters import Chapter
from nqp.book.parameters import ChapterError
from nqp.paths import root, write_changed, write_whole
from nqp.reads import digest, sha256

FORM = "md:myst"
# what nbformat raises on bytes that are no notebook
NO_NOTEBOOK = (nbformat.ValidationError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


def sync(chapter: Chapter) -> None:
    """Bring the text and its paired notebook into step; the one that was edited since they last were wins.

    Their hashes of then stand beside the notebook. A `ChapterError` refuses when both changed, when nothing says
    which did, and a notebook that cannot be read.
    """
    step = chapter.pair.with_suffix(".step")
    last = step.read_bytes().split() if step.is_file() else []
    if not chapter.pair.is_file():
        _write_pair(chapter, [])
    elif last != _marks(chapter):
        _settle(chapter, *(mark in last for mark in _marks(chapter)))
    write_changed(step, b" ".join(_marks(chapter)).decode())


def _marks(chapter: Chapter) -> list[bytes]:
    return [sha256(path).encode() for path in (chapter.source, chapter.pair)]


def _settle(chapter: Chapter, text_is_old: bool, pair_is_old: bool) -> None:
    text, pair = (path.relative_to(root()).as_posix() for path in (chapter.source, chapter.pair))
    command = f".venv/bin/jupytext --to {FORM} --output {text} {pair}"
    ways = f"To keep the text, delete {pair}. To keep the notebook: `{command}`"
    try:
        paired = nbformat.read(chapter.pair, as_version=4).cells
    except NO_NOTEBOOK as broken:
        raise ChapterError(f"{pair} is no notebook. {ways}") from broken
    edited = _text(chapter, paired)
    if edited == _text(chapter, chapter.read().cells):
        return
    if text_is_old == pair_is_old:
        raise ChapterError(f"{text} and {pair} differ, and which was edited is not known. {ways}")
    if pair_is_old:
        _write_pair(chapter, paired)
    else:
        write_whole(chapter.source, edited)


def _text(chapter: Chapter, cells: list[nbformat.NotebookNode]) -> str:
    """Return the text of cells below the chapter's head, metadata in the text's order, which notebooks do not keep."""
    whole = chapter.read()
    own = {digest(cell.metadata): cell.metadata for cell in whole.cells}
    for cell in cells:
        cell.metadata = own.get(digest(cell.metadata), cell.metadata)
    whole.cells = cells
    return jupytext.writes(whole, fmt=FORM)


def _write_pair(chapter: Chapter, before: list[nbformat.NotebookNode]) -> None:
    """Write the paired notebook of a text, with the outputs that its cells had before."""
    made, last = chapter.read(), nbformat.v4.new_notebook(cells=before)
    made.cells = combine_inputs_with_outputs(chapter.read(), last, FORM).cells
    write_whole(chapter.pair, nbformat.writes(made))

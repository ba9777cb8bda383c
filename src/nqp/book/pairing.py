"""A chapter as text and as paired notebook. What they hold says which of the two was edited, never their times."""

import sys
from pathlib import Path

import jupytext
import nbformat
from jupytext.combine import combine_inputs_with_outputs

from nqp.book.chapters import Chapter
from nqp.book.parameters import ChapterError
from nqp.paths import build_dir, keep, read_kept, root, set_aside, write_whole
from nqp.reads import digest, sha256

FORM = "md:myst"
NO_NOTEBOOK = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)  # what nbformat raises on other bytes


def sync(chapter: Chapter) -> None:
    """Bring the text and its paired notebook into step; outputs in the notebook are no edit.

    The one that was edited since they were last in step wins. A `ChapterError` refuses when both were. When nothing
    says which was, as after ``build/pairs.json`` was lost, the text wins and the notebook is set aside.
    """
    last = _last(chapter)
    if last and chapter.pair.is_file() and last[:2] == [sha256(chapter.source), sha256(chapter.pair)]:
        return
    paired = _paired(chapter)
    in_pair = paired and _text(chapter, paired)
    if paired is None:
        in_pair = _write_pair(chapter, None)
    elif in_pair != _text(chapter, chapter.read()):
        if not last:
            set_aside(chapter.pair, f"is not what {_place(chapter.source)} gives, and is made anew")
        if not last or last[2] == digest(in_pair):
            in_pair = _write_pair(chapter, paired)
        elif last[0] == sha256(chapter.source):
            write_whole(chapter.source, in_pair)
            print(f"{_place(chapter.source)} takes the edits of {_place(chapter.pair)}", file=sys.stderr)
        else:
            raise ChapterError(_both_edited(chapter))
    marks = [sha256(chapter.source), sha256(chapter.pair), digest(in_pair)]
    keep(_file(), {**read_kept(_file()), chapter.slug: marks})


def _file() -> Path:
    return build_dir() / "pairs.json"


def _last(chapter: Chapter) -> list[str] | None:
    """Return the hashes of text and notebook when they were last in step, and that of the notebook's text."""
    marks = read_kept(_file()).get(chapter.slug)
    return marks if isinstance(marks, list) and len(marks) == 3 else None


def _paired(chapter: Chapter) -> nbformat.NotebookNode | None:
    if not chapter.pair.is_file():
        return None
    try:
        paired = nbformat.read(chapter.pair, as_version=4)
        _text(chapter, paired)
        return paired
    except NO_NOTEBOOK:
        set_aside(chapter.pair, "is no notebook and is made anew")
        return None


def _text(chapter: Chapter, notebook: nbformat.NotebookNode) -> str:
    """Return the text that a notebook's cells give below the chapter's own head."""
    whole = chapter.read()
    whole.cells = notebook.cells
    return jupytext.writes(whole, fmt=FORM)


def _write_pair(chapter: Chapter, before: nbformat.NotebookNode | None) -> str:
    """Write the paired notebook of a text, with the outputs that it had before, and return the text it gives."""
    made = chapter.read()
    if before:
        made.cells = combine_inputs_with_outputs(chapter.read(), before, FORM).cells
    for number, cell in enumerate(made.cells):
        cell["id"] = f"cell-{number}"
    made.nbformat_minor = 5
    write_whole(chapter.pair, nbformat.writes(made))
    return _text(chapter, made)


def _place(path: Path) -> str:
    return path.relative_to(root()).as_posix()


def _both_edited(chapter: Chapter) -> str:
    text, notebook = _place(chapter.source), _place(chapter.pair)
    return (
        f"{text} and {notebook} were both edited since they were last in step. To keep the text, delete the notebook."
        f" To keep the notebook: `.venv/bin/jupytext --to {FORM} --output {text} {notebook}`"
    )

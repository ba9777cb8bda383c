"""What an execution needs and its outputs must not carry: where the reader's licensed file is, and what is in it."""

import json
from collections.abc import Mapping
from typing import Any

import nbformat

from nqp.book.chapters import Chapter
from nqp.book.parameters import ChapterError
from nqp.paths import build_dir, write_whole

LICENSED_FILE = "licensed_file"  # parameter: path of the reader's file


def public(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changed parameters that a page may show."""
    return {name: value for name, value in overrides.items() if name != LICENSED_FILE}


def licensed(overrides: Mapping[str, Any]) -> bool:
    """Return whether the chapter runs on the reader's licensed file."""
    return overrides.get("evidence") == "licensed"


def remember(chapter: Chapter, overrides: Mapping[str, Any]) -> None:
    """Keep the path with which a chapter was executed in ``build/``, so that ``nqp build`` leaves the chapter be."""
    paths = {**_paths(), chapter.slug: overrides.get(LICENSED_FILE, "")}
    kept = {slug: path for slug, path in paths.items() if path}
    if kept != _paths():
        write_whole(build_dir() / "licensed.json", json.dumps(kept, indent=1))


def remembered(chapter: Chapter) -> dict[str, Any]:
    """Return the path with which a chapter was last executed, as a parameter; nothing when it had none."""
    path = _paths().get(chapter.slug)
    return {LICENSED_FILE: path} if path else {}


def _paths() -> dict[str, str]:
    path = build_dir() / "licensed.json"
    try:
        return dict[str, str](json.loads(path.read_bytes())) if path.is_file() else {}
    except (ValueError, TypeError) as broken:
        said = "build/licensed.json, the paths of licensed files, cannot be read; delete it and give `-p licensed_file`"
        raise ChapterError(f"{said} again") from broken


def withhold(notebook: nbformat.NotebookNode, chapter: Chapter, overrides: Mapping[str, Any]) -> str:
    """Empty a notebook that carries values of single cities and years of the licensed file, or that cannot be compared.

    Returns what to tell the reader; nothing when the outputs may stay.
    """
    from nqp.book.guard import fingerprint, unit_values
    from nqp.book.outputs import texts_of
    from nqp.data import DataError
    from nqp.licensed import licensed_panel

    file = overrides.get(LICENSED_FILE, "")
    try:
        panel = licensed_panel(chapter.study, section=chapter.section, licensed_file=file)
    except DataError as refusal:
        return _empty(notebook, str(refusal))
    known = fingerprint(panel)
    counts = {number: unit_values(texts_of(cell), known) for number, cell in enumerate(notebook.cells)}
    where = ", ".join(f"cell {number} ({count} values)" for number, count in counts.items() if count)
    return where and _empty(
        notebook,
        f"values of single cities and years of your licensed file stand in {where}. Outputs carry results only:"
        " nothing of this execution was kept. Print less in these cells",
    )


def _empty(notebook: nbformat.NotebookNode, why: str) -> str:
    for cell in notebook.cells:
        cell.pop("attachments", None)
        cell.metadata = nbformat.from_dict({"tags": cell.metadata.get("tags", [])})
        if cell.cell_type == "code":
            cell.outputs = []
    return why

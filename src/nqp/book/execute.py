"""Execute one chapter. Runs in any thread or process, on any machine that has the project."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from nqp.book.chapters import Chapter
from nqp.book.glued import dash_missing
from nqp.book.private import LICENSED_FILE, licensed, public, withhold
from nqp.book.processes import scratch
from nqp.book.render import render
from nqp.papers import Refusal
from nqp.paths import root as own_root
from nqp.reads import digest

KERNEL_FILE = re.compile(r"\S*ipykernel_\d+/\d+\.py")
AS_DEFAULT = re.compile(r"(?<!`)\{[^{}`\n]*\.as-default\b[^{}`\n]*\}")
RECORD = "import json, nqp.reads\nprint(json.dumps(nqp.reads.record()))"
CELL_SECONDS = 600
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Execution:
    """What came of a chapter: its executed notebook, or where and why it stopped."""

    chapter: Chapter
    seconds: float
    notebook: str
    error: str = ""
    failed_cell: str = ""


def execute(
    chapter: Chapter, overrides: Mapping[str, Any], key: str, root: Path, timeout: int = CELL_SECONDS
) -> Execution:
    """Execute a chapter with some parameters changed and return the result; nothing below the root is written.

    Outputs stay in memory, since a licensed file's values are looked for before any is kept. `key` is
    `nqp.book.keys.base_key`; `root` the project's root on the machine that executes; `timeout` seconds for a cell.
    """
    from nqp.book.kernel import environment, through_papermill

    if root != own_root():
        raise Refusal(f"a worker's checkout is {own_root()}, not {root}; start workers with NQP_ROOT={root}")
    started = time.perf_counter()
    with scratch() as folder:
        changed = public(overrides)
        given = _prepared(chapter, changed)
        own = {
            "NQP_CHAPTER": chapter.slug,
            "NQP_LICENSED_FILE": overrides.get(LICENSED_FILE, ""),
            "NQP_OVERRIDES": ", ".join(f"{k}={v}" for k, v in public(overrides).items()),
            "NQP_ROOT": str(root),
        }
        env = environment(folder, **own)
        how = {"folder": folder, "cwd": root, "env": env, "timeout": timeout}
        notebook, error, where = through_papermill(given, changed, **how)
        reads = _take_record(notebook)
        if licensed(overrides) and (said := withhold(notebook, chapter, overrides)):
            error, where = said, ""
        error = error or dash_missing(notebook, changed=bool(public(overrides)))
    known = {"key": digest([key, reads]), "overrides": public(overrides), "reads": reads}
    return Execution(chapter, time.perf_counter() - started, _normalise(notebook, known), error, where)


def _prepared(chapter: Chapter, changed: dict[str, Any]) -> nbformat.NotebookNode:
    """Return the chapter with its box on how to run it, what was changed, and the cell that says what it read."""
    notebook = chapter.read()
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(_run_box(chapter)))
    notebook.cells.append(nbformat.v4.new_code_cell(RECORD))
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    if changed:
        _warn(notebook, chapter, changed)
    return notebook


def _take_record(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Remove the last cell and return what it printed: what the chapter read. Nothing, when the chapter stopped."""
    outputs = notebook.cells.pop().get("outputs", [])
    return json.loads("".join(o.text for o in outputs if o.get("name") == "stdout") or "{}")


def _run_box(chapter: Chapter) -> str:
    known = list(chapter.parameters.values())
    shown = [p for p in known if p.another is not None and p.name != "evidence"]  # licensed needs a file
    return render("pages/run_box.md", slug=chapter.slug, known=known, shown=shown[-1] if shown else None)


def _warn(notebook: nbformat.NotebookNode, chapter: Chapter, overrides: Mapping[str, Any]) -> None:
    """Say below the title what was changed, and how many marked sentences the page cannot vouch for."""
    marked = sum(len(AS_DEFAULT.findall(c.source)) for c in notebook.cells if c.cell_type == "markdown")
    changed = ", ".join(f"`{k} = {v!r}`" for k, v in overrides.items())
    title, _, rest = notebook.cells[0].source.partition("\n")
    said = render("pages/changed.md", slug=chapter.slug, changed=changed, marked=marked)
    notebook.cells[0].source = f"{title}\n\n{said}\n{rest}"


def _normalise(notebook: nbformat.NotebookNode, own: dict[str, Any]) -> str:
    """Drop what changes from run to run: times, versions, random ids."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "nqp": own})
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        kept = {key: cell.metadata[key] for key in ("tags", "mystnb") if key in cell.metadata}
        cell.metadata = nbformat.from_dict(kept)
        if cell.cell_type == "code":
            cell.outputs = _settled(cell.outputs)
    notebook.nbformat_minor = 5
    notebook.metadata.nqp["cells"] = digest(json.loads(nbformat.writes(notebook))["cells"])
    return nbformat.writes(notebook)


def _settled(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join printed text that arrived in several pieces, which depends on timing, and drop paths."""
    settled: list[nbformat.NotebookNode] = []
    for output in outputs:
        if settled and output.output_type == "stream" and settled[-1].get("name") == output.name:
            settled[-1].text += output.text
        else:
            settled.append(output)
    for output in settled:
        if output.output_type == "stream":
            output.text = KERNEL_FILE.sub("this cell", output.text)
    return settled

"""Execute one chapter through papermill. Runs in any process, on any machine that has the project."""

import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from nqp.book.chapters import Chapter
from nqp.book.glued import dash_missing
from nqp.book.private import LICENSED_FILE, licensed, public, withhold
from nqp.reads import digest

KERNEL_FILE = re.compile(r"\S*ipykernel_\d+/\d+\.py")
RECORD = "import json, nqp.reads\nprint(json.dumps(nqp.reads.record()))"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Execution:
    """What came of a chapter: its executed notebook, or where and why it stopped."""

    chapter: Chapter
    seconds: float
    notebook: str
    error: str = ""
    failed_cell: str = ""


def execute(chapter: Chapter, overrides: Mapping[str, Any], key: str, root: Path) -> Execution:
    """Execute a chapter with some parameters changed and return the result; nothing below the root is written.

    `key` is `nqp.book.keys.base_key`; `root` is the project's root on the machine that executes.
    """
    from papermill.exceptions import PapermillExecutionError

    started = time.perf_counter()
    error = where = ""
    with tempfile.TemporaryDirectory(prefix="nqp-") as folder, _environment(chapter, overrides, root, folder):
        given, done = Path(folder) / "in.ipynb", Path(folder) / "out.ipynb"
        notebook = chapter.read()
        notebook.metadata["kernelspec"] = KERNEL
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(_run_box(chapter, public(overrides))))
        notebook.cells.append(nbformat.v4.new_code_cell(RECORD))
        nbformat.write(notebook, given)
        try:
            _papermill(given, done, public(overrides), root)
        except PapermillExecutionError as stop:
            error, where = f"{stop.ename}: {stop.evalue}", stop.source
        except RuntimeError as died:  # the kernel was killed, by lack of memory or from outside
            error = f"{type(died).__name__}: {died}"
        result = nbformat.read(done, as_version=4) if done.is_file() else notebook
        reads = _take_record(result)
        if licensed(overrides) and (said := withhold(result, chapter, overrides)):
            error, where = said, ""
        error = error or dash_missing(result, changed=bool(public(overrides)))
    own = {"key": digest([key, reads]), "overrides": public(overrides), "reads": reads}
    return Execution(chapter, time.perf_counter() - started, _normalise(result, own), error, where)


def _papermill(given: Path, done: Path, overrides: Mapping[str, Any], root: Path) -> None:
    """Execute a file. Kernels that start together may pick the same port and die: then nothing ran, so try again."""
    import papermill

    quiet = ["--IPKernelApp.log_level=50"]  # or it warns of its port and of being stopped
    how = {"kernel_name": "python3", "cwd": str(root), "progress_bar": False, "extra_arguments": quiet}
    for attempts_left in (2, 1, 0):
        try:
            papermill.execute_notebook(given, done, parameters=dict(overrides), **how)
            return
        except RuntimeError as died:
            if "before replying" not in str(died) or not attempts_left:
                raise


@contextmanager
def _environment(chapter: Chapter, overrides: Mapping[str, Any], root: Path, folder: str) -> Iterator[None]:
    """Set what makes two executions give the same bytes; one thread each, since chapters run side by side."""
    before = dict(os.environ)
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    wanted = {
        **dict.fromkeys(threads, "1"),
        "IPYTHONDIR": folder,
        "JUPYTER_RUNTIME_DIR": folder,
        "JUPYTER_PREFER_ENV_PATH": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "NQP_CHAPTER": chapter.slug,
        "NQP_LICENSED_FILE": overrides.get(LICENSED_FILE, ""),
        "NQP_OVERRIDES": ", ".join(f"{k}={v}" for k, v in public(overrides).items()),
        "NQP_ROOT": str(root),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONHASHSEED": "0",
        "TQDM_DISABLE": "1",
    }
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _take_record(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Remove the last cell and return what it printed: what the chapter read. Nothing, when the chapter stopped."""
    outputs = notebook.cells.pop().get("outputs", [])
    return json.loads("".join(o.text for o in outputs if o.get("name") == "stdout") or "{}")


def _run_box(chapter: Chapter, overrides: Mapping[str, Any]) -> str:
    known = list(chapter.parameters.values())
    option = f" -p {known[0].name}={json.dumps(known[0].default)}" if known else ""
    listed = "\n".join(f"- `{p.name} = {p.default!r}`: {p.allowed}" for p in known) or "- none"
    box = (
        ":::{admonition} Run this chapter\n:class: dropdown nqp-run\n"
        "In a checkout of the book, after `make book`:\n\n"
        f"```bash\n.venv/bin/nqp run {chapter.slug}{option}\n```\n\n"
        f"Parameters, their defaults and what they take:\n\n{listed}\n\n"
        "Then `.venv/bin/nqp build` compiles the pages again.\n\n"
        f"Take it home: {{download}}`the executed notebook </book/{chapter.slug}.ipynb>` or its\n"
        f"{{download}}`text twin </notebooks/{chapter.slug}.md>`. Both run anywhere on the kernel of the book's\n"
        "environment, which knows where the data are.\n:::"
    )
    if not overrides:
        return box
    changed = ", ".join(f"`{k} = {v!r}`" for k, v in overrides.items())
    return (
        f":::{{warning}}\nThis page was executed with {changed}, not with the book's defaults.\n"
        f"`nqp run {chapter.slug}` brings them back. Where a dash stands for a number, the sentence describes a run"
        f" with the defaults.\n:::\n\n{box}"
    )


def _normalise(notebook: nbformat.NotebookNode, own: dict[str, Any]) -> str:
    """Drop what changes from run to run: times, versions, random ids."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "nqp": own})
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata = nbformat.from_dict(
            {k: cell.metadata[k] for k in ("tags", "mystnb") if k in cell.metadata}
        )
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

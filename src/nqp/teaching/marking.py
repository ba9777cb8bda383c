"""Mark what was handed in: run it closed off, take its answers, compare them with the truth of the number's seed."""

import ast
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell

from nqp.book.pairing import NO_NOTEBOOK
from nqp.teaching.numbers import ANSWER
from nqp.teaching.sandbox import Limits, run
from nqp.teaching.truth import STOPPED, judge

HAND_IN = "from nqp.teaching.numbers import hand_in\n\nhand_in({0!r}, {0})"
INTERRUPTED = " (interrupted: a cell took too long)"
LARGEST = 20 * 2**20  # bytes of a notebook


@dataclass
class Marked:
    """What is known of one submission."""

    number: str
    notebook: nbformat.NotebookNode | None = None  # as it ran, with its own cells
    remarks: list[str] = field(default_factory=list)
    counts: bool = False  # whether it could be marked
    answers: dict[str, Any] = field(default_factory=dict)
    judged: dict[str, dict[str, Any]] = field(default_factory=dict)
    argued: list[str] = field(default_factory=list)  # labels of written answers, which a person marks


def grade_id(cell: nbformat.NotebookNode) -> str:
    """Return nbgrader's name of a cell, or an empty text."""
    own = cell.metadata.get("nbgrader", {})
    return str(own.get("grade_id", "")) if isinstance(own, dict) else ""


def checks(teacher: nbformat.NotebookNode) -> dict[str, nbformat.NotebookNode]:
    """Return the check cells of an assignment, by exercise."""
    return {
        grade_id(c): c
        for c in teacher.cells
        if c.cell_type == "code" and grade_id(c) and c.metadata.nbgrader.grade
    }


def mark(
    teacher: Path,
    released: nbformat.NotebookNode,
    handed_in: list[tuple[str, Path | None, str]],
    limits: Limits,
    jobs: int,
    tell: Callable[[str], None],
) -> list[Marked]:
    """Mark submissions, given as `nqp.teaching.course.submissions` yields them."""
    with ThreadPoolExecutor(jobs) as pool:
        marked = list(pool.map(partial(_run_one, released, limits, tell), handed_in))
    counted = [one for one in marked if one.counts]
    said = judge(teacher, [(one.number, one.answers) for one in counted], jobs)
    for one, judged in zip(counted, said, strict=True):
        if STOPPED in judged:
            one.counts = False
            one.remarks.append(judged[STOPPED])
        else:
            one.judged = judged
    for one in counted:
        one.remarks += _of_others(one, [other for other in counted if other.judged])
    return marked


def _run_one(
    released: nbformat.NotebookNode,
    limits: Limits,
    tell: Callable[[str], None],
    submission: tuple[str, Path | None, str],
) -> Marked:
    number, path, fault = submission
    one = Marked(number, remarks=[fault] if fault else [])
    try:
        if path:
            _run_notebook(one, path, released, limits)
    except NO_NOTEBOOK as broken:  # a file of any content may come
        one.remarks.append(f"the file is no notebook that can be run ({type(broken).__name__})")
        one.counts = False
    tell(f"{number}: {'; '.join(one.remarks) or 'ran'}")
    return one


def _run_notebook(one: Marked, path: Path, released: nbformat.NotebookNode, limits: Limits) -> None:
    if path.stat().st_size > LARGEST:
        raise ValueError("too large")
    notebook = nbformat.read(path, as_version=4)
    assignment = notebook.metadata.get("nqp", {}).get("assignment")
    inside = student_number(notebook)
    if assignment != released.metadata.nqp.assignment:
        one.remarks.append(f"the notebook is of another assignment: {str(assignment)[:60]}")
    elif inside.lstrip("0") != one.number.lstrip("0"):
        said = f"the notebook holds the number {inside[:20]!r}, its file name says {one.number}"
        one.remarks.append(f"{said}: not marked")
    else:
        one.remarks += restore(notebook, released)
        one.counts, one.notebook = True, notebook
        executed, stopped = run(_collecting(notebook, released), limits)
        one.remarks += [stopped] if stopped else []
        if executed:
            _take(one, executed, released)


def student_number(notebook: nbformat.NotebookNode) -> str:
    """Return the number that the first assignment to `number` in a notebook gives, or an empty text."""
    for cell in notebook.cells:
        try:
            lines = ast.parse(cell.source).body if cell.cell_type == "code" else []
        except (SyntaxError, ValueError):
            continue
        for line in lines:
            if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "number":
                return str(line.value.value) if isinstance(line.value, ast.Constant) else ""
    return ""


def restore(notebook: nbformat.NotebookNode, released: nbformat.NotebookNode) -> list[str]:
    """Put back every locked cell that was edited or deleted, in place; return remarks."""
    own = {grade_id(cell): cell for cell in notebook.cells if grade_id(cell)}
    edited, deleted, after = [], [], 0
    for cell in released.cells:
        name = grade_id(cell)
        if name in own:
            after = next(n for n, c in enumerate(notebook.cells) if c is own[name]) + 1
            if cell.metadata.nbgrader.locked and (own[name].source, own[name].cell_type) != (
                cell.source,
                cell.cell_type,
            ):
                edited.append(name)
                notebook.cells[after - 1] = nbformat.from_dict(cell)
        elif name:
            deleted.append(name)
            notebook.cells.insert(after, nbformat.from_dict(cell))
            after += 1
    said = (("locked cells edited", edited), ("cells deleted", deleted))
    return [f"{what} and put back: {', '.join(names)}" for what, names in said if names]


def _collecting(notebook: nbformat.NotebookNode, released: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return what runs: the cells, and behind each check one that hands its answer over."""
    names = {label: cell.metadata.nqp.answer for label, cell in checks(released).items()}
    made = nbformat.v4.new_notebook(metadata={"kernelspec": released.metadata.kernelspec})
    for number, cell in enumerate(notebook.cells):
        made.cells.append(nbformat.from_dict({**cell, "id": f"cell-{number}"}))
        if label := names.get(grade_id(cell)) and grade_id(cell):
            source = HAND_IN.format(names[label])
            made.cells.append(new_code_cell(source, metadata={"hand_in": label}, id=f"answer-{number}"))
    return made


def _take(one: Marked, executed: nbformat.NotebookNode, released: nbformat.NotebookNode) -> None:
    """Take answers out of an executed notebook, and what its cells stopped with."""
    collecting = [cell for cell in executed.cells if "hand_in" in cell.metadata]
    one.notebook = executed
    executed.cells = [cell for cell in executed.cells if "hand_in" not in cell.metadata]
    for cell in collecting:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and output.ename != "NameError":
                one.remarks.append(f"{cell.metadata.hand_in}: {output.evalue}")
            if ANSWER in output.get("data", {}):
                (one.answers[cell.metadata.hand_in],) = json.loads(output.data[ANSWER]).values()
    stops = [o for c in executed.cells if grade_id(c) not in checks(released) for o in c.get("outputs", [])]
    stops = [o for o in stops if o.output_type == "error"]
    if stops:
        kinds = ", ".join(dict.fromkeys(str(o.ename)[:40] for o in stops))
        one.remarks.append(f"{len(stops)} cells stop: {kinds}" + INTERRUPTED * ("KeyboardInterrupt" in kinds))
    stubs = {grade_id(c): c.source for c in released.cells if grade_id(c) and c.cell_type == "markdown"}
    one.argued = [grade_id(c) for c in executed.cells if stubs.get(grade_id(c), c.source) != c.source]


def _of_others(one: Marked, all_marked: list[Marked]) -> list[str]:
    """Return remarks on wrong answers that are right for another student's seed."""
    return [
        f"{label}: wrong, and the right answer for {other.number}"
        for label, judged in one.judged.items()
        if not judged["right"] and label in one.answers
        for other in all_marked
        if other is not one
        and _same(other.judged[label]["key"], one.answers[label])
        and not _same(other.judged[label]["key"], judged["key"])
    ]


def _same(answer: Any, key: Any) -> bool:
    try:
        return np.shape(answer) == np.shape(key) and bool(np.allclose(answer, key, rtol=1e-4, atol=0))
    except TypeError:  # texts
        return bool(answer == key)

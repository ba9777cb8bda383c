"""Mark what was handed in: nbgrader grades it closed off; what else is to say of it stands in remarks."""

import json
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from nqp.book.chapters import Chapter
from nqp.book.pairing import NO_NOTEBOOK
from nqp.papers import Refusal
from nqp.teaching.editions import teachers
from nqp.teaching.grading import release
from nqp.teaching.numbers import seed
from nqp.teaching.sandbox import grade

NUMBER = re.compile(r"""^number *= *["']?(\w*)""", re.M)


@dataclass
class Marked:
    """What is known of one submission."""

    number: str
    remarks: list[str] = field(default_factory=list)
    page: str = ""  # of feedback; none if it could not be graded
    points: dict[str, float] = field(default_factory=dict)  # by exercise
    answers: dict[str, Any] = field(default_factory=dict)
    argued: list[str] = field(default_factory=list)  # written answers, which a person marks


def mark(teacher: nbformat.NotebookNode, handed_in: list[Path], jobs: int = 1, **limits: int) -> list[Marked]:
    """Mark what was handed in, in nbgrader's folder ``NUMBER`` or as file ``NUMBER.ipynb``; the sandbox has limits."""

    def mark_one(place: Path) -> Marked:
        one = Marked(place.stem)
        try:
            notebook = _checked_in(place, teacher.metadata.nqp.assignment)
            one.remarks += _put_back(notebook, released)
            _take(one, *grade(nbformat.writes(notebook), course, one.number, **limits))
        except (Refusal, *NO_NOTEBOOK) as fault:  # a file of any content may come
            own = isinstance(fault, Refusal)
            one.remarks.append(str(fault) if own else f"the file is no notebook ({type(fault).__name__})")
        return one

    with tempfile.TemporaryDirectory() as course, ThreadPoolExecutor(jobs) as pool:
        released = release(teacher, Path(course))
        marked = list(pool.map(mark_one, handed_in))
    for one in marked:
        one.remarks += [said for other in marked for said in _taken_from(other, one)]
    return marked


def key_of(chapter: Chapter, labels: tuple[str, ...], number: str) -> dict[str, Any]:
    """Return the right answers for a student number, by exercise; refuse one for which the model answers stop."""
    seed(number)
    teacher, _ = teachers(chapter, labels, number)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{number}.ipynb"
        nbformat.write(teacher, path)
        (one,) = mark(teacher, [path], seconds=600, memory=16_000)
    if not one.points or not all(one.points.values()):
        raise Refusal(f"the model answers are wrong for {number}: {one.points or '; '.join(one.remarks)}")
    return one.answers


def _checked_in(place: Path, assignment: str) -> nbformat.NotebookNode:
    """Return the notebook of a submission; refuse one of another student or assignment."""
    found = sorted(place.rglob("*.ipynb")) if place.is_dir() else [place]
    if len(found) != 1 or found[0].suffix != ".ipynb":
        raise Refusal(f"{place.name} holds {len(found)} files instead of one notebook")
    seed(place.stem)
    notebook = nbformat.read(found[0], as_version=4)
    if (of := notebook.metadata.get("nqp", {}).get("assignment")) != assignment:
        raise Refusal(f"the notebook is of another assignment: {str(of)[:60]}")
    inside = NUMBER.findall("\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code"))
    if {number.lstrip("0") for number in inside} != {place.stem.lstrip("0")}:
        raise Refusal(f"it holds the number {', '.join(inside)[:40]!r}, its file name says {place.stem}")
    return notebook


def _put_back(notebook: nbformat.NotebookNode, released: nbformat.NotebookNode) -> list[str]:
    """Put back deleted cells; return remarks on them and on edited ones, which nbgrader puts back."""
    said, after = [], 0
    for cell in filter(_name, released.cells):
        names = [_name(own) for own in notebook.cells]
        if _name(cell) not in names:
            said.append(f"cell deleted and put back: {_name(cell)}")
            notebook.cells.insert(after, cell)
        else:
            after = names.index(_name(cell))
            if cell.metadata.nbgrader.locked and cell.source != notebook.cells[after].source:
                said.append(f"locked cell edited and put back: {_name(cell)}")
        after += 1
    return said


def _name(cell: nbformat.NotebookNode) -> str:
    return str(dict(cell.metadata.get("nbgrader", {})).get("grade_id", ""))


def _take(one: Marked, graded: str, page: str) -> None:
    """Take points and answers out of a graded notebook, and remark which other cells stopped."""
    from nbgrader.utils import determine_grade, is_grade

    if not graded:
        raise Refusal(page)
    one.page, stops = page, []
    for cell in nbformat.reads(graded, as_version=4).cells:
        outputs = cell.get("outputs", [])
        if not is_grade(cell):
            stops += [output.ename[:40] for output in outputs if output.output_type == "error"]
        elif cell.cell_type == "code":
            one.points[_name(cell)] = determine_grade(cell)[0]
            one.answers |= {_name(cell): json.loads(o.text) for o in outputs if o.get("name") == "stdout"}
        elif determine_grade(cell)[0] is None:
            one.argued.append(_name(cell))
    if stops:
        one.remarks.append(f"{len(stops)} cells stop: {', '.join(dict.fromkeys(stops))}")


def _taken_from(other: Marked, one: Marked) -> list[str]:
    """Return remarks on wrong answers that are another's right ones; on numbers with decimals, which hardly recur."""
    wrong = [label for label in one.answers if not one.points[label] and other.points.get(label)]
    pairs = {label: [np.asarray(each.answers.get(label)) for each in (one, other)] for label in wrong}
    return [
        f"{label}: wrong, and the right answer for {other.number}"
        for label, (mine, theirs) in pairs.items()
        if mine.dtype.kind == theirs.dtype.kind == "f" and mine.shape == theirs.shape
        if np.allclose(mine, theirs, rtol=1e-4, atol=0)
    ]

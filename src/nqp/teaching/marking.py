"""Mark what was handed in: nbgrader grades it closed off; what else is to say of it stands in remarks."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from nqp.book.chapters import Chapter
from nqp.book.pairing import NO_NOTEBOOK
from nqp.book.processes import scratch
from nqp.papers import Refusal
from nqp.teaching.course import assigned
from nqp.teaching.editions import teachers
from nqp.teaching.grading import release
from nqp.teaching.numbers import seed
from nqp.teaching.sandbox import grade

NUMBER = re.compile(r"""^student_number *= *["']?(\w*)""", re.M)


@dataclass
class Marked:
    """What is known of one submission."""

    number: str
    remarks: list[str] = field(default_factory=list)
    page: str = ""  # of feedback; none if it could not be graded
    points: dict[str, float] = field(default_factory=dict)  # by exercise
    answers: dict[str, Any] = field(default_factory=dict)


def mark(course: Path, handed_in: list[Path], seconds: int, jobs: int = 1) -> list[Marked]:
    """Mark what was handed in, in nbgrader's folder ``NUMBER`` or as file ``NUMBER.ipynb``."""
    released, _ = assigned(course)
    count = Counter(place.stem for place in handed_in)

    def mark_one(place: Path) -> Marked:
        one = Marked(place.stem)
        try:
            if count[place.stem] > 1:
                raise Refusal(
                    f"{place.stem} is handed in {count[place.stem]} times, as file and as folder; keep one"
                )
            notebook = _checked_in(place, released.metadata.nqp.assignment)
            one.remarks += _put_back(notebook, released)
            _take(one, *grade(nbformat.writes(notebook), course.resolve(), one.number, seconds))
        except (Refusal, *NO_NOTEBOOK) as fault:  # a file of any content may come
            one.remarks.append(str(fault) if isinstance(fault, Refusal) else "it is no notebook")
        return one

    with ThreadPoolExecutor(jobs) as pool:
        marked = list(pool.map(mark_one, handed_in))
    for one in marked:
        one.remarks += [said for other in marked for said in _taken_from(other, one)]
    return marked


def key_of(chapter: Chapter, labels: tuple[str, ...], number: str) -> dict[str, Any]:
    """Return the right answers for a student number, by exercise; refuse one for which the model answers stop."""
    teacher, _ = teachers(chapter, labels, number)
    with scratch() as folder:
        release(teacher, folder)
        nbformat.write(teacher, folder / f"{number}.ipynb")
        (one,) = mark(folder, [folder / f"{number}.ipynb"], seconds=600)
    if not one.points or not all(one.points.values()):
        raise Refusal(f"the model answers are wrong for {number}: {one.points or '; '.join(one.remarks)}")
    return one.answers


def _checked_in(place: Path, assignment: str) -> nbformat.NotebookNode:
    """Return what was handed in; refuse what is of another student or assignment, or no notebook."""
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
    """Put deleted cells to the end; return remarks on them and on edited ones, which nbgrader puts back."""
    given, own = ({_name(cell): cell for cell in one.cells if _name(cell)} for one in (released, notebook))
    notebook.cells += [cell for name, cell in given.items() if name not in own]
    said = [f"cell deleted: {name}" for name in given if name not in own]
    locked = [name for name, cell in given.items() if cell.metadata.nbgrader.locked and name in own]
    return said + [f"cell edited: {name}" for name in locked if given[name].source != own[name].source]


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
            one.remarks.append(f"{_name(cell)} awaits a reader")
    if stops:
        one.remarks.append(f"cells stop with {', '.join(dict.fromkeys(stops))}")


def _taken_from(other: Marked, one: Marked) -> Iterator[str]:
    """Yield remarks on wrong answers that are another's right ones; on numbers with decimals, which hardly recur."""
    for label in one.answers:
        if not one.points[label] and other.points.get(label):
            mine, theirs = (np.asarray(each.answers[label]) for each in (one, other))
            decimals = mine.dtype.kind == theirs.dtype.kind == "f" and mine.shape == theirs.shape
            if decimals and np.allclose(mine, theirs, rtol=1e-4, atol=0):
                yield f"{label}: wrong, and the right answer for {other.number}"

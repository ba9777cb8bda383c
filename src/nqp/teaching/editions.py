"""The teacher's edition of an assignment, from a chapter, with nbgrader's metadata."""

import re
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nqp.book.chapters import Chapter
from nqp.book.execute import KERNEL
from nqp.book.render import render
from nqp.papers import Refusal, suggest
from nqp.teaching.exercises import Exercise, read
from nqp.teaching.needed import names, needed

BEGIN, END, HIDDEN = "### BEGIN SOLUTION\n", "\n### END SOLUTION", "### BEGIN HIDDEN TESTS\n"
NUMBER = 'student_number = "{}"  # write your own student number: digits only'
SEED = "from nqp.teaching.numbers import hand_in, seed\n\nstudent = seed(student_number)"
PLAIN = re.compile(r"\{[\w:+-]+\}`([^`<]*?)\s*(?:<[^`]*>)?`")  # a role of MyST


def teachers(
    chapter: Chapter, labels: tuple[str, ...] = (), number: str = "42"
) -> tuple[nbformat.NotebookNode, list[Exercise]]:
    """Return the teacher's edition of some of a chapter's exercises, or of all, with what they rest on; and these.

    A `Refusal` names an unknown exercise, and one that others rest on and that was not chosen.
    """
    outside, exercises = read(chapter)
    if strange := [label for label in labels if label not in exercises]:
        raise Refusal(
            f"no exercise {strange[0]}{suggest(strange[0], exercises)}, only {', '.join(exercises)}"
        )
    chosen = [one for label, one in exercises.items() if not labels or label in labels]
    _, wanted = names("\n".join(code for one in chosen for code in (*one.code, one.check)))
    for other in exercises.values():
        if other not in chosen and (lost := names("\n".join(other.code))[0] & wanted):
            raise Refusal(f"`{min(lost)}` of {other.label} is used: choose that exercise too")
    set_up = needed([cell for cell in outside if "student = 42" not in cell], wanted)
    title = chapter.read().cells[0].source.partition("\n")[0].lstrip("# ")
    about = {"assignment": chapter.slug.replace("/", "-"), "title": title}
    notebook = new_notebook(metadata={"kernelspec": KERNEL, "nqp": about})
    notebook.cells = [
        new_markdown_cell(render("teaching/head.md", title=title, slug=chapter.slug)),
        new_code_cell(NUMBER.format(number)),
        _code("seed", SEED, locked=True),
        *(_code(f"set-up-{place}", source, locked=True) for place, source in enumerate(set_up, start=1)),
        *(cell for place, one in enumerate(chosen, start=1) for cell in _cells(place, one)),
    ]
    for place, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{place}"
    return notebook, chosen


def plain_text(text: str) -> str:
    """Return MyST text as plain Markdown: without roles, and without paragraphs that need a number of the chapter."""
    return PLAIN.sub(r"\1", "\n\n".join(one for one in text.split("\n\n") if "{glue" not in one))


def _cells(place: int, one: Exercise) -> list[nbformat.NotebookNode]:
    asked = new_markdown_cell(f"## Exercise {place} ({one.points} points)\n\n{plain_text(one.text)}")
    points = {"grade": True, "points": one.points}
    if not one.check:
        about = _graded(one.label, solution=True, **points)
        return [asked, new_markdown_cell(plain_text(one.model), metadata=about)]
    code = "\n\n\n".join(one.code)
    code = code if BEGIN in code else f"{BEGIN}{code}{END}"
    # the answer is written down for marking, and the seed is again that of the number
    check = one.check.replace(HIDDEN, f"{HIDDEN}student = hand_in(student_number, {one.answer})\n", 1)
    answer = _code(f"{one.label}-answer", code, solution=True)
    return [asked, answer, _code(one.label, check, locked=True, **points)]


def _code(name: str, source: str, **given: Any) -> nbformat.NotebookNode:
    return new_code_cell(source, metadata=_graded(name, **given))


def _graded(name: str, **given: Any) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell, in the form of its version 3."""
    usual = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**usual, "grade_id": name, **given}}

"""The teacher's edition of an assignment, from a chapter; nbgrader makes the student's from it."""

import re
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nqp.book.chapters import Chapter
from nqp.book.execute import KERNEL
from nqp.papers import Refusal
from nqp.reads import digest
from nqp.teaching.exercises import Exercise, choose, read
from nqp.teaching.needed import needed, reads, statements

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
NUMBER = 'number = "42"  # write your own student number: digits only'
NO_PART = ("", "## Exercises", "## Printed beside computed")  # headings of the page, not of the method
SEED = "from nqp.teaching import seed\n\nstudent = seed(number)"
HEAD = """# {title}: exercises

From the chapter `{slug}` of the book, which explains what is done here. Write your student number in the first cell, \
then work from top to bottom. Each exercise says in which variable its answer must stand. A check below it looks at \
the form of the answer; whether it is right is found out when it is marked. Hand in this notebook as `NUMBER.ipynb`, \
with your number. Leave the cells that cannot be edited as they are: they are put back before marking."""
PLAIN = re.compile(r"\{(?!code-cell)[\w:+-]+\}`([^`<]*?)\s*(?:<[^`]*>)?`")
CITED = re.compile(r"\s*\{foot?cite[\w:]*\}`[^`]*`|\s*\{cite[\w:]*\}`[^`]*`")


def title(chapter: Chapter) -> str:
    """Return the heading of a chapter."""
    return chapter.read().cells[0].source.partition("\n")[0].lstrip("# ")


def name_of(chapter: Chapter) -> str:
    """Return the name of a chapter's assignment, such as ``cluster_pilot-baseline``."""
    return chapter.slug.replace("/", "-")


def teachers(chapter: Chapter, labels: tuple[str, ...]) -> tuple[nbformat.NotebookNode, list[Exercise]]:
    """Return the teacher's edition of some of a chapter's exercises, or of all, and these exercises.

    It holds the part of the method that they rest on, model answers and hidden tests, marked up for nbgrader. A
    `Refusal` names an unknown exercise, and one that rests on another that was not chosen.
    """
    outside, exercises = read(chapter)
    chosen = choose(exercises, labels)
    _stand_alone(chosen, exercises)
    wanted = {name for one in chosen for code in (*one.code, one.check) for name in reads(code)}
    notebook = new_notebook(metadata={"kernelspec": KERNEL})
    notebook.cells = [
        new_markdown_cell(HEAD.format(title=title(chapter), slug=chapter.slug)),
        new_code_cell(NUMBER, metadata={"tags": ["student-number"]}),
        _code("seed", SEED, locked=True),
        *_set_up(outside, wanted),
        *(cell for place, one in enumerate(chosen, start=1) for cell in _cells(place, one)),
    ]
    for place, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{place}"
    made = {"assignment": name_of(chapter), "cells": digest([cell.source for cell in notebook.cells])}
    notebook.metadata["nqp"] = made
    return notebook, chosen


def _stand_alone(chosen: list[Exercise], exercises: list[Exercise]) -> None:
    before: dict[str, str] = {}
    for one in exercises:
        if one in chosen:
            own = {name for code in (*one.code, one.check) for name in reads(code)}
            made = {name for code in one.code for statement in statements(code) for name in statement.makes}
            for name in sorted(own - made):
                if name in before and before[name] not in [other.label for other in chosen]:
                    raise Refusal(f"{one.label} uses `{name}` of {before[name]}: choose that exercise too")
        for code in (*one.code, one.check):
            for statement in statements(code):
                before |= dict.fromkeys(statement.makes, one.label)


def _set_up(outside: list[nbformat.NotebookNode], wanted: set[str]) -> list[nbformat.NotebookNode]:
    """Return the method's text and the statements that exercises rest on, each below the heading of its part."""
    code = [cell for cell in outside if cell.cell_type == "code" and "student = 42" not in cell.source]
    kept = dict(zip([cell.id for cell in code], needed([cell.source for cell in code], wanted), strict=True))
    cells, heading = [], ""
    for cell in outside:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^##+ .*$", cell.source, re.M)
            heading = headings[-1] if headings else heading
            if headings and headings[-1] == "## The method":
                cells.append(new_markdown_cell(plain_text(cell.source)))
                heading = ""
        elif kept.get(cell.id):
            cells += [new_markdown_cell(heading)] if heading not in NO_PART else []
            cells.append(_code(f"set-up-{len(cells)}", kept[cell.id], locked=True))
            heading = ""
    return cells


def plain_text(text: str) -> str:
    """Return MyST text as plain Markdown: no citations, and no paragraph that needs a number of the chapter."""
    paragraphs = [p for p in text.split("\n\n") if "{glue" not in p and not p.startswith(("```{", ":::"))]
    return PLAIN.sub(r"\1", CITED.sub("", "\n\n".join(paragraphs)))


def _cells(place: int, one: Exercise) -> list[nbformat.NotebookNode]:
    asked = f"## Exercise {place} ({one.points} points)\n\n{plain_text(one.text)}"
    if not one.check:
        given = {"grade": True, "solution": True, "locked": False, "points": one.points}
        answer = new_markdown_cell(plain_text(one.model), metadata=_graded(one.label, **given))
        return [new_markdown_cell(asked), answer]
    answer = _code(f"{one.label}-answer", _solution(one), solution=True)
    check = _code(one.label, one.check, grade=True, locked=True, points=one.points)
    check.metadata["nqp"] = {"answer": one.answer}
    return [new_markdown_cell(asked), answer, check]


def _solution(one: Exercise) -> str:
    """Return the solution as one cell; what its text says stands in comments, and goes with it."""
    code = "\n\n\n".join(one.code)
    said = "\n".join(f"# {line}".rstrip() for line in plain_text(one.model).splitlines())
    if BEGIN in code:
        return f"{code}\n{BEGIN}\n{said}\n{END}" if said else code
    return f"{BEGIN}\n{code}\n{said}".rstrip() + f"\n{END}"


def _code(name: str, source: str, **given: Any) -> nbformat.NotebookNode:
    return new_code_cell(source, metadata=_graded(name, **given))


def _graded(name: str, **given: Any) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell, in the form of its version 3."""
    usual = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**usual, "grade_id": name, **given}}


def students(teacher: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the student's edition: nbgrader takes solutions and hidden tests out, and locks the other cells."""
    from nbgrader import preprocessors as steps

    notebook = nbformat.reads(nbformat.writes(teacher), as_version=4)
    # nbgrader's own order in `generate_assignment`, without what needs the data base of a course
    order = (steps.LockCells, steps.ClearSolutions, steps.ClearOutput, steps.ClearHiddenTests)
    for step in (*order, steps.ComputeChecksums, steps.CheckCellMetadata):
        notebook, _ = step().preprocess(notebook, {"nbgrader": {}})
    return notebook

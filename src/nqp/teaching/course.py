"""The folder of an assignment, laid out as nbgrader lays out a course."""

import re
from pathlib import Path

import nbformat
import pandas as pd

from nqp.book.chapters import Chapter
from nqp.book.minutes import minutes
from nqp.book.render import render
from nqp.papers import Refusal
from nqp.paths import build_dir, write_whole
from nqp.teaching.editions import plain_text, teachers
from nqp.teaching.grading import release

OPTION = re.compile(r"^:(question|before): (.*)$", re.M)


def assign(chapter: Chapter, labels: tuple[str, ...], out: str) -> Path:
    """Write both editions of a chapter's exercises, and a one-page sheet; return their folder."""
    teacher, chosen = teachers(chapter, labels)
    name = teacher.metadata.nqp.assignment
    folder = Path(out) if out else build_dir() / "teaching" / name
    if others := [one.stem for one in folder.glob("source/*/*.ipynb") if one.stem != name]:
        raise Refusal(f"{folder} holds the assignment {others[0]}; give another folder with --out")
    release(teacher, folder)
    goals = [(plain_text(one.text).partition("\n")[0], one.points, one.check) for one in chosen]
    glance = dict(OPTION.findall(chapter.source.read_text(encoding="utf-8")))
    facts = {"title": teacher.metadata.nqp.title, "minutes": minutes(chapter)}
    write_whole(folder / "sheet.md", render("teaching/sheet.md", goals=goals, glance=glance, **facts))
    (folder / "submitted").mkdir(exist_ok=True)
    return folder


def assigned(folder: Path) -> tuple[nbformat.NotebookNode, dict[str, int]]:
    """Return the student's edition in a folder, and the points of each checked exercise; refuse a folder without."""
    found = sorted(folder.glob("release/*/*.ipynb"))
    if len(found) != 1 or not (folder / "gradebook.db").is_file():
        raise Refusal(f"{folder} holds {len(found)} assignments; name a folder that `nqp assign` wrote")
    released = nbformat.read(found[0], as_version=4)
    own = [cell.metadata.get("nbgrader") for cell in released.cells if cell.cell_type == "code"]
    return released, {one.grade_id: one.points for one in own if one and one.grade}


def roster(path: str) -> dict[str, str]:
    """Return names by student number; a `Refusal` names a missing column, and numbers that stand twice."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if "number" not in table:
        raise Refusal(f"{path} has no column `number`; it has {', '.join(table)}")
    numbers = table["number"].str.strip()
    if numbers.duplicated().any():
        raise Refusal(f"{path} has more than once: {', '.join(sorted({*numbers[numbers.duplicated()]}))}")
    return dict(zip(numbers, table.get("name", numbers), strict=True))

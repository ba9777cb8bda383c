"""The folder of an assignment, laid out as nbgrader lays out a course, and what was handed in."""

import csv
import math
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat

from nqp.book.chapters import Chapter
from nqp.book.minutes import WORDS_A_MINUTE, minutes
from nqp.book.processes import scratch
from nqp.papers import Refusal
from nqp.paths import build_dir, write_whole
from nqp.teaching.editions import name_of, plain_text, students, teachers, title
from nqp.teaching.exercises import Exercise
from nqp.teaching.numbers import seed
from nqp.teaching.truth import STOPPED, judge

BEFORE = re.compile(r"^:before: (.*)$", re.M)
QUESTION = re.compile(r"^:question: (.*)$", re.M)
MINUTES_A_POINT = 5
COLUMN = "number"


def assign(chapter: Chapter, labels: tuple[str, ...], out: str) -> list[Path]:
    """Write both editions of a chapter's exercises, and a one-page sheet; return the files."""
    teacher, chosen = teachers(chapter, labels)
    name = name_of(chapter)
    folder = Path(out) if out else build_dir() / "teaching" / name
    if others := [one for one in _names(folder) if one != name]:
        raise Refusal(f"{folder} holds the assignment {others[0]}; give another folder with --out")
    editions = {"source": teacher, "release": students(teacher)}
    paths = [folder / kind / name / f"{name}.ipynb" for kind in editions]
    for path, edition in zip(paths, editions.values(), strict=True):
        write_whole(path, nbformat.writes(edition) + "\n")
    (folder / "submitted").mkdir(exist_ok=True)
    write_whole(folder / "sheet.md", _sheet(chapter, chosen))
    return [*paths, folder / "sheet.md"]


def _sheet(chapter: Chapter, chosen: list[Exercise]) -> str:
    text = chapter.source.read_text(encoding="utf-8")
    reading, running = minutes(chapter)
    points = sum(one.points for one in chosen)
    words = sum(len(one.text.split()) for one in chosen)
    working = math.ceil(words / WORDS_A_MINUTE) + MINUTES_A_POINT * points
    asked = [plain_text(one.text).partition("\n")[0] for one in chosen]
    lines = [
        f"# {title(chapter)}",
        f"Question: {''.join(QUESTION.findall(text)[:1]) or title(chapter)}",
        f"Before: {''.join(BEFORE.findall(text)[:1]) or 'nothing beyond the chapter'}.",
        f"Minutes: {reading} to read the chapter, {running or 'an unknown number'} to run it, about {working} for the"
        f" exercises ({MINUTES_A_POINT} a point).",
        f"Points: {points}, of which {sum(one.points for one in chosen if one.check)} are checked by the machine.",
        "## Goals",
        *(
            f"{place}. {said} ({one.points})"
            for place, (one, said) in enumerate(zip(chosen, asked, strict=True), 1)
        ),
    ]
    return "\n\n".join(lines) + "\n"


def _names(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob("source/*/*.ipynb"))


def editions(folder: Path) -> tuple[Path, nbformat.NotebookNode, nbformat.NotebookNode]:
    """Return the teacher's file of the assignment in a folder, and both editions; refuse a folder without."""
    names = _names(folder)
    if len(names) != 1:
        raise Refusal(f"{folder} holds {len(names)} assignments; name a folder that `nqp assign` wrote")
    paths = [folder / kind / names[0] / f"{names[0]}.ipynb" for kind in ("source", "release")]
    if not paths[1].is_file():
        raise Refusal(f"{paths[1]} is missing; `nqp assign` writes it")
    return paths[0], *(nbformat.read(path, as_version=4) for path in paths)


def roster(path: str) -> dict[str, str]:
    """Return names by student number; a `Refusal` names a missing column, and numbers that stand twice."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if COLUMN not in (table.fieldnames or []):
            raise Refusal(
                f"{path} has no column `{COLUMN}`; it has {', '.join(table.fieldnames or ['nothing'])}"
            )
        rows = [(row[COLUMN].strip(), (row.get("name") or "").strip()) for row in table]
    numbers = [number for number, _ in rows]
    if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
        raise Refusal(f"{path} has more than once: {', '.join(twice)}")
    return dict(rows)


def submissions(folder: Path) -> Iterator[tuple[str, Path | None, str]]:
    """Yield what was handed in: the number that its name says, the notebook, or none and why.

    It is ``submitted/NUMBER.ipynb``, or nbgrader's ``submitted/NUMBER/ASSIGNMENT/ASSIGNMENT.ipynb``.
    """
    for place in sorted((folder / "submitted").glob("*")):
        found = [place] if place.is_file() else sorted(place.rglob("*.ipynb"))
        if place.name.startswith("."):
            continue
        number = place.stem if place.is_file() else place.name
        if place.is_file() and place.suffix != ".ipynb":
            yield number, None, f"{place.name} is no notebook"
        elif not re.fullmatch(r"[0-9]{1,15}", number):
            yield number, None, f"{place.name}: its name is no student number"
        elif len(found) != 1:
            yield number, None, f"the folder holds {len(found)} notebooks instead of one"
        else:
            yield number, found[0], ""


def key_of(chapter: Chapter, labels: tuple[str, ...], number: str) -> dict[str, str]:
    """Return the right answers for a student number, by exercise and variable."""
    seed(number)
    teacher, chosen = teachers(chapter, labels)
    with scratch() as folder:
        nbformat.write(teacher, folder / "teacher.ipynb")
        (answers,) = judge(folder / "teacher.ipynb", [(number, {})], jobs=1)
    if STOPPED in answers:
        raise Refusal(answers[STOPPED])
    return {one.label: f"{one.answer} = {answers[one.label]['key']!r}" for one in chosen if one.check}

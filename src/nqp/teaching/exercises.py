"""The exercises of a chapter, as its text has them."""

import re
from dataclasses import dataclass, field

import nbformat

from nqp.book.chapters import Chapter
from nqp.papers import Refusal, suggest

EXERCISE = re.compile(r"^(`{3,})\{exercise\}.*\n:label: (\S+)\n([\s\S]*?)^\1$", re.M)
ARGUED = re.compile(r"^(`{3,})\{solution\} (\S+)\n([\s\S]*?)^\1$", re.M)
MARK = re.compile(r"^`{3,}\{solution-(start|end)\}[ \t]*(\S*)[\s\S]*?^`{3,}$", re.M)
POINTS = re.compile(r"# points: (\d+)\n")
ANSWER = re.compile(r"\*Answer\*: `(\w+)`")
OPTION = re.compile(r"^:\w+:.*\n", re.M)
ITEM = re.compile(r"^- ", re.M)


@dataclass
class Exercise:
    """One exercise: with a checked answer, or to argue.

    Attributes
    ----------
    text, model : what is asked; what the solution says, as Markdown
    answer, code, check : name of the variable, the solution's cells and the cell that checks it; empty when argued
    points : as the check says; an argued answer has one for each thing that a good answer contains
    """

    label: str
    text: str
    model: str = ""
    answer: str = ""
    code: list[str] = field(default_factory=list)
    check: str = ""
    points: int = 0


def read(chapter: Chapter) -> tuple[list[nbformat.NotebookNode], list[Exercise]]:
    """Return the cells of a chapter that belong to no exercise, and its exercises in order; refuse one without."""
    outside, found, inside = [], {}, None
    for cell in chapter.read().cells:
        if cell.cell_type == "code":
            _add_code(inside, cell) if inside else outside.append(cell)
            continue
        for _, label, text in EXERCISE.findall(cell.source):
            found[label] = Exercise(label, text.strip(), answer="".join(ANSWER.findall(text)[:1]))
        for _, label, text in ARGUED.findall(cell.source):
            found[label].model = OPTION.sub("", text).strip()
            found[label].points = len(ITEM.findall(text.partition("good answer contains")[2]))
        prose = MARK.sub("", EXERCISE.sub("", ARGUED.sub("", cell.source))).strip()
        marks = MARK.findall(cell.source)
        if inside and prose and (not marks or marks[0][0] == "end"):
            inside.model = f"{inside.model}\n\n{prose}".strip()
        elif prose:
            outside.append(nbformat.v4.new_markdown_cell(prose))
        for kind, label in marks:
            inside = found[label] if kind == "start" else None
    if not found:
        raise Refusal(f"{chapter.slug} has no exercises; `nqp list` shows the chapters")
    return outside, list(found.values())


def _add_code(exercise: Exercise, cell: nbformat.NotebookNode) -> None:
    if "check" not in cell.metadata.get("tags", []):
        exercise.code.append(cell.source)
        return
    points = POINTS.match(cell.source)
    if not points or not exercise.answer:
        raise Refusal(
            f"{exercise.label}: its check needs `# points: 2` on top, its text *Answer*: and a name"
        )
    exercise.check, exercise.points = cell.source, int(points[1])


def choose(exercises: list[Exercise], labels: tuple[str, ...]) -> list[Exercise]:
    """Return the exercises of these labels, in the chapter's order; all without labels; refuse an unknown one."""
    known = [one.label for one in exercises]
    if strange := [label for label in labels if label not in known]:
        raise Refusal(f"no exercise {strange[0]!r}{suggest(strange[0], known)}; there are {', '.join(known)}")
    return [one for one in exercises if not labels or one.label in labels]

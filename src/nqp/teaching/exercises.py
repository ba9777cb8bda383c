"""The exercises of a chapter, as its text has them."""

import re
from dataclasses import dataclass, field

from nqp.book.chapters import Chapter
from nqp.papers import Refusal

EXERCISE = re.compile(r"^(`{3,})\{exercise\}.*\n:label: (\S+)\n([\s\S]*?)^\1$", re.M)
ARGUED = re.compile(r"^(`{3,})\{solution\} (\S+)\n(?::.*\n)*([\s\S]*?)^\1$", re.M)
MARK = re.compile(r"^`{3,}\{solution-(start|end)\} *(\S*)$", re.M)
POINTS = re.compile(r"# points: (\d+)\n")
ANSWER = re.compile(r"\*Answer\*: `(\w+)`")


@dataclass
class Exercise:
    """One exercise: with a checked answer, or to argue; then answer, code and check are empty."""

    label: str
    text: str
    answer: str  # the variable
    model: str = ""  # of an argued one, as Markdown
    code: list[str] = field(default_factory=list)
    check: str = ""
    points: int = 0


def read(chapter: Chapter) -> tuple[list[str], dict[str, Exercise]]:
    """Return the code of a chapter that belongs to no exercise, and its exercises by label; refuse one without."""
    outside, found, inside = [], {}, ""
    for cell in chapter.read().cells:
        if cell.cell_type == "code" and not inside:
            outside.append(cell.source)
        elif points := POINTS.match(cell.source):
            found[inside].check, found[inside].points = cell.source, int(points[1])
        elif cell.cell_type == "code":
            found[inside].code.append(cell.source)
        for _, label, text in EXERCISE.findall(cell.source):
            found[label] = Exercise(label, text.strip(), "".join(ANSWER.findall(text)[:1]))
        for _, label, text in ARGUED.findall(cell.source):
            found[label].model = text.strip()
            found[label].points = text.partition("good answer contains")[2].count("\n- ")
        for kind, label in MARK.findall(cell.source):
            inside = label if kind == "start" else ""
    if not found:
        raise Refusal(f"{chapter.slug} has no exercises; `nqp list` shows the chapters")
    return outside, found

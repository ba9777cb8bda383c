"""The form of exercises, which marking relies on; `CONTRIBUTING.md` says it in words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jupytext

EXERCISE = re.compile(r"^(`{3,})\{exercise\}.*\n:label: (\S+)\n([\s\S]*?)^\1$", re.M)
ARGUED = re.compile(r"^(`{3,})\{solution\} (\S+)\n([\s\S]*?)^\1$", re.M)
ANSWER = re.compile(r"\*Answer\*: `(\w+)`[\s\S]*\*Tolerance\*: \S[\s\S]*\*Truth\*: \S")
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


def faults(path: Path) -> list[str]:
    """Say what in a chapter's exercises has not the form."""
    cells = jupytext.read(path, fmt="md:myst").cells
    prose = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    exercises = {label: text for _, label, text in EXERCISE.findall(prose)}
    argued = {label: text for _, label, text in ARGUED.findall(prose)}
    solved = _solved(cells)
    found = [] if len(exercises) >= 3 else [f"{len(exercises)} exercises; a chapter has at least three"]
    if not any(c.cell_type == "code" and re.search(r"^student = 42\b", c.source, re.M) for c in cells):
        found.append("no cell says `student = 42`")
    for label, text in exercises.items():
        if label in argued:
            found += (
                [] if "good answer contains" in argued[label] else [f"{label}: what a good answer contains"]
            )
        elif label in solved:
            found += [f"{label}: {fault}" for fault in _checked(text, solved[label])]
        else:
            found.append(f"{label}: no solution")
    return found


def _solved(cells: list) -> dict[str, list]:
    """Code cells of each solution."""
    inside, solved = "", {}
    for cell in cells:
        if cell.cell_type == "code" and inside:
            solved[inside].append(cell)
        for kind, label in re.findall(r"\{solution-(start|end)\} *(\S*)", _text(cell)):
            inside = label if kind == "start" else ""
            if inside:
                solved[inside] = []
    return solved


def _text(cell: dict) -> str:
    return cell.source if cell.cell_type == "markdown" else ""


def _checked(text: str, cells: list) -> Iterator[str]:
    """Faults of an exercise with a checkable answer."""
    checks = [c for c in cells if "check" in c.metadata.get("tags", [])]
    if len(checks) != 1 or cells[-1] is not checks[0]:
        yield f"{len(checks)} cells tagged check; one stands last in the solution"
        return
    check = checks[0].source
    if "remove-cell" not in checks[0].metadata["tags"]:
        yield "the check is not tagged remove-cell"
    if not re.match(r"# points: [1-9]\d*\n", check):
        yield "the check does not begin with `# points: 2`"
    if not (named := ANSWER.search(text)):
        yield "its text lacks *Answer*: `name`, *Tolerance*: and *Truth*:"
    elif named[1] not in {node.id for node in ast.walk(ast.parse(check)) if isinstance(node, ast.Name)}:
        yield f"the check does not look at {named[1]}"
    before, begun, rest = check.partition(BEGIN)
    hidden, ended, after = rest.partition(END)
    if not begun or not ended or after.strip():
        yield "hidden tests do not stand between their marks, at the end"
    elif not _asserts(before) or not _asserts(hidden) or not all(_asserts(before) + _asserts(hidden)):
        yield "visible and hidden tests need an assert each, with a message that is the hint"
    if any(c.source.count("### BEGIN SOLUTION") != c.source.count("### END SOLUTION") for c in cells):
        yield "BEGIN SOLUTION without END SOLUTION"


def _asserts(code: str) -> list[bool]:
    """Whether each assert has a message."""
    return [node.msg is not None for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Assert)]

"""Which cells of a chapter its exercises rest on."""

import dis
import re
from types import CodeType

PART_SET = re.compile(r"^(\w+)(?:\.\w+|\[.*\])+ [*/+-]?= ", re.M)  # such as `panel["cohort"] = ...`
QUERIED = re.compile(r"@(\w+)")  # how `DataFrame.query` names a variable


def needed(cells: list[str], wanted: set[str]) -> list[str]:
    """Return the cells on which the wanted names rest, in order."""
    split, kept, below = [(cell, *names(cell)) for cell in cells], [], set()
    for _ in cells:
        kept, alive = [], wanted | below
        for cell, makes, reads in reversed(split):
            if makes & alive:
                kept.insert(0, cell)
                alive = alive - makes | reads
        below |= alive  # a function reads names that may be made below it: what no cell above makes is looked for there
    return kept


def names(code: str) -> tuple[set[str], set[str]]:
    """Return the names that code binds or changes at its top level, and those that it reads and has not made before."""
    compiled = compile(code, "cell", "exec")
    makes, reads = set(), {*QUERIED.findall(code)}
    for step in dis.get_instructions(compiled):  # in the order in which they run
        if step.opname == "STORE_NAME":
            makes.add(step.argval)
        elif step.opname == "LOAD_NAME" and step.argval not in makes:
            reads.add(step.argval)
    return makes | {*PART_SET.findall(code)}, reads | _inside(compiled) - makes


def _inside(compiled: CodeType) -> set[str]:
    """Return the global names that functions read."""
    functions = [one for one in compiled.co_consts if isinstance(one, CodeType)]
    steps = [step for one in functions for step in dis.get_instructions(one) if step.opname == "LOAD_GLOBAL"]
    return {step.argval for step in steps}.union(*map(_inside, functions))

"""Which cells of a chapter its exercises rest on."""

import ast
import re
import symtable
from collections.abc import Iterator

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
    makes, reads = set(), set()
    for text in _in_turn(ast.parse(code).body):
        scope = symtable.symtable(text, "cell", "exec")
        reads |= (_read(scope) | {*QUERIED.findall(text)}) - makes
        own = scope.get_symbols()
        makes |= {
            one.get_name() for one in own if one.is_assigned() or one.is_imported() or one.is_namespace()
        }
        makes |= {*PART_SET.findall(text)}
    return makes, reads


def _in_turn(body: list[ast.stmt]) -> Iterator[str]:
    """Yield statements one by one, those of a loop behind the setting of its variables."""
    for statement in body:
        if isinstance(statement, ast.For):
            yield f"{ast.unparse(statement.target)} = {ast.unparse(statement.iter)}"
            yield from _in_turn(statement.body)
        else:
            yield ast.unparse(statement)


def _read(scope: symtable.SymbolTable) -> set[str]:
    top = scope.get_type() == "module"
    own = {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return own.union(*map(_read, scope.get_children()))

"""Which cells of a chapter its exercises rest on."""

import re
import symtable

PART_SET = re.compile(r"^(\w+)[\w.\[].*?(?<![=!<>])=(?!=)", re.M)  # such as `panel["cohort"] = ...`
QUERIED = re.compile(r"@(\w+)")  # how `DataFrame.query` names a variable


def needed(cells: list[str], wanted: set[str]) -> list[str]:
    """Return the cells that bind or change the wanted names, or names that such a cell reads, in order."""
    split, kept = [names(cell) for cell in cells], set(wanted)
    for _ in cells:  # again and again, since a function reads names that may be made below it
        kept |= {name for makes, reads in split if makes & kept for name in reads}
    return [cell for cell, (makes, _) in zip(cells, split, strict=True) if makes & kept]


def names(code: str) -> tuple[set[str], set[str]]:
    """Return the names that code binds or changes at its top level, and those that it reads."""
    scope = symtable.symtable(code, "cell", "exec")
    of_code = scope.get_symbols()
    bound = {
        one.get_name() for one in of_code if one.is_assigned() or one.is_imported() or one.is_namespace()
    }
    return bound | {*PART_SET.findall(code)}, _read(scope) | {*QUERIED.findall(code)}


def _read(scope: symtable.SymbolTable) -> set[str]:
    top = scope.get_type() == "module"
    own = {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (top or s.is_global())}
    return own.union(*map(_read, scope.get_children()))

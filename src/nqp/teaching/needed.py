"""Which statements of a chapter its exercises rest on."""

import ast
import re
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

RECORDS = {"ledger", "glue", "say"}  # what writes into the chapter's ledger or text, and changes nothing else

QUERIED = re.compile(r"@(\w+)")  # how `DataFrame.query` names a variable


@dataclass(frozen=True)
class Statement:
    """One statement at the top level of a cell, with the comments above it."""

    source: str
    makes: frozenset[str]  # names that it binds or changes
    reads: frozenset[str]


def needed(cells: Sequence[str], wanted: Iterable[str]) -> list[str]:
    """Return the cells, each cut down to the statements that the wanted names rest on, in order.

    A statement that binds or changes a needed name counts, and so does what that one reads. Those that only show,
    draw or record are left out.
    """
    split = [list(statements(cell)) for cell in cells]
    names, before = set(wanted), -1
    while len(names) != before:  # a function reads names that may be made below it
        before = len(names)
        for one in reversed([statement for cell in split for statement in cell]):
            names |= one.reads if one.makes & names else set()
    kept = [[one.source for one in cell if one.makes & names] for cell in split]
    return ["\n".join(sources).strip("\n") for sources in kept]


def statements(cell: str) -> Iterator[Statement]:
    """Yield the statements of a cell, without what they record in the ledger on the way."""
    lines, above = cell.splitlines(), 0
    for node in ast.parse(cell).body:
        source = "\n".join(lines[above : node.end_lineno])
        above = node.end_lineno or above
        if any(map(_records, ast.walk(node))):
            source = ast.unparse(_Unrecorded().visit(node))
        makes, needs = _bound(source) | _changed(node), reads(source) - _targets(node)
        yield Statement(source, frozenset(makes), frozenset(needs))


def _records(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _root(node.value) in RECORDS


class _Unrecorded(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        return ast.Pass() if _records(node) else node


def reads(source: str) -> set[str]:
    """Return the names that code reads and no function of it makes for itself; texts read too, as `@name`."""
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    in_texts = {name for text in texts if isinstance(text, str) for name in QUERIED.findall(text)}
    return in_texts | _read(symtable.symtable(source, "cell", "exec"))


def _read(scope: symtable.SymbolTable) -> set[str]:
    own = {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (s.is_global() or _top(scope))}
    return own.union(*map(_read, scope.get_children()))


def _top(scope: symtable.SymbolTable) -> bool:
    return scope.get_type() == "module"


def _bound(source: str) -> set[str]:
    scope = symtable.symtable(source, "cell", "exec")
    return {
        s.get_name() for s in scope.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()
    }


def _targets(statement: ast.stmt) -> set[str]:
    """Return the names that loops set before they are read."""
    loops = [node.target for node in ast.walk(statement) if isinstance(node, ast.For)]
    return {node.id for target in loops for node in ast.walk(target) if isinstance(node, ast.Name)}


def _changed(statement: ast.stmt) -> set[str]:
    """Return names whose objects change: a part is assigned, or one of their methods is called for its effect."""
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            found.add(_root(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            found.add(_root(node.value.func) if isinstance(node.value.func, ast.Attribute) else "")
    return found - {""}


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""

"""Do the files of each paper hold together? Every file and every printed number that one of them names must exist."""

import ast
import csv
import re
from collections.abc import Iterator
from typing import Any

import yaml

from nqp.papers import DECLARATION, Paper, papers, suggest
from nqp.paths import notebooks_dir

NUMBERS = "published.csv"
LOOKS_LIKE_AN_ID = re.compile(r"(t\d+|text)\.[\w.]+")


def problems() -> list[str]:
    """Return one sentence for each thing that a paper's files name and that does not exist, with file and key.

    Raises
    ------
    nqp.papers.PaperError
        For a ``paper.yml`` that cannot be used.
    """
    return [said for one in papers().values() for said in _of(one)]


def _of(one: Paper) -> Iterator[str]:
    place = f"data/papers/{one.slug}"
    absent = [name for name in one.files if not (one.folder / name).is_file()]
    yield from (f"{place}/{DECLARATION}, files: there is no {place}/{name}" for name in absent)
    if NUMBERS not in one.files:
        yield f"{place}/{DECLARATION}, files: has no {NUMBERS}, the table of printed numbers"
    if absent or NUMBERS not in one.files:
        return
    with (one.folder / NUMBERS).open(encoding="utf-8", errors="replace", newline="") as file:
        ids = [row.get("id", "") for row in csv.DictReader(file)]
    named = [(f"{place}/{DECLARATION}, headline", number, number in ids) for number in one.headline]
    try:
        whole = [(where, text, text.rstrip(".") + ".") for where, text in _in_twin(one, place)]
        named += [(where, text, any(f"{i}.".startswith(start) for i in ids)) for where, text, start in whole]
        named += [(where, text, any(i.startswith(text) for i in ids)) for where, text in _in_audit(one)]
    except (yaml.YAMLError, SyntaxError, UnicodeDecodeError) as broken:
        yield f"{one.slug}: a file cannot be read: {' '.join(str(broken).split())}"
    for where, text, known in named:
        if not known:
            yield f"{where}: {text!r} is in no table of {place}/{NUMBERS}{suggest(text, ids)}"


def _in_twin(one: Paper, place: str) -> Iterator[tuple[str, str]]:
    """Yield where ``twin.yml`` writes what looks like an id or its beginning; targets it derives are its own."""
    if "twin.yml" not in one.files:
        return
    text = (one.folder / "twin.yml").read_text(encoding="utf-8")
    declared = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    own = set(declared.get("derived_targets") or {})
    for key, part in declared.items():
        for text in _texts(part):
            if LOOKS_LIKE_AN_ID.fullmatch(text) and text not in own:
                yield f"{place}/twin.yml, {key}", text


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for piece in [*part, *(part.values() if isinstance(part, dict) else ())]:
            yield from _texts(piece)


def _in_audit(one: Paper) -> Iterator[tuple[str, str]]:
    """Yield where ``audit.py`` writes what looks like an id or its beginning."""
    path = notebooks_dir() / one.slug / "audit.py"
    if not path.is_file():
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and LOOKS_LIKE_AN_ID.fullmatch(node.value)
        ):
            yield f"notebooks/{one.slug}/audit.py, line {node.lineno}", node.value

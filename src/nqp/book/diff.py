"""A chapter with its defaults beside the same chapter with changed parameters, number by number."""

from collections.abc import Mapping
from typing import Any

import nbformat
import pandas as pd

from nqp.book.chapters import Chapter
from nqp.book.glued import glued
from nqp.book.keys import is_fresh
from nqp.book.ledgers import gather
from nqp.book.private import public
from nqp.book.run import RunFailed, execute_all
from nqp.evidence.differences import paired
from nqp.evidence.published import all_published
from nqp.show.comparison import verdict_counts


def difference(chapter: Chapter, changed: Mapping[str, Any], **how: Any) -> dict[str, Any]:
    """Execute a chapter with and without a change and return what the pages say; nothing below ``book/`` is written.

    A notebook that is fresh with the defaults is taken as it is. `how` is what `nqp.book.run.execute_all` takes.
    `RunFailed` says in one line that, and in which cell, a chapter stops.

    They are a ``title``, the counted ``verdicts`` of both, and two frames as `paired` makes them: ``numbers``, one
    row a printed number and kind of evidence, and ``text``, one row a number that the text takes.
    """
    listed = ", ".join(f"{name} = {value!r}" for name, value in public(changed).items())
    said = f"with {listed or 'another licensed file'}"
    fresh = is_fresh(chapter, {}) and chapter.executed.read_text(encoding="utf-8")
    sides = (fresh or _execute(chapter, {}, "with its defaults", how), _execute(chapter, changed, said, how))
    ledgers = [gather([one]) for one in sides]
    # the reader's licensed file stands where the twin stood
    rows = [one.assign(kind=one["evidence"].replace({"licensed": "twin"})) for one in ledgers]
    moves = paired(*rows, ["study", "id", "kind"], ("replicated", "verdict"))
    texts = [pd.DataFrame(glued(nbformat.reads(one, 4)).items(), columns=["name", "value"]) for one in sides]
    numbers = [one.assign(value=pd.to_numeric(one["value"], "coerce")).dropna() for one in texts]
    return {
        "title": f"{chapter.slug} {said}, beside its defaults",
        "verdicts": [verdict_counts(one) or "no printed numbers" for one in ledgers],
        "numbers": all_published().merge(moves, on=["study", "id"]),
        "text": paired(*numbers, ["name"], ("value",)),
    }


def _execute(chapter: Chapter, changed: Mapping[str, Any], said: str, how: dict[str, Any]) -> str:
    (ended,) = execute_all({chapter: changed}, **how)
    if not ended.error:
        return ended.notebook
    place = ended.failed_cell.strip().partition("\n")[0]
    where = f" in the cell that begins `{place}`" if place else ""
    raise RunFailed(f"{chapter.slug} {said} stops{where}: {' '.join(ended.error.split())}")

"""What a reader changed, in texts, notebooks and parameters, checked before anything runs. Imports nothing slow."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from nqp.book.chapters import Chapter, select
from nqp.book.pairing import sync
from nqp.book.parameters import ChapterError, Value
from nqp.book.private import LICENSED_FILE, licensed


def parse_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """Split ``name=value`` pairs; what a value is, its parameter decides."""
    given: dict[str, str] = {}
    for name, equals, value in (pair.partition("=") for pair in pairs):
        if not equals or not name:
            raise ChapterError(f"{name!r} is not of the form name=value")
        if name in given:
            raise ChapterError(f"the parameter {name!r} is given twice")
        given[name] = value
    return given


def check(chapters: Iterable[Chapter], overrides: Mapping[str, Value]) -> dict[Chapter, dict[str, Value]]:
    """Bring texts and paired notebooks into step and return each chapter's changed parameters in their types.

    Of several chapters those take a parameter that have it. Refuses one that none has, values as `Chapter.settings`
    does, and a licensed file that is not there.
    """
    chapters, checked = list(chapters), {}
    for chapter in chapters:
        sync(chapter)
    known = {name for chapter in chapters for name in chapter.parameters}
    for chapter in chapters:
        taken = {n: v for n, v in overrides.items() if n in chapter.parameters or n not in known}
        checked[chapter] = settings = chapter.settings(taken)
        if path := settings.get(LICENSED_FILE):
            settings[LICENSED_FILE] = str(Path(path).expanduser().resolve())
        if licensed(settings) or path:
            from nqp.licensed.panel import licensed_path

            licensed_path(chapter.study, path or "")
    return checked


def one_changed(name: str, pairs: Iterable[str]) -> tuple[Chapter, dict[str, Value]]:
    """Return the one chapter of a name and its parameters that pairs change; refuse several, and no change."""
    chapter, *others = chapters = select([name])
    if others:
        listed = ", ".join(c.slug for c in chapters)
        raise ChapterError(f"{name} has {len(chapters)} chapters; name one: {listed}")
    given = check(chapters, parse_pairs(pairs))[chapter]
    known = chapter.parameters
    if changed := {name: value for name, value in given.items() if value != known[name].default}:
        return chapter, changed
    listed = "; ".join(f"{one.name} = {one.default!r}, {one.allowed}" for one in known.values())
    raise ChapterError(f"{name}: no parameter differs from its default; give -p name=value. It has {listed}")

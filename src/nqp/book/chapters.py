"""The chapters: where they are, which parameters they take."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import yaml

from nqp.papers import SECTIONS, papers, suggest
from nqp.paths import book_dir, build_dir, notebooks_dir

SYNTHESIS = "synthesis"


class ChapterError(Exception):
    """A chapter, study or parameter that does not exist or cannot be used."""


@dataclass(frozen=True)
class Chapter:
    """A notebook of the book: a study and a section, or a page of the synthesis."""

    study: str
    section: str

    @property
    def slug(self) -> str:
        """``study/section``."""
        return f"{self.study}/{self.section}"

    @property
    def source(self) -> Path:
        """The MyST text that is under version control."""
        return notebooks_dir() / self.study / f"{self.section}.md"

    @property
    def pair(self) -> Path:
        """The notebook that Jupytext pairs with the source."""
        return build_dir() / "ipynb" / self.study / f"{self.section}.ipynb"

    @property
    def executed(self) -> Path:
        """The executed notebook that the book is compiled from."""
        return book_dir() / self.study / f"{self.section}.ipynb"

    def read(self) -> nbformat.NotebookNode:
        """Return the chapter as a notebook without outputs."""
        return jupytext.read(self.source, fmt="md:myst")

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """Names and default values in the cell tagged `parameters`."""
        cells = [c for c in self.read().cells if "parameters" in c.metadata.get("tags", [])]
        if len(cells) != 1:
            raise ChapterError(
                f"{self.slug} has {len(cells)} cells tagged `parameters`; it needs exactly one"
            )
        return _assignments(cells[0].source, self.slug)


def _assignments(source: str, slug: str) -> dict[str, Any]:
    found = {}
    for node in ast.parse(source).body:
        plain = (
            isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        )
        if not plain:
            raise ChapterError(
                f"{slug}: the parameters cell may only hold lines such as `seed = 1`, not {ast.unparse(node)!r}"
            )
        found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def all_chapters() -> list[Chapter]:
    """Return every chapter in the book's order: studies, then their sections, then the synthesis."""
    order = [*papers(), SYNTHESIS]
    found = [Chapter(p.parent.name, p.stem) for p in notebooks_dir().glob("*/*.md")]
    strange = [
        c.slug for c in found if c.study not in order or (c.study != SYNTHESIS and c.section not in SECTIONS)
    ]
    if strange:
        raise ChapterError(
            f"notebooks/ holds {', '.join(sorted(strange))}: a chapter is notebooks/STUDY/SECTION.md with a study of"
            f" {', '.join(order)} and a section of {', '.join(SECTIONS)}"
        )

    def place(chapter: Chapter) -> tuple[int, int, str]:
        section = SECTIONS.index(chapter.section) if chapter.section in SECTIONS else len(SECTIONS)
        return order.index(chapter.study), section, chapter.section

    return sorted(found, key=place)


def select(names: Iterable[str]) -> list[Chapter]:
    """Return the chapters named as ``study`` or ``study/section``; all of them when none is named.

    Raises
    ------
    ChapterError
        For a name that is no study and no chapter, with those that exist and the nearest.
    """
    chapters = all_chapters()
    chosen: dict[Chapter, None] = {}
    for name in names:
        fitting = [c for c in chapters if name in (c.study, c.slug)]
        if not fitting:
            known = [*dict.fromkeys(c.study for c in chapters), *(c.slug for c in chapters)]
            raise ChapterError(
                f"no study or chapter {name!r}{suggest(name, known)}; there are {', '.join(known)}"
            )
        chosen |= dict.fromkeys(fitting)
    return list(chosen) or chapters


def parse_parameters(pairs: Iterable[str]) -> dict[str, Any]:
    """Read ``name=value`` pairs; a value is YAML, as in papermill.

    Raises
    ------
    ChapterError
        For a pair without ``=`` or a name given twice.
    """
    given: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise ChapterError(f"{pair!r} is not of the form name=value")
        if name in given:
            raise ChapterError(f"the parameter {name!r} is given twice")
        given[name] = yaml.safe_load(value)
    return given


def check_parameters(chapters: Iterable[Chapter], given: Mapping[str, Any]) -> None:
    """Refuse a parameter that a chapter does not have, or a value of another kind than its default.

    Raises
    ------
    ChapterError
        With the chapter, its parameters and defaults, and the nearest name.
    """
    for chapter in chapters:
        known = chapter.parameters
        listed = ", ".join(f"{k} = {v!r}" for k, v in known.items()) or "none"
        for name, value in given.items():
            if name not in known:
                raise ChapterError(
                    f"{chapter.slug} has no parameter {name!r}{suggest(name, known)}; its parameters are {listed}"
                )
            default = known[name]
            fits = (
                default is None
                or type(value) is type(default)
                or (type(default) is float and type(value) is int)
            )
            if not fits:
                raise ChapterError(
                    f"{chapter.slug}: {name} takes a {type(default).__name__} such as {default!r}, not {value!r}"
                )

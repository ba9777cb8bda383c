"""The chapters: where they are, which parameters they take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
import nbformat

from nqp.book.parameters import ChapterError, Parameter, Value, read_cell
from nqp.papers import SECTIONS, papers, suggest
from nqp.paths import book_dir, build_dir, notebooks_dir

SYNTHESIS = "synthesis"
APPENDIX = "appendix"  # a paper's one page for specialists; it keeps no ledger
CHAPTERS = (*SECTIONS, APPENDIX)


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

    @property
    def failed(self) -> Path:
        """Where the outputs of an execution that stopped are kept."""
        return build_dir() / "failed" / self.study / f"{self.section}.ipynb"

    def read(self) -> nbformat.NotebookNode:
        """Return the chapter as a notebook without outputs."""
        return jupytext.read(self.source, fmt="md:myst")

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """What the cell tagged `parameters` declares, by name."""
        cells = [c for c in self.read().cells if "parameters" in c.metadata.get("tags", [])]
        if len(cells) != 1:
            raise ChapterError(f"{self.slug} has {len(cells)} cells tagged `parameters`; it needs one")
        try:
            return read_cell(cells[0].source, self.study)
        except (ChapterError, SyntaxError) as wrong:
            raise ChapterError(f"{self.slug}: {wrong}") from wrong

    def settings(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """Return changed parameters, given as values or text, in their types; a `ChapterError` refuses others."""
        if unknown := [name for name in given if name not in self.parameters]:
            listed = ", ".join(f"{p.name} = {p.default!r}" for p in self.parameters.values()) or "none"
            said = f"no parameter {unknown[0]!r}{suggest(unknown[0], self.parameters)}"
            raise ChapterError(f"{self.slug} has {said}; its parameters are {listed}")
        try:
            return {name: self.parameters[name].read(value) for name, value in given.items()}
        except ChapterError as wrong:
            raise ChapterError(f"{self.slug}: {wrong}") from wrong


def all_chapters() -> list[Chapter]:
    """Return every chapter in the book's order: papers, then their sections, then the synthesis."""
    order = [*papers(), SYNTHESIS]
    found = [Chapter(p.parent.name, p.stem) for p in notebooks_dir().glob("*/*.md")]
    placed = {SYNTHESIS} | {f"{paper}/{section}" for paper in order for section in CHAPTERS}
    if strange := sorted(c.slug for c in found if not {c.study, c.slug} & placed):
        raise ChapterError(
            f"notebooks/ holds {', '.join(strange)}: a chapter is notebooks/PAPER/SECTION.md with a paper of"
            f" {', '.join(order)} and a section of {', '.join(CHAPTERS)}"
        )
    places = {section: number for number, section in enumerate(CHAPTERS)}
    return sorted(found, key=lambda c: (order.index(c.study), places.get(c.section, len(places)), c.section))


def select(names: Iterable[str]) -> list[Chapter]:
    """Return the chapters named as ``paper`` or ``paper/section``; all when none is named; refuse unknown names."""
    chapters, wanted = all_chapters(), list(names)
    known = [*dict.fromkeys(c.study for c in chapters), *(c.slug for c in chapters)]
    if strange := [name for name in wanted if name not in known]:
        listed = f"{suggest(strange[0], known)}; there are {', '.join(known)}"
        raise ChapterError(f"no paper or chapter {strange[0]!r}{listed}")
    return [c for c in chapters if not wanted or c.study in wanted or c.slug in wanted]

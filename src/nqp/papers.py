"""The papers: each is a folder below ``data/papers`` with a ``paper.yml``. They are found by looking, not listed."""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

import yaml

from nqp.paths import data_dir
from nqp.reads import note

SECTIONS = ("index", "baseline", "robustness", "mechanisms", "spatial")
DECLARATION = "paper.yml"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TAKES = {
    str: "text, in quotes if it looks like a number",
    int: "a whole number",
    bool: "true or false",
    tuple[int, int]: "two whole numbers, such as [2011, 2022]",
    tuple[int, ...]: "a list of whole numbers, such as [1, 2]",
    tuple[str, ...]: "a list of texts, such as [a, b]",
    dict[int, int]: "whole numbers by whole number, such as {1: 2013}",
}
FEW = 60  # characters of a wrong entry that are shown
Made = TypeVar("Made")
# besides its own error: what its constructors raise on a tag or date that they cannot read
YAML_REFUSES = (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Refusal(Exception):
    """What a reader asked for or changed cannot be used; the command line says the message and nothing else."""


class PaperError(Refusal, ValueError):
    """A paper that does not exist, or whose ``paper.yml`` cannot be used; the message names the file."""


@dataclass(frozen=True)
class Sample:
    """How the units of a paper are rebuilt from public facts; without `exact`, these are candidates."""

    rule: str  # which cities or provinces these are, as a sentence
    exact: bool = False
    gap: str = ""  # what the paper leaves open
    panel: str = ""  # data file whose column `id` holds the cities
    names_end_in: str = ""  # of the Chinese names
    without: tuple[int, ...] = ()  # codes
    without_provinces: tuple[str, ...] = ()  # Chinese names


@dataclass(frozen=True)
class Policy:
    """From which year a policy of ``data/rosters/policies.csv`` counts in a paper.

    `batches` gives the first treated year by official batch and leaves out all others; empty takes the year of
    designation of every batch. With `all_of`, a city counts from the latest of these policies of the same paper.
    """

    name: str
    rule: str  # the timing rule, as a sentence
    batches: dict[int, int]
    all_of: tuple[str, ...] = ()
    gap: str = ""  # what the paper leaves open


@dataclass(frozen=True)
class Paper:
    """One paper; symbols are those of its main regression."""

    slug: str  # name of its folders
    authors: str
    year: int
    title: str
    cite: str  # its key in `book/references.bib`
    claim: str  # what the paper says it finds, in one or two sentences without numbers
    data: str  # where its data come from, and who can have them, in one or two sentences
    panel: str  # this and the design in one line each, as a reader would say it
    design: str
    unit: str  # what a row is about
    years: tuple[int, int]  # first and last
    outcome: str
    treatments: tuple[str, ...]
    files: dict[str, dict[str, Any]]  # manifest entries of the other files in the folder
    place: int = 1000  # in the book, 1 first; papers of one place by slug
    title_zh: str = ""  # empty where the paper has none or our copy lacks it
    short: str = ""  # a few words after authors and year, for the table of contents
    open_data: bool = False  # whether the paper's own data ship with the book, so that digits must match
    controls: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()  # ids of the printed numbers by which the paper is known
    sample: Sample | None = None  # none where public facts do not give the units
    policies: dict[str, Policy] | None = None

    @property
    def label(self) -> str:
        """Authors and year, as cited in running text."""
        return f"{self.authors} ({self.year})"

    @property
    def folder(self) -> Path:
        """Where its data stand."""
        return papers_dir() / self.slug

    def file(self, name: str) -> str:
        """Return the manifest name of one of its files, such as ``papers/SLUG/published.csv``."""
        return f"papers/{self.slug}/{name}"


def papers_dir() -> Path:
    """Return the folder of all papers."""
    return data_dir() / "papers"


def papers() -> dict[str, Paper]:
    """Return every paper by slug, in the book's order; a `PaperError` names a folder that cannot be used."""
    note(papers_dir())
    found = sorted(map(_read, _slugs()), key=lambda one: (one.place, one.slug))
    return {one.slug: one for one in found}


def paper(slug: str) -> Paper:
    """Return the paper of that slug, or say which there are. No other paper's file is read."""
    if slug in (known := _slugs()):
        return _read(slug)
    raise PaperError(f"unknown paper {slug!r}{suggest(slug, known)}; the papers are {', '.join(papers())}")


def _slugs() -> list[str]:
    return sorted(p.name for p in papers_dir().iterdir() if p.is_dir() and not p.name.startswith("."))


def suggest(name: str, known: Iterable[str]) -> str:
    """Return `` (did you mean ...?)`` with the nearest known names, or an empty string."""
    near = get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f" (did you mean {', '.join(near)}?)" if near else ""


def read_yaml(path: Path) -> Any:
    """Return what a YAML file below ``data/`` holds; a `PaperError` names one that cannot be read."""
    place = path.relative_to(data_dir().parent).as_posix()
    if not path.is_file():
        raise PaperError(f"{place} is missing; write it, or remove its folder")
    try:
        return yaml.load(path.read_text(encoding="utf-8"), LOADER)
    except YAML_REFUSES as broken:
        raise PaperError(f"{place} cannot be read: {' '.join(str(broken).split())}") from broken


def _read(slug: str) -> Paper:
    place = f"data/papers/{slug}/{DECLARATION}"
    note(path := papers_dir() / slug / DECLARATION)
    raw = {"slug": slug, **lines(read_yaml(path), place)}
    if raw.get("sample") is not None:
        raw["sample"] = make(Sample, raw["sample"], f"{place}, sample")
    raw["policies"] = {
        name: make(Policy, {"name": name, "batches": {}, **lines(entry or {}, at)}, at)
        for name, entry in lines(raw.get("policies") or {}, f"{place}, policies").items()
        for at in (f"{place}, policies, {name}",)
    }
    made = make(Paper, raw, place)
    for policy in made.policies.values():
        if strange := ", ".join(name for name in policy.all_of if name not in made.policies):
            raise PaperError(f"{place}: policy {policy.name} is made of {strange}, which are not declared")
    return made


def make(kind: type[Made], entries: Any, place: str) -> Made:
    """Make a dataclass from a mapping; a list stands for a tuple.

    A `PaperError` names `place` and an unknown or missing key, or the key and what it takes.
    """
    entries = lines(entries, place)
    known = {field.name: field for field in fields(kind)}
    if unknown := [str(key) for key in entries if key not in known]:
        near = suggest(unknown[0], known)
        raise PaperError(f"{place} has the unknown key {unknown[0]!r}{near}; it takes {', '.join(known)}")
    needed = [name for name, field in known.items() if field.default is MISSING]
    if missing := [name for name in needed if entries.get(name) is None]:
        raise PaperError(f"{place} lacks {', '.join(missing)}")
    made = {key: tuple(value) if isinstance(value, list) else value for key, value in entries.items()}
    for key, value in made.items():
        if not _fits(value, known[key].type):
            takes = TAKES.get(known[key].type, "`key: value` lines")
            raise PaperError(f"{place}: {key} is {repr(entries[key])[:FEW]}; it takes {takes}")
    return kind(**made)


def lines(entries: Any, place: str) -> dict[Any, Any]:
    """Return entries by their keys, or say that `place` holds something else."""
    if not isinstance(entries, dict):
        raise PaperError(f"{place} holds {str(entries)[:FEW]!r}; write `key: value` lines")
    return entries


def _fits(value: Any, kind: Any) -> bool:
    """Whether a value is of an annotated type; a truth value is no number."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return any(_fits(value, part) for part in parts)
    if origin is dict:
        return isinstance(value, dict) and all(_fits(pair, tuple[parts]) for pair in value.items())
    if origin is tuple and isinstance(value, tuple):
        wanted = parts[:1] * len(value) if parts[-1] is ... else parts
        return len(value) == len(wanted) and all(map(_fits, value, wanted))
    return kind is Any or type(value) is kind

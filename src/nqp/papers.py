"""The papers: each is a folder below ``data/papers`` with a ``paper.yml``. They are found by looking, not listed."""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from nqp.paths import data_dir

SECTIONS = ("index", "baseline", "robustness", "mechanisms", "spatial")
DECLARATION = "paper.yml"
Made = TypeVar("Made")


class PaperError(ValueError):
    """A paper that does not exist, or whose ``paper.yml`` cannot be used; the message names the file."""


@dataclass(frozen=True)
class Sample:
    """How the cities of a paper are rebuilt from public facts.

    Attributes
    ----------
    rule : which cities these are, as a sentence
    exact : True when these are the paper's cities; False when they are candidates, of which the paper kept some
    gap : what the paper leaves open
    panel : data file whose column ``id`` holds the cities; empty where the other rules decide
    names_end_in : last characters of the Chinese names
    without : codes left out
    without_provinces : Chinese names of provinces left out
    """

    rule: str
    exact: bool = False
    gap: str = ""
    panel: str = ""
    names_end_in: str = ""
    without: tuple[int, ...] = ()
    without_provinces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Policy:
    """From which year a policy counts in a paper.

    Attributes
    ----------
    name : its name in ``data/rosters/policies.csv``, but for a policy with `all_of`
    rule : the timing rule, as a sentence
    batches : first treated year by official batch, which are the only batches of the paper; empty takes the year of
        designation of every batch
    all_of : policies of the same paper; a city counts from the latest of them
    gap : what the paper leaves open
    """

    name: str
    rule: str
    batches: dict[int, int]
    all_of: tuple[str, ...] = ()
    gap: str = ""


@dataclass(frozen=True)
class Paper:
    """One paper.

    Attributes
    ----------
    slug : name of its folders
    place : where it stands in the book, 1 first; papers without come last, by slug
    title_zh : Chinese title; empty where the paper has none or our copy lacks it
    cite : its key in ``book/references.bib``
    panel, design : one line each, as a reader would say it
    short : a few words after authors and year, for the table of contents
    open_data : True when the paper's own data ship with the book, so that digits must match
    unit, years : what a row is about, and first and last year
    outcome, treatments, controls : symbols of the paper's main regression
    headline : ids of the printed numbers by which the paper is known
    sample, policies : rules of the rosters; no sample for a paper that is not of cities
    files : manifest entries of the other files in the folder
    """

    slug: str
    authors: str
    year: int
    title: str
    cite: str
    panel: str
    design: str
    unit: str
    years: tuple[int, int]
    outcome: str
    treatments: tuple[str, ...]
    files: dict[str, dict[str, Any]]
    place: int = 1000
    title_zh: str = ""
    short: str = ""
    open_data: bool = False
    controls: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    sample: Sample | None = None
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
    """Return every paper by slug, in the book's order.

    Raises
    ------
    PaperError
        For a folder without ``paper.yml``, and one that cannot be used.
    """
    found = []
    for folder in sorted(p for p in papers_dir().iterdir() if p.is_dir() and not p.name.startswith(".")):
        path = folder / DECLARATION
        if not path.is_file():
            raise PaperError(
                f"data/papers/{folder.name} has no {DECLARATION}; `nqp new {folder.name}` writes one, or remove the"
                " folder"
            )
        found.append(_read(path, path.stat().st_mtime_ns))
    return {one.slug: one for one in sorted(found, key=lambda one: (one.place, one.slug))}


def paper(slug: str) -> Paper:
    """Return the paper of that slug, or say which there are."""
    known = papers()
    if slug not in known:
        raise PaperError(f"unknown paper {slug!r}{suggest(slug, known)}; the papers are {', '.join(known)}")
    return known[slug]


def suggest(name: str, known: Iterable[str]) -> str:
    """Return `` (did you mean ...?)`` with the nearest known names, or an empty string."""
    near = get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f" (did you mean {', '.join(near)}?)" if near else ""


@cache
def _read(path: Path, _stamp: int) -> Paper:
    place = f"data/papers/{path.parent.name}/{DECLARATION}"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise PaperError(f"{place} cannot be read: {broken}") from broken
    if not isinstance(raw, dict):
        raise PaperError(f"{place} holds no keys; `nqp new PAPER` shows which it needs")
    raw = {"slug": path.parent.name, **raw}
    if raw.get("sample") is not None:
        raw["sample"] = _make(Sample, raw["sample"], f"{place}, sample")
    policies = {
        name: _make(Policy, {"name": name, "batches": {}, **(entry or {})}, f"{place}, policy {name}")
        for name, entry in (raw.get("policies") or {}).items()
    }
    made = _make(Paper, {**raw, "policies": policies}, place)
    for policy in policies.values():
        if strange := [name for name in policy.all_of if name not in policies]:
            raise PaperError(
                f"{place}: policy {policy.name} is made of {', '.join(strange)}, which are not declared"
            )
    return made


def _make(kind: type[Made], entries: Any, place: str) -> Made:
    """Make a dataclass from a mapping; refuse unknown and missing keys by name."""
    if not isinstance(entries, dict):
        raise PaperError(f"{place} holds {entries!r}; write `key: value` lines")
    known = {field.name: field for field in fields(kind)}
    if unknown := [str(key) for key in entries if key not in known]:
        raise PaperError(
            f"{place} has the unknown key {unknown[0]!r}{suggest(unknown[0], known)}; it takes {', '.join(known)}"
        )
    needed = [name for name, field in known.items() if field.default is MISSING]
    if missing := [name for name in needed if entries.get(name) is None]:
        raise PaperError(f"{place} lacks {', '.join(missing)}")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in entries.items()})

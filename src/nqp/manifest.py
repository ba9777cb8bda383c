"""The manifest: one entry a data file, with its class, licence, source and sha256."""

import re
from dataclasses import dataclass
from pathlib import Path

from nqp.papers import DECLARATION, Paper, Refusal, lines, make, paper, papers, read_yaml, suggest
from nqp.paths import data_dir
from nqp.reads import note, sha256

MANIFEST = "manifest.yml"
CLASSES = ("verbatim", "derived", "constructed", "synthetic")


class DataError(Refusal):
    """A data file is missing, altered, undeclared or unfit for what was asked of it."""


@dataclass(frozen=True)
class DataFile:
    """One entry of the manifest."""

    name: str  # path below `data/`, with forward slashes
    place: str  # the file with the entry, below `data/`
    kind: str  # one of `CLASSES`
    title: str
    authors: str
    licence: str
    source: str
    sha256: str
    gaps: str = ""


def load_manifest() -> dict[str, DataFile]:
    """Return the entries of ``data/manifest.yml`` and of every ``paper.yml``, by file name."""
    note(data_dir() / MANIFEST)
    return _shared() | {name: entry for one in papers().values() for name, entry in _of(one).items()}


def _shared() -> dict[str, DataFile]:
    files = lines(read_yaml(data_dir() / MANIFEST), f"data/{MANIFEST}").get("files")
    listed = lines(files, f"data/{MANIFEST}, files")
    return {str(name): _entry(str(name), raw, MANIFEST) for name, raw in listed.items()}


def _of(one: Paper) -> dict[str, DataFile]:
    place = one.file(DECLARATION)
    return {one.file(name): _entry(one.file(name), raw, place) for name, raw in one.files.items()}


def _entry(name: str, raw: dict[str, str], place: str) -> DataFile:
    at = f"data/{place}, files, {name}"
    entry = {("kind" if key == "class" else key): value for key, value in lines(raw, at).items()}
    made = make(DataFile, {"name": name, "place": place, **entry}, at)
    if made.kind not in CLASSES:
        raise DataError(f"data/{place}: {name} has class {made.kind!r}; use one of {', '.join(CLASSES)}")
    return made


def problem(entry: DataFile) -> str | None:
    """Say in one sentence what is wrong with a file, or return None."""
    path = data_dir() / entry.name
    if not path.is_file():
        return f"data/{entry.name} is missing; restore it with `git checkout -- data/{entry.name}`"
    found = sha256(path)
    if found != entry.sha256:
        return (
            f"data/{entry.name} is not the file the book was written with: its sha256 begins {found[:12]}, the"
            f" manifest says {entry.sha256[:12]}. Restore it with `git checkout -- data/{entry.name}`, or, if the"
            f" change is meant, enter {found} in data/{entry.place}"
        )
    return None


def altered() -> list[str]:
    """Check every file of the manifest; return one sentence for each that is missing or altered."""
    return [said for entry in load_manifest().values() if (said := problem(entry))]


def path_of(name: str) -> Path:
    """Return the path of a data file, such as ``open/panel.csv``, after checking its hash.

    A `DataError` says that the manifest has no such file, or that the file is missing or altered.
    """
    own = re.fullmatch(r"papers/([^/]+)/.+", name)  # of the papers, only the one that has the file is read
    known = _of(paper(own[1])) if own else _shared()
    if name not in known:
        place = paper(own[1]).file(DECLARATION) if own else MANIFEST
        raise DataError(f"data/{place} has no file {name!r}{suggest(name, known)}; it has {', '.join(known)}")
    if said := problem(known[name]):
        raise DataError(said)
    note(data_dir() / name)
    return data_dir() / name

"""The manifest: one entry a data file, with its class, licence, source and sha256."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from nqp.papers import Paper, make, paper, papers, suggest
from nqp.paths import data_dir
from nqp.reads import note, sha256

MANIFEST = "manifest.yml"
CLASSES = ("verbatim", "derived", "constructed", "synthetic")


class DataError(Exception):
    """A data file is missing, altered, undeclared or unfit for what was asked of it."""


@dataclass(frozen=True)
class DataFile:
    """One entry of ``data/manifest.yml``.

    Attributes
    ----------
    name : path below ``data/``, with forward slashes
    kind : one of `CLASSES`
    sha256 : hexadecimal digest of the file's bytes
    """

    name: str
    kind: str
    title: str
    authors: str
    licence: str
    source: str
    sha256: str
    gaps: str = ""


def load_manifest() -> dict[str, DataFile]:
    """Return the entries of ``data/manifest.yml`` and of every ``paper.yml``, by file name."""
    note(data_dir() / MANIFEST)
    entries = dict(_shared())
    for one in papers().values():
        entries |= {one.file(file): _of_paper(one, file) for file in one.files}
    return entries


def _shared() -> dict[str, DataFile]:
    path = data_dir() / MANIFEST
    return _load(path, path.stat().st_mtime_ns)


@cache
def _load(path: Path, _stamp: int) -> dict[str, DataFile]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["files"]
    return {name: _entry(name, entry, f"data/{MANIFEST}") for name, entry in raw.items()}


def _of_paper(one: Paper, file: str) -> DataFile:
    return _entry(one.file(file), one.files[file], f"data/papers/{one.slug}/paper.yml")


def _entry(name: str, raw: dict[str, str], place: str) -> DataFile:
    if raw.get("class") not in CLASSES:
        raise DataError(f"{place}: {name} has class {raw.get('class')!r}; use one of {', '.join(CLASSES)}")
    entry = {("kind" if key == "class" else key): value for key, value in raw.items()}
    return make(DataFile, {"name": name, **entry}, f"{place}, files, {name}")


def _find(name: str) -> DataFile:
    """Return one entry; of the papers' files, only the paper's own that has it are read."""
    folder, _, file = name.removeprefix("papers/").partition("/")
    if name.startswith("papers/") and file in paper(folder).files:
        return _of_paper(paper(folder), file)
    if name in (shared := _shared()):
        return shared[name]
    known = load_manifest()
    raise DataError(f"data/{MANIFEST} has no file {name!r}{suggest(name, known)}; it has {', '.join(known)}")


def problem(entry: DataFile) -> str | None:
    """Say in one sentence what is wrong with a file, or return None."""
    path = data_dir() / entry.name
    if not path.is_file():
        return f"data/{entry.name} is missing; restore it with `git checkout -- data/{entry.name}`"
    found = sha256(path)
    if found != entry.sha256:
        folder = entry.name.rpartition("/")[0]
        place = f"{folder}/paper.yml" if folder.startswith("papers/") else MANIFEST
        return (
            f"data/{entry.name} is not the file the book was written with: its sha256 begins {found[:12]}, the"
            f" manifest says {entry.sha256[:12]}. Restore it with `git checkout -- data/{entry.name}`, or, if the"
            f" change is meant, enter {found} in data/{place}"
        )
    return None


def altered() -> list[str]:
    """Check every file of the manifest; return one sentence for each that is missing or altered."""
    return [said for entry in load_manifest().values() if (said := problem(entry))]


def path_of(name: str) -> Path:
    """Return the path of a data file after checking its hash.

    Parameters
    ----------
    name : path below ``data/``, such as ``open/panel.csv``

    Raises
    ------
    DataError
        When the manifest has no such file, or when the file is missing or altered.
    """
    entry = _find(name)
    if said := problem(entry):
        raise DataError(said)
    note(data_dir() / name)
    return data_dir() / name

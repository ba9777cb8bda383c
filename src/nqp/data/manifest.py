"""The manifest: one entry a data file, with its class, licence, source and sha256."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from nqp.papers import papers
from nqp.paths import data_dir
from nqp.reads import note

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
    path = data_dir() / "manifest.yml"
    entries = dict(_load(path, path.stat().st_mtime_ns))
    for one in papers().values():
        entries |= {
            (name := one.file(file)): _entry(name, entry, f"data/papers/{one.slug}/paper.yml")
            for file, entry in one.files.items()
        }
    return entries


@cache
def _load(path: Path, _stamp: int) -> dict[str, DataFile]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["files"]
    return {name: _entry(name, entry, "data/manifest.yml") for name, entry in raw.items()}


def _entry(name: str, raw: dict[str, str], place: str) -> DataFile:
    entry = {**raw, "kind": raw.get("class")}
    del entry["class"]
    if entry["kind"] not in CLASSES:
        raise DataError(f"{place}: {name} has class {entry['kind']!r}; use one of {', '.join(CLASSES)}")
    return DataFile(name=name, **entry)


def sha256(path: Path) -> str:
    """Return the hexadecimal sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
            f" change is meant, enter {found} in data/manifest.yml"
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
    manifest = load_manifest()
    if name not in manifest:
        raise DataError(f"data/manifest.yml has no file {name!r}; it has {', '.join(manifest)}")
    entry = manifest[name]
    if said := problem(entry):
        raise DataError(said)
    note(data_dir() / name)
    return data_dir() / name

"""The manifest: one entry a data file, with its class, licence, source, sha256 and consumers."""

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from nqp.data.paths import data_dir

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
    used_by : chapters that may read the file, as ``study/section``; ``*`` is any chapter
    """

    name: str
    kind: str
    title: str
    authors: str
    licence: str
    source: str
    sha256: str
    used_by: tuple[str, ...]
    gaps: str = ""


@cache
def _load(path: Path, _stamp: int) -> dict[str, DataFile]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["files"]
    files = {}
    for name, entry in raw.items():
        entry = dict(entry)
        entry["kind"] = entry.pop("class")
        entry["used_by"] = tuple(entry["used_by"])
        if entry["kind"] not in CLASSES:
            raise DataError(
                f"data/manifest.yml: {name} has class {entry['kind']!r}; use one of {', '.join(CLASSES)}"
            )
        files[name] = DataFile(name=name, **entry)
    return files


def load_manifest() -> dict[str, DataFile]:
    """Return the entries of ``data/manifest.yml`` by file name."""
    path = data_dir() / "manifest.yml"
    return _load(path, path.stat().st_mtime_ns)


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
    """Return the path of a data file after checking its hash and that the running chapter declares it.

    Parameters
    ----------
    name : path below ``data/``, such as ``open/panel.csv``

    Raises
    ------
    DataError
        When the manifest has no such file, when the file is missing or altered, or when a chapter executed by
        ``nqp run`` reads a file whose manifest entry does not name that chapter (its staleness would be missed).
    """
    manifest = load_manifest()
    if name not in manifest:
        raise DataError(f"data/manifest.yml has no file {name!r}; it has {', '.join(manifest)}")
    entry = manifest[name]
    if said := problem(entry):
        raise DataError(said)
    chapter = os.environ.get("NQP_CHAPTER")
    if chapter and not ({"*", chapter} & set(entry.used_by)):
        raise DataError(
            f"{chapter} reads data/{name} but is not in its `used_by` in data/manifest.yml: add it there"
        )
    return data_dir() / name

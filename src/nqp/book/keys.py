"""When is a chapter stale? When anything it depends on has another hash."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from nqp.book.chapters import SYNTHESIS, Chapter
from nqp.book.private import LICENSED_FILE, licensed, public, remembered
from nqp.data.manifest import load_manifest
from nqp.licensed import licensed_hash
from nqp.paths import book_dir, root


def _digest(*parts: bytes) -> str:
    sha = hashlib.sha256()
    for part in parts:
        sha.update(len(part).to_bytes(8, "big") + part)
    return sha.hexdigest()


def hash_files(paths: list[Path]) -> str:
    """Return one hash of files, their places below the root and their bytes."""
    return _digest(
        *(b for p in sorted(paths) for b in (p.relative_to(root()).as_posix().encode(), p.read_bytes()))
    )


@cache
def _code(base: Path) -> str:
    return hash_files([*(base / "src" / "nqp").rglob("*.py"), base / "requirements.lock"])


def chapter_key(chapter: Chapter, overrides: Mapping[str, Any]) -> str:
    """Return the hash of all that an execution depends on.

    The chapter's text, its changed parameters, ``src/nqp``, the lock, the manifest's hash of each data file that
    declares the chapter, for a page of the synthesis the collected ledger and, for a chapter on licensed data, the hash
    of the reader's file, wherever it is.
    """
    data = [[f.name, f.sha256] for f in load_manifest().values()]
    ledger = book_dir() / "ledger.csv"
    collected = ledger.read_bytes() if chapter.study == SYNTHESIS and ledger.is_file() else b""
    own = [licensed_hash(chapter.study, overrides.get(LICENSED_FILE, ""))] if licensed(overrides) else []
    settings = json.dumps([public(overrides), data, *own], sort_keys=True, ensure_ascii=False)
    return _digest(chapter.source.read_bytes(), settings.encode(), _code(root()).encode(), collected)


def stored(chapter: Chapter) -> dict[str, Any]:
    """Return the ``key`` and ``overrides`` of a chapter's execution; empty when there is none.

    The executed notebook says both, but for the path of a licensed file.
    """
    if not chapter.executed.is_file():
        return {}
    try:
        said = dict(nbformat.read(chapter.executed, as_version=4).metadata.get("nqp", {}))
    except (nbformat.reader.NotJSONError, KeyError, AttributeError):
        return {}
    return {**said, "overrides": {**said.get("overrides", {}), **remembered(chapter)}}


def is_fresh(chapter: Chapter, overrides: Mapping[str, Any]) -> bool:
    """Return whether the executed notebook is what an execution would give now."""
    return stored(chapter).get("key") == chapter_key(chapter, overrides)

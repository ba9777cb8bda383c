"""When is a chapter stale? When anything that its last execution read, or was made by, has another hash."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nqp.book.chapters import Chapter
from nqp.book.private import LICENSED_FILE, licensed, public, remembered
from nqp.paths import root
from nqp.reads import state

ALWAYS = ("requirements.lock", "src/nqp/book/execute.py")


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


def base_key(chapter: Chapter, overrides: Mapping[str, Any]) -> str:
    """Return the hash of what is known before an execution.

    The chapter's text, its changed parameters, the lock, the code that executes and, for a chapter on licensed data,
    the hash of the reader's file, wherever it is.
    """
    own = []
    if licensed(overrides):
        from nqp.licensed import licensed_hash

        own = [licensed_hash(chapter.study, overrides.get(LICENSED_FILE, ""))]
    settings = [public(overrides), own, [state(name) for name in ALWAYS]]
    said = json.dumps(settings, sort_keys=True, ensure_ascii=False)
    return _digest(chapter.source.read_bytes(), said.encode())


def whole_key(base: str, reads: Mapping[str, str]) -> str:
    """Return the hash of all that an execution depended on.

    Parameters
    ----------
    base : `base_key`
    reads : states, by place, of the files that the chapter read and of the code that it imported
    """
    return _digest(base.encode(), json.dumps(reads, sort_keys=True).encode())


def stored(chapter: Chapter) -> dict[str, Any]:
    """Return the ``key``, ``overrides`` and ``reads`` of a chapter's execution; empty when there is none.

    The executed notebook says all, but for the path of a licensed file.
    """
    if not chapter.executed.is_file():
        return {}
    try:
        said = json.loads(chapter.executed.read_text(encoding="utf-8"))["metadata"]["nqp"]
    except (ValueError, KeyError, TypeError):
        return {}
    return {**said, "overrides": {**said.get("overrides", {}), **remembered(chapter)}}


def is_fresh(chapter: Chapter, overrides: Mapping[str, Any]) -> bool:
    """Return whether the executed notebook is what an execution would give now."""
    said = stored(chapter)
    if not said.get("reads"):
        return False
    return said["key"] == whole_key(
        base_key(chapter, overrides), {name: state(name) for name in said["reads"]}
    )

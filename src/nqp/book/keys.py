"""When is a chapter stale? When anything that its last execution read, or was made by, has another hash."""

import json
from collections.abc import Mapping
from typing import Any

from nqp.book.chapters import Chapter
from nqp.book.private import LICENSED_FILE, licensed, public, remembered
from nqp.paths import root
from nqp.reads import digest, state

ALWAYS = ("requirements.lock", "src/nqp/book/execute.py", "src/nqp/book/kernel.py")


def base_key(chapter: Chapter, overrides: Mapping[str, Any]) -> str:
    """Return the hash of what is known before a run: text, parameters, lock, code that executes, licensed file."""
    own = ""
    if licensed(overrides):
        from nqp.licensed import licensed_hash

        own = licensed_hash(chapter.study, overrides.get(LICENSED_FILE, ""))
    source = chapter.source.relative_to(root()).as_posix()
    return digest([{name: state(name) for name in (source, *ALWAYS)}, public(overrides), own])


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
    """Return whether the executed notebook is what an execution would give now; without a record of reads it is not."""
    if not (reads := (said := stored(chapter)).get("reads")):
        return False
    return said["key"] == digest([base_key(chapter, overrides), {name: state(name) for name in reads}])

"""When is a chapter stale? When anything that its last execution read, or was made by, has another hash."""

import json
from collections.abc import Mapping
from typing import Any

from nqp.book.chapters import Chapter
from nqp.book.private import LICENSED_FILE, licensed, public, remembered
from nqp.paths import root
from nqp.reads import digest, state

CODE = ("copied.py", "execute.py", "glued.py", "kernel.py", "render.py", "warm.py")
PAGES = ("templates/pages/changed.md", "templates/pages/run_box.md")
ALWAYS = ("requirements.lock", *(f"src/nqp/book/{name}" for name in (*CODE, *PAGES)))


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

    The executed notebook says all, but for the path of a licensed file. A file that is no executed notebook is
    ``altered``, as is one with other cells than the execution gave.
    """
    if not chapter.executed.is_file():
        return {}
    try:
        notebook = json.loads(chapter.executed.read_bytes())
        said = notebook["metadata"]["nqp"]
        overrides = {**said["overrides"], **remembered(chapter)}
        return {**said, "overrides": overrides, "altered": said["cells"] != digest(notebook["cells"])}
    except (ValueError, KeyError, TypeError, RecursionError):
        return {"altered": True}


def is_fresh(chapter: Chapter, overrides: Mapping[str, Any]) -> bool:
    """Return whether the executed notebook is what an execution would give now; without a record of reads it is not."""
    said = stored(chapter)
    if said.get("altered", True) or not (reads := said.get("reads")):
        return False
    return said["key"] == digest([base_key(chapter, overrides), {name: state(name) for name in reads}])

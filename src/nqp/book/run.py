"""Execute many chapters side by side and put the results in place."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from textwrap import indent
from typing import Any

from joblib import Parallel, delayed, parallel_config
from tqdm import tqdm

from nqp.book.chapters import SYNTHESIS, Chapter
from nqp.book.execute import CELL_SECONDS, Execution, execute
from nqp.book.given import check
from nqp.book.keys import base_key, is_fresh, stored
from nqp.book.ledgers import write_ledger
from nqp.book.parameters import ChapterError
from nqp.book.private import remember
from nqp.papers import Refusal
from nqp.paths import root, write_whole


class RunFailed(Refusal):
    """At least one chapter stopped; the message names each with its failing cell."""


def run(
    chapters: Iterable[Chapter],
    overrides: Mapping[str, Any] | None = None,
    *,
    keep: bool = False,
    force: bool = False,
    quick: bool = False,
    **how: Any,
) -> list[Execution]:
    """Execute the chapters that are stale, papers first, then the synthesis on their ledgers; return what was executed.

    When a chapter stopped, `RunFailed` says so after all had their turn. Every chapter's `overrides`, as values or as
    text, are checked before anything runs. `keep` leaves other parameters as they last were, `force` executes fresh
    chapters too, `quick` takes few draws and repetitions; `how` is what `execute_all` takes.
    """
    chapters = list(chapters)
    given = check(chapters, overrides or {})
    done: list[Execution] = []
    for wave in (False, True):  # the synthesis reads the ledgers of all other chapters
        members = [c for c in chapters if (c.study == SYNTHESIS) == wave]
        wanted = {c: _wanted(c, given[c], keep, quick) for c in members}
        stale = [c for c in members if force or not is_fresh(c, wanted[c])]
        for result in execute_all({c: wanted[c] for c in stale}, **how):
            _place(result)
            remember(result.chapter, wanted[result.chapter])
            done.append(result)
        if not wave:
            write_ledger()
    if failed := [e for e in done if e.error]:
        raise RunFailed("\n\n".join(_say(e) for e in failed))
    return done


def _wanted(chapter: Chapter, given: dict[str, Any], keep: bool, quick: bool) -> dict[str, Any]:
    usable = {}
    for name, value in stored(chapter).get("overrides", {}).items() if keep else ():
        with suppress(ChapterError):  # the chapter may have changed since
            usable |= chapter.settings({name: value})
    few = {name: p.few for name, p in chapter.parameters.items() if quick and p.few}
    changed = {**usable, **few, **given}
    return {k: v for k, v in changed.items() if v != chapter.parameters[k].default}


def execute_all(
    wanted: Mapping[Chapter, Mapping[str, Any]],
    *,
    jobs: int | None = None,
    cluster: str | None = None,
    timeout: int = CELL_SECONDS,
) -> Iterator[Execution]:
    """Execute chapters in parallel, the longest text first, with a bar on a terminal; yield each as it ends.

    By default `jobs` at a time is one a core; `cluster` is a Dask scheduler's address; a cell has `timeout` seconds.
    """
    if not wanted:
        return
    longest_first = sorted(wanted, key=lambda c: -c.source.stat().st_size)
    calls = [delayed(execute)(c, wanted[c], base_key(c, wanted[c]), root(), timeout) for c in longest_first]
    with _backend(cluster, min(len(calls), jobs or os.cpu_count() or 1)) as parallel:
        bar = tqdm(parallel(calls), "executing", len(calls), unit="chapter", dynamic_ncols=True, disable=None)
        for result in bar:
            said = "FAILED" if result.error else "done"
            bar.write(f"  {result.chapter.slug}: {said} in {result.seconds:.0f} s", file=sys.stderr)
            yield result


@contextmanager
def _backend(cluster: str | None, jobs: int) -> Iterator[Parallel]:
    """joblib's threads, since each chapter has a process of its own, or a Dask cluster: the same calls on both."""
    if cluster is None:
        with parallel_config(backend="threading", n_jobs=jobs):
            yield Parallel(return_as="generator_unordered")
        return
    try:
        from distributed import Client
    except ImportError as missing:
        raise RunFailed("--cluster needs the extra: pip install 'nqp[cluster]'") from missing
    try:
        client = Client(cluster, timeout="10s")
    except (OSError, ValueError) as refused:
        raise RunFailed(f"no Dask scheduler answers at {cluster}: {refused}") from refused
    with client, parallel_config(backend="dask"):
        yield Parallel(return_as="generator_unordered")


def _place(result: Execution) -> None:
    """Put an executed chapter where the book is compiled from, or a failed one aside for inspection."""
    chapter = result.chapter
    if not result.error:
        chapter.failed.unlink(missing_ok=True)
    write_whole(chapter.failed if result.error else chapter.executed, result.notebook)


def _say(failure: Execution) -> str:
    cell = indent(failure.failed_cell.strip(), "    ")
    place = failure.chapter.failed.relative_to(root())
    return f"{failure.chapter.slug} stopped.\n  In the cell\n{cell}\n  {failure.error}\n  Its outputs so far: {place}"


def state(chapter: Chapter) -> str:
    """Return ``fresh``, ``stale``, ``altered`` since it was executed, ``failed`` or ``never run``."""
    if chapter.failed.is_file():
        return "failed"
    if not chapter.executed.is_file():
        return "never run"
    said = stored(chapter)
    if said["altered"]:
        return "altered"
    return "fresh" if is_fresh(chapter, said["overrides"]) else "stale"

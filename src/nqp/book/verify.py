"""Execute everything again and compare with the committed ledger; findings and worlds are computed again too."""

import pandas as pd

from nqp.book import worlds
from nqp.book.chapters import SYNTHESIS, all_chapters
from nqp.book.execute import Execution
from nqp.book.ledgers import gather, read_ledger
from nqp.book.minutes import write_minutes
from nqp.book.run import execute_all
from nqp.evidence import findings
from nqp.evidence.differences import differences
from nqp.evidence.published import all_published
from nqp.manifest import altered
from nqp.paths import data_dir, write_whole

KEY = ["study", "section", "id", "evidence"]
REFERENCE = "reference/ledger.csv"


def reference() -> pd.DataFrame:
    """Return the committed ledger."""
    return read_ledger(data_dir() / REFERENCE)


def changed_cells(old: pd.DataFrame, numbers: pd.DataFrame) -> list[str]:
    """Name each published cell that no longer reads as it did when the committed ledger was made."""
    cells = old.rename(columns={"published": "printed"})[["study", "id", "printed"]].drop_duplicates()
    now = numbers[["study", "id", "printed"]].merge(cells[["study", "id"]])
    gone = ("no longer in published.csv", "")
    return differences(cells, now, ["study", "id"], ("printed",), "{study} {id}".format_map, gone)


def compare(old: pd.DataFrame, new: pd.DataFrame) -> list[str]:
    """Name each cell that came or went, or whose verdict or number changed."""
    gone = ("no longer recorded", "not in the committed ledger")
    compared = ("verdict", "null", "replicated")
    return differences(old, new, KEY, compared, "{study} {id} ({evidence})".format_map, gone)


def execute_papers(jobs: int | None = None, cluster: str | None = None) -> tuple[list[Execution], list[str]]:
    """Execute every chapter of the papers with its defaults, write nothing, and return results and what failed."""
    order = [c for c in all_chapters() if c.study != SYNTHESIS]
    results = {r.chapter: r for r in execute_all({c: {} for c in order}, jobs=jobs, cluster=cluster)}
    failed = [f"{c.slug} stopped: {results[c].error}" for c in order if results[c].error]
    return [results[c] for c in order], failed


def verify(jobs: int | None = None, cluster: str | None = None) -> list[str]:
    """Return every difference between the book as committed and as it executes now; empty when all holds.

    With an altered file or a changed published cell nothing is executed.
    """
    if problems := altered() + changed_cells(reference(), all_published(check=False)):
        return problems
    moved = findings.changed_findings() + worlds.changed(jobs)
    done, failed = execute_papers(jobs, cluster)
    return moved + failed + compare(reference(), gather(one.notebook for one in done))


def update(jobs: int | None = None, cluster: str | None = None) -> list[str]:
    """Commit findings, worlds, ledger and minutes as they are now, unless data are altered or a chapter stops."""
    if problems := altered():
        return problems
    findings.update()
    worlds.update(jobs)
    done, failed = execute_papers(jobs, cluster)
    if not failed:
        ledger = gather(one.notebook for one in done)
        write_whole(data_dir() / REFERENCE, ledger.to_csv(index=False, lineterminator="\n"))
        write_minutes({one.chapter.slug: one.seconds for one in done})
    return failed

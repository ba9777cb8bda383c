"""The command ``nqp``."""

import sys
from datetime import datetime
from typing import Any

import click

from nqp import __version__

JOBS = click.option(
    "--jobs", "-j", type=click.IntRange(min=1), help="Chapters at a time; by default one a core."
)
CLUSTER = click.option(
    "--cluster", metavar="ADDRESS", help="Address of a Dask scheduler, such as tcp://host:8786."
)


class Refusals(click.Group):
    """Turns the errors a reader can act on into one message and exit code 1; lets the others be seen whole."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        from nqp.book.chapters import ChapterError
        from nqp.book.compile import BuildFailed
        from nqp.book.run import RunFailed
        from nqp.data.manifest import DataError

        try:
            return super().invoke(ctx)
        except (ChapterError, BuildFailed, DataError, FileNotFoundError, RunFailed) as refusal:
            raise click.ClickException(str(refusal)) from refusal


@click.group(cls=Refusals, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Execute, compile and check the book."""


@main.command("list")
def list_() -> None:
    """Show every chapter: its state, when it was last executed, changed parameters."""
    from nqp.book.chapters import all_chapters
    from nqp.book.keys import stored
    from nqp.book.run import state

    for chapter in all_chapters():
        ran = "-"
        if chapter.executed.is_file():
            ran = f"{datetime.fromtimestamp(chapter.executed.stat().st_mtime):%Y-%m-%d %H:%M}"
        changed = ", ".join(f"{k}={v}" for k, v in stored(chapter).get("overrides", {}).items())
        click.echo(f"{chapter.slug:<36} {state(chapter):<10} {ran:<17} {changed}".rstrip())


@main.command()
@click.argument("names", nargs=-1, metavar="[STUDY[/SECTION] ...]")
@click.option(
    "-p", "pairs", multiple=True, metavar="NAME=VALUE", help="Change a parameter of every chapter named."
)
@click.option("--force", is_flag=True, help="Execute fresh chapters too.")
@click.option("--quick", is_flag=True, help="Few draws where a chapter resamples.")
@JOBS
@CLUSTER
def run(names: tuple[str, ...], pairs: tuple[str, ...], **options: Any) -> None:
    """Execute the chapters that are stale; without names, all of them."""
    from nqp.book.chapters import parse_parameters, select
    from nqp.book.run import run as run_chapters

    chapters = select(names)
    done = run_chapters(chapters, parse_parameters(pairs), **options)
    click.echo(f"{len(done)} executed, {len(chapters) - len(done)} fresh")
    if pairs:
        _say_verdicts([chapter.slug for chapter in chapters])


def _say_verdicts(slugs: list[str]) -> None:
    """Show what holds in chapters that were executed with changed parameters."""
    from nqp.book.ledgers import read_ledger

    ledger = read_ledger()
    for slug, rows in ledger.groupby(ledger["study"] + "/" + ledger["section"], sort=False):
        if slug in slugs:
            counts = ", ".join(f"{n} {verdict}" for verdict, n in rows["verdict"].value_counts().items())
            click.echo(f"{slug}: {counts}")


@main.command()
@click.option("--quick", is_flag=True, help="Few draws where a chapter resamples.")
@JOBS
@CLUSTER
def build(**options: Any) -> None:
    """Execute what is stale and compile the book."""
    from nqp.book.chapters import all_chapters
    from nqp.book.compile import compile_book, html_dir
    from nqp.book.run import run as run_chapters
    from nqp.data.manifest import DataError, altered

    if problems := altered():
        raise DataError("\n".join(problems))
    done = run_chapters(all_chapters(), keep=True, **options)
    click.echo(f"{len(done)} chapters executed; compiling", err=True)
    compile_book()
    click.echo(html_dir() / "index.html")


@main.command()
@click.option("--update", is_flag=True, help="Write what executes now as the new committed ledger.")
@JOBS
@CLUSTER
def verify(update: bool, jobs: int | None, cluster: str | None) -> None:
    """Execute everything again and compare with data/reference/ledger.csv; exit 1 when a cell moved."""
    from nqp.book import verify as check

    problems = check.update(jobs, cluster) if update else check.verify(jobs, cluster)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo(f"{len(check.reference())} verdicts hold")


@main.command()
@click.argument("study", required=False)
def scorecard(study: str | None) -> None:
    """Count printed numbers and verdicts by study, section and table."""
    from nqp.book.ledgers import read_ledger
    from nqp.evidence.published import all_published
    from nqp.evidence.scorecard import scorecard as count

    numbers, ledger = all_published(), read_ledger()
    if study:
        from nqp.papers import paper as find

        try:
            slug = find(study).slug
        except ValueError as unknown:
            raise click.ClickException(str(unknown)) from unknown
        numbers, ledger = numbers[numbers["study"] == slug], ledger[ledger["study"] == slug]
    card = count(numbers, ledger, by=("study", "chapter", "table"))
    click.echo(card.reset_index().to_string(index=False))
    click.echo(f"\n{card['printed'].sum()} printed numbers, {card['with verdict'].sum()} with a verdict")


@main.command()
@click.argument("study", required=False)
@click.option(
    "--csv", "target", type=click.Path(dir_okay=False), help="Write the findings to this file instead."
)
def audit(study: str | None, target: str | None) -> None:
    """Check the printed numbers of a paper against each other; without STUDY, of all five papers."""
    import pandas as pd

    from nqp.data.spreadsheet import safe_csv
    from nqp.evidence import audit as room
    from nqp.show.findings import audit_text

    try:
        found = [room.audit(one) for one in ([study] if study else room.STUDIES)]
    except ValueError as unknown:
        raise click.ClickException(str(unknown)) from unknown
    if target:
        rows = pd.concat([one.findings for one in found])
        safe_csv(rows.assign(ids=rows["ids"].str.join("; ")), target)
        click.echo(f"{len(rows)} findings written to {target}")
    else:
        click.echo("\n\n".join(map(audit_text, found)))


@main.group()
def data() -> None:
    """Prepare and check your own licensed data; write the twin of a study."""


@data.command()
@click.argument("study")
@click.option("--folder", default=".", show_default=True, help="Where to write.")
@click.option("--force", is_flag=True, help="Overwrite.")
def template(study: str, folder: str, force: bool) -> None:
    """Write an empty file of a study's cities and years, as CSV and Excel, and the dictionary of its columns."""
    from nqp.licensed import template as write

    for path in write(study, folder, force=force):
        click.echo(path)


@data.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--study", default="cluster_pilot", show_default=True, help="Whose contract the file must keep."
)
@click.option(
    "--section", "sections", multiple=True, help="Ask only for the columns of this section; repeatable."
)
@click.option("--csv", "report_file", metavar="REPORT", help="Write every problem there, one row each.")
def check(file: str, study: str, sections: tuple[str, ...], report_file: str | None) -> None:
    """Check a licensed file and report every problem in one run; exit 1 when there is one. Changes nothing."""
    from nqp.licensed import check as check_file
    from nqp.papers import SECTIONS

    if unknown := [section for section in sections if section not in SECTIONS]:
        raise click.ClickException(f"no section {', '.join(unknown)}; the sections are {', '.join(SECTIONS)}")
    report = check_file(file, study, sections or SECTIONS)
    click.echo(report.text())
    if report_file:
        report.write(report_file, checked=file)
        click.echo(f"\nevery problem, one row each: {report_file}")
    if not report.ok:
        sys.exit(1)


@data.command()
@click.argument("study")
@click.option("--seed", default=7, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--format", "kind", type=click.Choice(["csv", "dta", "parquet"]), default="csv", show_default=True
)
@click.option("--world", default="as_printed", show_default=True, help="One that the study file declares.")
@click.option("--folder", default=".", show_default=True, help="Where to write.")
def export(study: str, seed: int, kind: str, world: str, folder: str) -> None:
    """Write the synthetic twin of a study, in the columns of its licensed file."""
    from nqp.twin import export as write

    try:
        click.echo(write(study, seed, kind, folder, world=world))
    except ValueError as refusal:
        raise click.ClickException(str(refusal)) from refusal


if __name__ == "__main__":
    main()

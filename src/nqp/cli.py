"""The command ``nqp``."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from nqp import __version__
from nqp.commands import ANY_PAPER, CLUSTER, JOBS, PAIRS, PAPER, QUICK, TIMEOUT, Alone, OnPapers, Refusals
from nqp.teaching import command as teaching

FILE = click.Path(dir_okay=False)
FOLDER = click.option("--folder", default=".", help="Where to write.")


@click.group(
    cls=Refusals,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True},
    epilog="Example: nqp run open_benchmark/baseline -p last_year=2019",
)
@click.version_option(__version__)
def main() -> None:
    """Execute, compile and check the book."""


@main.command("list", cls=OnPapers, epilog="Example: nqp list --parameters")
@click.option("--parameters", is_flag=True, help="Show parameters, their defaults and what they take.")
def list_(parameters: bool) -> None:
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
        for one in chapter.parameters.values() if parameters else ():
            click.echo(f"    {one.name} = {one.default!r}: {one.allowed}")


@main.command(cls=Alone, epilog="Example: nqp run open_benchmark/baseline -p last_year=2019")
@click.argument("names", nargs=-1, metavar="[PAPER[/SECTION] ...]")
@PAIRS
@click.option("--force", is_flag=True, help="Execute fresh chapters too.")
@QUICK
@JOBS
@CLUSTER
@TIMEOUT
def run(names: tuple[str, ...], pairs: tuple[str, ...], **options: Any) -> None:
    """Execute the chapters that are stale; without names, all of them."""
    from nqp.book.chapters import select
    from nqp.book.given import check, parse_pairs

    chapters, given = select(names), parse_pairs(pairs)
    check(chapters, given)  # before the slow imports, so that a refusal comes at once

    from nqp.book.run import run as run_chapters

    done = run_chapters(chapters, given, **options)
    click.echo(f"{len(done)} executed, {len(chapters) - len(done)} fresh")


@main.command(cls=Alone, epilog="Example: nqp diff open_benchmark/baseline -p last_year=2019")
@click.argument("name", metavar="PAPER/SECTION")
@PAIRS
@click.option("--html", "target", type=FILE, help="Write the page there.  [default: in build/diff]")
@JOBS
@CLUSTER
@TIMEOUT
def diff(name: str, pairs: tuple[str, ...], target: str | None, **how: Any) -> None:
    """Show a chapter with changed parameters beside its defaults, number by number; the book stays as it is."""
    from nqp.book.given import one_changed

    chapter, changed = one_changed(name, pairs)  # before the slow imports, so that a refusal comes at once

    from nqp.book.diff import difference
    from nqp.book.render import render
    from nqp.paths import build_dir, write_whole

    found = difference(chapter, changed, **how)
    page = Path(target or build_dir() / "diff" / f"{chapter.study}_{chapter.section}.html")
    write_whole(page, render("alone/diff.html", **found))
    click.echo(render("alone/diff.txt", **found, page=page))


@main.command(epilog="Example: nqp new wang_2027")
@PAPER
def new(paper: str) -> None:
    """Make the two folders of a new paper, data/papers/PAPER and notebooks/PAPER, from templates that build."""
    from nqp.book.new import new_paper

    for path in new_paper(paper):
        click.echo(path)


@main.command(cls=Alone, epilog="Example: nqp build --quick")
@QUICK
@JOBS
@CLUSTER
@TIMEOUT
def build(**options: Any) -> None:
    """Execute what is stale and compile the book."""
    from nqp.book.chapters import all_chapters
    from nqp.book.compile import compile_book, html_dir
    from nqp.book.run import run as run_chapters

    done = run_chapters(all_chapters(), keep=True, **options)
    click.echo(f"{len(done)} chapters executed; compiling", err=True)
    compile_book()
    click.echo(html_dir() / "index.html")


@main.command(cls=Alone, epilog="Example: nqp verify --jobs 2")
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


@main.command(cls=OnPapers, epilog="Example: nqp scorecard open_benchmark --csv counts.csv")
@ANY_PAPER
@click.option("--csv", "target", type=FILE, help="Write the counts to this file instead.")
def scorecard(paper: str | None, target: str | None) -> None:
    """Count printed numbers and verdicts by paper, section and table."""
    from nqp.book.ledgers import collect
    from nqp.data.spreadsheet import safe_csv
    from nqp.evidence.published import all_published
    from nqp.evidence.scorecard import scorecard as count
    from nqp.papers import paper as find

    numbers, ledger = all_published(), collect()
    if paper:
        slug = find(paper).slug
        numbers, ledger = numbers[numbers["study"] == slug], ledger[ledger["study"] == slug]
    card = count(numbers, ledger, by=("study", "chapter", "table"))
    if target:
        safe_csv(card.reset_index(), target)
        click.echo(f"{len(card)} tables written to {target}")
        return
    click.echo(card.reset_index().to_string(index=False))
    click.echo(f"\n{card['printed'].sum()} printed numbers, {card['with verdict'].sum()} with a verdict")
    papers = count(numbers, ledger, by=("study",))
    click.echo(papers[papers["with verdict"] > 0].T.to_string())


@main.command(cls=OnPapers, epilog="Example: nqp report cluster_pilot --folder for_the_editor")
@ANY_PAPER
@click.option("--folder", help="Where to write.  [default: build/report]")
def report(paper: str | None, folder: str | None) -> None:
    """Report what was run, each verdict and finding, and what could not be checked, as HTML, PDF and CSV."""
    from nqp.book.render import print_pdf
    from nqp.book.report import write_report
    from nqp.papers import Refusal, papers
    from nqp.papers import paper as find
    from nqp.paths import build_dir

    page = Path(folder or build_dir() / "report") / f"{paper or 'all_papers'}.html"
    write_report([find(paper)] if paper else list(papers().values()), page)
    click.echo(f"{page}\n{page.with_suffix('.csv')}")
    try:
        click.echo(print_pdf(page))
    except Refusal as refusal:  # the report is written all the same
        click.echo(refusal, err=True)


@main.command(cls=OnPapers, epilog="Example: nqp audit cluster_pilot --csv findings.csv")
@ANY_PAPER
@click.option("--csv", "target", type=FILE, help="Write the findings to this file instead.")
@click.option("--csv-in", "source", type=FILE, help="Check the printed numbers of this CSV.")
@click.option("--levels", default="0.1,0.05,0.01", help="Of one star, two, ... (with --csv-in).")
def audit(paper: str | None, target: str | None, source: str | None, levels: str) -> None:
    """Check printed numbers against each other: of a PAPER, of every paper, or of your own table."""
    from nqp.data.spreadsheet import safe_csv
    from nqp.evidence.findings import audited, collect, together
    from printcheck.automatic import check_file
    from printcheck.report import text

    if paper and source:
        raise click.ClickException("name a PAPER or give --csv-in, not both")
    try:
        if source:
            found = {source: check_file(source, levels)}
        else:
            found = {one: collect(one) for one in ([paper] if paper else audited())}
    except ValueError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if target:
        rows = together(found)
        safe_csv(rows.assign(ids=rows["ids"].str.join("; ")), target)
        click.echo(f"{len(rows)} findings written to {target}")
    else:
        said = (text(name, one.findings, one.out_of_reach) for name, one in found.items())
        click.echo("\n\n".join(said))


@main.group(epilog="Example: nqp data template cluster_pilot")
def data() -> None:
    """Prepare and check your own licensed data; write the twin of a paper."""


@data.command(epilog="Example: nqp data template cluster_pilot --folder ~/yearbooks")
@PAPER
@FOLDER
@click.option("--force", is_flag=True, help="Overwrite.")
def template(paper: str, folder: str, force: bool) -> None:
    """Write an empty file of a paper's cities and years, as CSV and Excel, and the dictionary of its columns."""
    from nqp.licensed import template as write

    for path in write(paper, folder, force=force):
        click.echo(path)


@data.command(epilog="Example: nqp data check mine.xlsx --paper cluster_pilot --section baseline")
@click.argument("file", metavar="FILE")
@click.option("--paper", metavar="PAPER", help="Whose contract the file must keep, if several have one.")
@click.option("--section", "sections", multiple=True, help="Only this section's columns; repeatable.")
@click.option("--csv", "report_file", metavar="REPORT", help="Write every problem there, one row each.")
def check(file: str, paper: str | None, sections: tuple[str, ...], report_file: str | None) -> None:
    """Check a licensed file and report every problem in one run; exit 1 when there is one. Changes nothing."""
    from nqp.licensed import check as check_file
    from nqp.licensed.contract import with_contract
    from nqp.papers import SECTIONS

    if unknown := [section for section in sections if section not in SECTIONS]:
        raise click.ClickException(f"no section {', '.join(unknown)}; the sections are {', '.join(SECTIONS)}")
    known = with_contract()
    if paper is None and len(known) != 1:
        raise click.ClickException(f"say whose contract with --paper; there is one for {', '.join(known)}")
    report = check_file(file, paper or known[0], sections or SECTIONS)
    click.echo(report.text())
    if report_file:
        report.write(report_file, checked=file)
        click.echo(f"\nevery problem, one row each: {report_file}")
    if not report.ok:
        sys.exit(1)


@data.command(epilog="Example: nqp data export cluster_pilot --seed 8 --format dta")
@PAPER
@click.option("--seed", default=7, help="The same seed gives the same bytes.")
@click.option("--format", "kind", type=click.Choice(["csv", "dta", "parquet"]), default="csv")
@click.option("--world", default="as_printed", help="One that the paper's twin.yml declares.")
@FOLDER
def export(paper: str, seed: int, kind: str, world: str, folder: str) -> None:
    """Write the synthetic twin of a paper, in the columns of its licensed file."""
    from nqp.twin import export as write

    click.echo(write(paper, seed, kind, folder, world=world))


main.command(cls=OnPapers, epilog="Example: nqp assign cluster_pilot/baseline --out course")(teaching.assign)
main.command(epilog="Example: nqp mark course --students roster.csv --jobs 2")(teaching.mark)

"""The commands `nqp assign` and `nqp mark`."""

import os
import sys
from pathlib import Path

import click

from nqp.papers import Refusal


@click.argument("name", metavar="PAPER/SECTION")
@click.option("--exercises", "labels", multiple=True, metavar="LABEL", help="Only this exercise; repeatable.")
@click.option("--out", default="", metavar="DIR", help="Where to write, else build/teaching/PAPER-SECTION.")
@click.option("--key", metavar="STUDENT", help="Show the answers for this student number instead.")
def assign(name: str, labels: tuple[str, ...], out: str, key: str | None) -> None:
    """Write the student's and the teacher's edition of a chapter's exercises, and a one-page sheet."""
    from nqp.book.chapters import select
    from nqp.teaching.course import assign as write
    from nqp.teaching.marking import key_of

    os.environ["PATH"] += f"{os.pathsep}{Path(sys.executable).parent}"  # nbgrader calls alembic by its name
    chapters = select([name])
    if len(chapters) != 1:
        raise Refusal(f"{name} has {len(chapters)} chapters; name one, such as {chapters[0].slug}")
    if key is not None:
        for label, answer in key_of(chapters[0], labels, key).items():
            click.echo(f"{label}: {answer!r}")
    else:
        click.echo(f"{write(chapters[0], labels, out)}: sheet.md, and the editions in `release` and `source`")


@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--students", metavar="ROSTER", help="A CSV with the column `number`, and `name` if you like.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Submissions at a time, else one a core.")
@click.option("--seconds", type=click.IntRange(min=1), default=120, help="That a cell may take.")
def mark(folder: Path, students: str | None, jobs: int | None, seconds: int) -> None:
    """Mark what lies in DIR/submitted, for the assignment that `nqp assign --out DIR` wrote."""
    from nqp.teaching.course import assigned, roster
    from nqp.teaching.marking import mark as mark_all
    from nqp.teaching.report import write_report

    released, points = assigned(folder)
    names = roster(students) if students else {}
    handed_in = sorted((folder / "submitted").glob("[!.]*"))
    if not handed_in:
        raise Refusal(f"{folder / 'submitted'} is empty; put NUMBER.ipynb of each student there")
    marked = mark_all(folder, handed_in, seconds, jobs or os.cpu_count() or 1)
    marks = write_report(folder / "marks", marked, points, names, released.metadata.nqp.assignment)
    click.echo(
        f"{int(marks['marked'].sum())} of {len(marks)} marked; see {folder / 'marks' / 'summary.html'}"
    )
    if not marks["marked"].any():
        raise Refusal("nothing could be marked; marks.csv says why, line by line")

"""The commands `nqp assign` and `nqp mark`."""

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
    from nqp.teaching.course import key_of

    chapters = select([name])
    if len(chapters) != 1:
        raise Refusal(f"{name} has {len(chapters)} chapters; name one, such as {chapters[0].slug}")
    if key is not None:
        for label, answer in key_of(chapters[0], labels, key).items():
            click.echo(f"{label}: {answer}")
        return
    for path in write(chapters[0], labels, out):
        click.echo(path)


@click.argument("folder", metavar="DIR")
@click.option("--students", metavar="ROSTER", help="A CSV with the column `number`, and `name` if you like.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Submissions at a time, else one a core.")
@click.option("--seconds", type=click.IntRange(min=1), default=120, help="That a cell may take.")
@click.option("--memory", type=click.IntRange(min=512), default=4096, help="Megabytes a process may take.")
def mark(folder: str, students: str | None, jobs: int | None, seconds: int, memory: int) -> None:
    """Mark what lies in DIR/submitted, for the assignment that `nqp assign --out DIR` wrote."""
    import os

    from nqp.teaching.course import editions, roster, submissions
    from nqp.teaching.marking import mark as mark_all
    from nqp.teaching.report import marks_of, write_report
    from nqp.teaching.sandbox import Limits, closed

    place = Path(folder)
    path, teacher, released = editions(place)
    names, handed_in = roster(students) if students else {}, list(submissions(place))
    if not handed_in:
        raise Refusal(f"{place / 'submitted'} is empty; put NUMBER.ipynb of each student there")
    about = "Each ran without network and with nowhere to write but its own folder."
    if not closed():
        about = "This system closes no process off: submissions ran with limits alone, with network and file access."
    limits = Limits(seconds, memory)
    marked = mark_all(path, released, handed_in, limits, jobs or os.cpu_count() or 1, tell=_tell)
    marks = marks_of(marked, teacher, names)
    for written in write_report(place / "marks", marked, teacher, marks, about)[:2]:
        click.echo(written)
    click.echo(f"{int(marks['marked'].sum())} of {len(marks)} marked. {about}")
    if not marks["marked"].any():
        raise Refusal("nothing could be marked; marks.csv says why, line by line")


def _tell(said: str) -> None:
    click.echo(said, err=True)

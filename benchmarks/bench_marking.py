"""Marking a class of one chapter, against nbgrader's autograde of the same submissions, in one run."""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from nqp.book.chapters import Chapter
from nqp.teaching.course import assign
from nqp.teaching.editions import teachers

CHAPTER = Chapter("open_benchmark", "index")
JOBS = 2
HERE = str(Path(sys.executable).parent)


def hand_in(folder: Path, students: int) -> str:
    """Write solved notebooks, each with a number of its own, in nbgrader's layout; return the assignment's name."""
    assign(CHAPTER, (), str(folder))
    for student in range(1, students + 1):
        notebook, _ = teachers(CHAPTER, (), str(student))
        name = notebook.metadata.nqp.assignment
        place = folder / "submitted" / str(student) / name / f"{name}.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(notebook, place)
    return name


def timed(*command: str) -> tuple[float, float]:
    """Run a command of this environment; return seconds, and megabytes of the largest process so far."""
    started = time.perf_counter()
    subprocess.run([f"{HERE}/{command[0]}", *command[1:]], check=True, capture_output=True)
    taken = time.perf_counter() - started
    return taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Print the comparison as Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--compared", type=int, default=25, help="how many of them nbgrader marks, too")
    students, compared = vars(parser.parse_args()).values()
    os.environ["PATH"] += os.pathsep + HERE  # nbgrader calls alembic by its name
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assignment = hand_in(folder, students)
        ours, memory = timed("nqp", "mark", name, "--jobs", str(JOBS))
        full = (folder / "marks" / "marks.csv").read_text().count(",8.0,8,True,")
        for student in range(compared + 1, students + 1):
            shutil.rmtree(folder / "submitted" / str(student))
        theirs, _ = timed("nbgrader", "autograde", assignment, "--course-dir", name)
        feedback, _ = timed("nbgrader", "generate_feedback", assignment, "--course-dir", name)
    print(
        f"{students} solved notebooks of `{CHAPTER.slug}`, {full} of them with full marks; nbgrader runs one at a time."
    )
    print("\n| work | seconds | seconds a submission |\n|---|---|---|")
    for said, taken, of in (
        (f"`nqp mark --jobs {JOBS}`, closed off, with feedback", ours, students),
        (f"`nbgrader autograde`, the first {compared}", theirs, compared),
        (f"`nbgrader generate_feedback`, the first {compared}", feedback, compared),
    ):
        print(f"| {said} | {taken:.0f} | {taken / of:.2f} |")
    print(f"\nThe largest process of `nqp mark` took {memory:.0f} MB.")


if __name__ == "__main__":
    main()

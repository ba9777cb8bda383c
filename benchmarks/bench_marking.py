"""Marking a class of one chapter, against nbgrader's autograde of the same submissions, in one run."""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from nqp.book.chapters import Chapter
from nqp.teaching.course import assign

CHAPTER = Chapter("open_benchmark", "index")
JOBS = 2


def hand_in(folder: Path, students: int) -> str:
    """Write solved notebooks, each with a number of its own, in nbgrader's layout; return the assignment's name."""
    source, release, _ = assign(CHAPTER, (), str(folder))
    model = {
        c.metadata.nbgrader.grade_id: c.source
        for c in nbformat.read(source, as_version=4).cells
        if "nbgrader" in c.metadata
    }
    for student in range(1, students + 1):
        notebook = nbformat.read(release, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = model[cell.metadata.nbgrader.grade_id]
            elif "student-number" in cell.metadata.get("tags", []):
                cell.source = f'number = "{student}"'
        place = folder / "submitted" / str(student) / source.stem / source.name
        place.parent.mkdir(parents=True)
        nbformat.write(notebook, place)
    return source.stem


def timed(*command: str) -> tuple[float, float]:
    """Run a command of this environment; return seconds, and megabytes of the largest process so far."""
    started = time.perf_counter()
    here = str(Path(sys.executable).parent)
    env = {
        **os.environ,
        "PATH": os.pathsep.join([here, os.environ["PATH"]]),
    }  # nbgrader calls alembic by its name
    subprocess.run([f"{here}/{command[0]}", *command[1:]], check=True, capture_output=True, env=env)
    taken = time.perf_counter() - started
    return taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Print the comparison as Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=100)
    students = parser.parse_args().students
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assignment = hand_in(folder, students)
        ours, memory = timed("nqp", "mark", name, "--jobs", str(JOBS))
        timed("nbgrader", "generate_assignment", assignment, "--force", "--course-dir", name)
        theirs, _ = timed("nbgrader", "autograde", assignment, "--course-dir", name)
        feedback, _ = timed("nbgrader", "generate_feedback", assignment, "--course-dir", name)
    print(f"{students} solved notebooks of `{CHAPTER.slug}`; nbgrader runs one at a time.\n")
    print("| work | seconds | seconds a submission |\n|---|---|---|")
    for said, taken in (
        (f"`nqp mark --jobs {JOBS}`, closed off, with feedback", ours),
        ("`nbgrader autograde`", theirs),
        ("`nbgrader generate_feedback`", feedback),
    ):
        print(f"| {said} | {taken:.0f} | {taken / students:.2f} |")
    print(f"\nThe largest process of `nqp mark` took {memory:.0f} MB.")


if __name__ == "__main__":
    main()

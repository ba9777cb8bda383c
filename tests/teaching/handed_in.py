"""Students who solve or spoil an assignment."""

from collections.abc import Callable
from pathlib import Path

import nbformat


class Course:
    """A course folder and what students hand in to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, next((folder / "source").glob("*")).name
        self.teacher, self.released = (
            nbformat.read(folder / kind / self.name / f"{self.name}.ipynb", as_version=4)
            for kind in ("source", "release")
        )

    def unsolved(self, number: str) -> nbformat.NotebookNode:
        """The student's edition with a number in it."""
        notebook = nbformat.reads(nbformat.writes(self.released), as_version=4)
        next(
            c for c in notebook.cells if c.source.startswith("student_number = ")
        ).source = f'student_number = "{number}"'
        return notebook

    def solved(self, number: str) -> nbformat.NotebookNode:
        """The same with the teacher's answers."""
        notebook = self.unsolved(number)
        model = {
            c.metadata.nbgrader.grade_id: c.source for c in self.teacher.cells if "nbgrader" in c.metadata
        }
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = model[cell.metadata.nbgrader.grade_id]
        return notebook

    def hand_in(
        self, number: str, spoil: Callable[[nbformat.NotebookNode], None] = lambda _: None, inside: str = ""
    ) -> None:
        """Put a solved notebook, spoiled or not, into the folder."""
        notebook = self.solved(inside or number)
        spoil(notebook)
        nbformat.write(notebook, self.folder / "submitted" / f"{number}.ipynb")


def answers(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Cells in which students answer with code."""
    return [
        c for c in notebook.cells if c.cell_type == "code" and c.metadata.get("nbgrader", {}).get("solution")
    ]


def checked(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Check cells."""
    return [
        c for c in notebook.cells if c.cell_type == "code" and c.metadata.get("nbgrader", {}).get("grade")
    ]

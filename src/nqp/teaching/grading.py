"""What nbgrader does: the student's edition, and the grades and the feedback of one submission."""

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat

from nqp.paths import write_whole

ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")  # of an object; differs from run to run


def release(teacher: nbformat.NotebookNode, course: Path) -> None:
    """Write both editions into a course folder, with nbgrader's gradebook."""
    from nbgrader.converters import GenerateAssignment

    name = teacher.metadata.nqp.assignment
    write_whole(course / "source" / name / f"{name}.ipynb", nbformat.writes(teacher) + "\n")
    _convert(GenerateAssignment, course, name, ".", GenerateAssignment={"force": True})


def grade(written: str, folder: Path, course: Path, number: str, seconds: int) -> tuple[str, str]:
    """Return a submission as nbgrader graded it, and its feedback, in which there are no hidden tests."""
    from nbgrader.converters import Autograde, GenerateFeedback
    from nbgrader.preprocessors import ClearHiddenTests

    name = nbformat.reads(written, as_version=4).metadata.nqp.assignment
    write_whole(folder / "submitted" / number / name / f"{name}.ipynb", written)
    shutil.copy(course / "gradebook.db", folder)
    _convert(Autograde, folder, name, number, Execute={"timeout": seconds})
    steps = [ClearHiddenTests, *GenerateFeedback.preprocessors.default_args[0]]
    _convert(GenerateFeedback, folder, name, number, GenerateFeedback={"preprocessors": steps})
    graded = folder / "autograded" / number / name / f"{name}.ipynb"
    page = folder / "feedback" / number / name / f"{name}.html"
    return graded.read_text(encoding="utf-8"), ADDRESS.sub("0x", page.read_text(encoding="utf-8"))


def _convert(converter: Any, folder: Path, name: str, number: str, **config: dict[str, Any]) -> None:
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    whole = Config(HTMLExporter={"sanitize_html": True}, **config)
    whole.CourseDirectory = Config(root=str(folder.resolve()), assignment_id=name, student_id=number)
    # by files, since there is no network
    whole.KernelManager = Config(transport="ipc", ip=str(folder / "kernel"))
    # an error shows no line of a hidden test
    whole.Execute.extra_arguments = ["--InteractiveShell.xmode=Minimal"]
    converter(coursedir=CourseDirectory(config=whole), config=whole).start()

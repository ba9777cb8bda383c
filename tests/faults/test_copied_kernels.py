"""A kernel that is a copy of a process with the imports done gives what a kernel of its own gives."""

import json
import os
import signal
import sys
from pathlib import Path
from subprocess import Popen

import nbformat
import pytest
from checkouts import wait_for, write_chapter
from two_chapters import FIRST, SECOND

from nqp.book import warm
from nqp.book.chapters import Chapter
from nqp.book.execute import Execution, execute

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are copied on Linux alone")
TELL = (
    """import logging
import os
import signal
import sys
import tempfile

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyfixest as pf

from nqp.chapter import open_chapter
from nqp.data import open_panel

pd.DataFrame(np.arange(60).reshape(2, 30))""",
    """
print(sorted(set(os.environ) - {"JPY_PARENT_PID"}), os.environ["NQP_CHAPTER"])
print(os.getcwd(), tempfile.gettempdir() == os.environ["TMPDIR"] == os.environ["IPYTHONDIR"])
print(sys.argv[1], sys.path, sys.stdin.read(), hash("a"))
print([signal.getsignal(n) for n in (2, 15, 17)], os.getsid(0) == os.getpid())
print(pf.feols("entreact ~ did | id + year", open_panel()).coef().to_dict(), plt.rcParams["figure.dpi"])
plt.plot([1, 2])
logging.getLogger().warning("said once")""",
)
ANCESTRY = "import os, json\nimport numpy as np\n\nprint(json.dumps([os.getppid(), np.random.rand()]))"


@pytest.fixture(autouse=True)
def originals(monkeypatch) -> dict:
    """Start without a process to copy; return those that come."""
    monkeypatch.setattr(warm, "_originals", {})
    return warm._originals


def never_copy(monkeypatch) -> None:
    """Let the process that would be copied end at once."""
    monkeypatch.setattr(warm, "_originals", {})
    monkeypatch.setattr(warm, "PROGRAM", "/no/such/program")


def the_one(originals: dict) -> Popen:
    """Return the process that is copied."""
    (process,) = originals.values()
    return process


def outputs(ended: Execution) -> list:
    """Return what the cells gave."""
    cells = nbformat.reads(ended.notebook, as_version=4).cells
    return [cell.outputs for cell in cells if cell.cell_type == "code"]


def parent_and_draw(book: Path, chapter: Chapter = FIRST) -> list[float]:
    """Execute a chapter; return the number of its kernel's parent and a draw without a seed."""
    write_chapter(book, chapter.slug, ANCESTRY)
    ended = execute(chapter, {}, "", book)
    assert ended.error == ""
    return json.loads(outputs(ended)[-1][0].text)


def test_a_copy_gives_and_reads_what_a_kernel_of_its_own_does(book, monkeypatch):
    write_chapter(book, FIRST.slug, *TELL)
    parent_and_draw(book, SECOND)  # so that the copy is not the first one
    copied = execute(FIRST, {}, "", book)
    never_copy(monkeypatch)
    own = execute(FIRST, {}, "", book)
    assert '"src/nqp/data/tables.py"' in copied.notebook
    assert copied.notebook == own.notebook
    assert {"stream", "execute_result", "display_data"} <= {
        o.output_type for cell in outputs(copied) for o in cell
    }


def test_copies_draw_differently_without_a_seed(book, monkeypatch, originals):
    monkeypatch.setattr(warm, "ALL_NEED", ("numpy.random",))
    first, second = parent_and_draw(book), parent_and_draw(book, SECOND)
    assert first[0] == second[0] == the_one(originals).pid
    assert first[1] != second[1]


def test_a_process_with_a_thread_is_not_copied(book, tmp_path, monkeypatch):
    (tmp_path / "threaded.py").write_text(
        "import threading, time\n\nthreading.Thread(target=time.sleep, args=[600], daemon=True).start()\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setattr(warm, "ALL_NEED", ("numpy", "threaded"))
    assert parent_and_draw(book)[0] == os.getpid()


def test_another_environment_has_a_process_of_its_own(book, monkeypatch, originals):
    first = parent_and_draw(book)[0]
    monkeypatch.setenv("PANDAS_FUTURE_INFER_STRING", "0")
    second = parent_and_draw(book)[0]
    assert [first, second] == [process.pid for process in originals.values()]


def test_after_the_copied_process_was_killed_kernels_start_as_ever(book, originals):
    original = int(parent_and_draw(book)[0])
    os.kill(original, signal.SIGKILL)
    assert wait_for(lambda: the_one(originals).poll() is not None)
    assert parent_and_draw(book)[0] == os.getpid()

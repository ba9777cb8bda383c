"""A kernel that dies is reported with its cell; samples on which a library would end it are refused by name."""

from pathlib import Path

import pytest
from checkouts import checkout, write_chapter

from nqp.book.chapters import Chapter
from nqp.book.run import RunFailed, run
from nqp.panel import PanelError, require_sample

DIES = "import os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)"
EMPTY = """from nqp.panel import require_sample
import pyfixest as pf

rows = {rows}
pf.feols("entreact ~ did | id + year", rows)
"""


@pytest.fixture
def book(root, tmp_path, monkeypatch) -> Path:
    """A checkout without chapters."""
    made = checkout(root, tmp_path / "book")
    monkeypatch.setenv("NQP_ROOT", str(made))
    return made


def stopped(book: Path, *cells: str) -> str:
    """Run a chapter that must stop, and return what is said."""
    write_chapter(book, "open_benchmark/index", *cells)
    with pytest.raises(RunFailed) as failed:
        run([Chapter("open_benchmark", "index")])
    return str(failed.value)


def test_the_cell_in_which_the_kernel_died_is_named(book):
    said = stopped(book, "print('first')", DIES, "print('third')")
    assert "In the cell\n    import os, signal\n\n    os.kill(os.getpid(), signal.SIGKILL)\n" in said
    assert "DeadKernelError: the kernel died in this cell" in said
    assert "print('third')" not in said


def test_an_empty_sample_is_refused_before_it_ends_the_kernel(book):
    opened = "from nqp.data import open_panel\n\npanel = open_panel()"
    rows = 'panel[panel["year"] > 2100]'
    assert "kernel died" in stopped(book, opened, EMPTY.format(rows=rows))
    guarded = f'require_sample({rows}, ["entreact", "did"], "after 2100")'
    said = stopped(book, opened, EMPTY.format(rows=guarded))
    assert "PanelError: the sample 'after 2100' has no rows" in said
    assert "kernel died" not in said


def test_a_constant_sample_is_refused_by_name(panel):
    never = panel[panel.groupby("id")["did"].transform("max") == 0]
    with pytest.raises(PanelError, match=r"in the sample 'never treated' did has one value in all rows"):
        require_sample(never, ["entreact", "did"], "never treated")
    assert require_sample(panel, ["entreact", "did"], "all") is panel

"""A chapter with three small exercises, its course folder, and students who solve or spoil it."""

import os
import sys
from functools import cache
from pathlib import Path

import pytest
from handed_in import Course

api = pytest.importorskip("nbgrader.api", reason="teaching needs the extra: pip install 'nqp[teach]'")

TOY = Path(__file__).parent / "toy.md"


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """The chapter of means, in a project of its own."""
    from nqp.book.chapters import Chapter

    root = tmp_path_factory.mktemp("project")
    for folder in ("data", "notebooks/toy"):
        (root / folder).mkdir(parents=True)
    (root / "_toc.yml").touch()
    (root / "notebooks/toy/index.md").write_text(TOY.read_text())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NQP_ROOT", str(root))
        patch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        # a process of two seconds, which gives the same each time
        patch.setattr(api, "get_alembic_version", cache(api.get_alembic_version))
        yield Chapter("toy", "index")


@pytest.fixture(scope="module")
def course(toy, tmp_path_factory):
    """Its course folder."""
    from nqp.teaching.course import assign

    return Course(assign(toy, (), str(tmp_path_factory.mktemp("course"))))

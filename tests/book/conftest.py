"""A small book of two chapters, quick to execute."""

import shutil
from pathlib import Path

import pytest
from chapter_cases import write_chapter


@pytest.fixture
def small_book(tmp_path, root, monkeypatch) -> Path:
    """A checkout with two chapters: one that draws numbers, one that only prints."""
    shutil.copytree(root / "data", tmp_path / "data")
    (tmp_path / "src").mkdir()
    (tmp_path / "book").mkdir()
    for name in ("_toc.yml", "requirements.lock", "pyproject.toml"):
        shutil.copy(root / name, tmp_path)
    drawing = (
        "import random\n\nrandom.seed(seed)\nprint([random.random() for _ in range(draws)][:2], {'a', 'b'})"
    )
    write_chapter(tmp_path, "open_benchmark", "index", drawing)
    write_chapter(tmp_path, "open_benchmark", "baseline", 'print("draws", draws)')
    monkeypatch.setenv("NQP_ROOT", str(tmp_path))
    return tmp_path

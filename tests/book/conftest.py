"""A small book of two chapters, quick to execute."""

import shutil
from pathlib import Path

import pytest

CHAPTER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A title

```{{code-cell}} ipython3
:tags: [parameters]

seed = 3
draws = 500
share = 0.5
```

```{{code-cell}} ipython3
{code}
```
"""


@pytest.fixture
def small_book(tmp_path, root, monkeypatch) -> Path:
    """A checkout with two chapters: one that draws numbers, one that only prints."""
    shutil.copytree(root / "data", tmp_path / "data")
    (tmp_path / "src" / "nqp").mkdir(parents=True)
    (tmp_path / "src" / "nqp" / "code.py").write_text("x = 1\n")
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


def write_chapter(root: Path, study: str, section: str, code: str) -> Path:
    """Write a chapter with one code cell."""
    path = root / "notebooks" / study / f"{section}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CHAPTER.format(code=code))
    return path

"""A checkout of two small chapters."""

from pathlib import Path

import pytest
from checkouts import checkout, write_chapter
from two_chapters import FIRST, SECOND


@pytest.fixture
def book(tmp_path, root, monkeypatch) -> Path:
    """A checkout with `FIRST` and `SECOND`, on which everything acts."""
    made = checkout(root, tmp_path / "book")
    write_chapter(made, FIRST.slug, "print(9.572)")
    write_chapter(made, SECOND.slug, "print('draws', draws)")
    monkeypatch.setenv("NQP_ROOT", str(made))
    return made

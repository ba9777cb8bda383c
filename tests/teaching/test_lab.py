"""JupyterLab on the chapters: a text that is opened and saved as a notebook keeps its pair in step."""

import shutil

import nbformat
import pytest

from nqp.book.pairing import sync

jupytext = pytest.importorskip("jupytext")
pytest.importorskip("jupyter_server")


def test_saving_a_text_as_notebook_writes_both(toy, root):
    from jupyter_server.services.contents.largefilemanager import LargeFileManager
    from jupytext.sync_contentsmanager import build_sync_jupytext_contents_manager_class

    here = toy.source.parents[2]
    shutil.copy(root / "pyproject.toml", here)
    manager = build_sync_jupytext_contents_manager_class(LargeFileManager)(root_dir=str(here))
    opened = manager.get("notebooks/toy/index.md", type="notebook", content=True)
    opened["content"].cells.append(nbformat.v4.new_code_cell("added = 1"))
    manager.save({"type": "notebook", "content": opened["content"]}, path="notebooks/toy/index.md")
    assert "added = 1" in toy.source.read_text()
    assert nbformat.read(toy.pair, as_version=4).cells[-1].source == "added = 1"
    sync(toy)
    assert "added = 1" in toy.source.read_text()

"""Every data file is what the manifest says, and nothing reads a file it does not declare."""

import shutil
from pathlib import Path

import pytest
import yaml

from nqp.data import DataError, altered, load_manifest, path_of
from nqp.manifest import sha256
from nqp.paths import data_dir


@pytest.fixture
def copy(tmp_path, root, monkeypatch) -> Path:
    """A small checkout: the table of contents and the data."""
    shutil.copy(root / "_toc.yml", tmp_path)
    shutil.copytree(root / "data", tmp_path / "data")
    monkeypatch.setenv("NQP_ROOT", str(tmp_path))
    return tmp_path


def test_every_hash_is_recomputed():
    for entry in load_manifest().values():
        assert sha256(data_dir() / entry.name) == entry.sha256, entry.name


def test_every_file_has_an_entry():
    own = ("raw", "reference")  # the reader's, and what `nqp verify` guards
    files = {p.relative_to(data_dir()).as_posix() for p in data_dir().rglob("*") if p.is_file()}
    data = {
        f
        for f in files
        if f.split("/")[0] not in own and not f.endswith(("README.md", "manifest.yml", "paper.yml"))
    }
    assert data == set(load_manifest())


def test_one_flipped_digit_is_named(copy):
    panel = copy / "data" / "open" / "panel.csv"
    text = panel.read_text()
    panel.write_text(text.replace("1.484304", "1.484305", 1))
    assert len(altered()) == 1
    with pytest.raises(
        DataError, match=r"data/open/panel\.csv is not the file the book was written with.*git checkout"
    ):
        path_of("open/panel.csv")


def test_a_missing_file_is_named(copy):
    (copy / "data" / "open" / "coordinates.csv").unlink()
    assert altered() == [
        "data/open/coordinates.csv is missing; restore it with `git checkout -- data/open/coordinates.csv`"
    ]


def test_an_unknown_file_is_refused():
    with pytest.raises(DataError, match=r"no file 'open/pannel\.csv' \(did you mean open/panel\.csv"):
        path_of("open/pannel.csv")


def test_a_class_outside_the_list_is_refused(copy):
    manifest = copy / "data" / "manifest.yml"
    content = yaml.safe_load(manifest.read_text())
    content["files"]["open/panel.csv"]["class"] = "invented"
    manifest.write_text(yaml.safe_dump(content))
    with pytest.raises(
        DataError, match="class 'invented'; use one of verbatim, derived, constructed, synthetic"
    ):
        load_manifest()


def test_a_folder_without_a_book_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("NQP_ROOT", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="no book at .* NQP_ROOT"):
        data_dir()

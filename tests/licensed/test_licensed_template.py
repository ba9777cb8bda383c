"""The template: complete, never overwritten, and good once filled."""

import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from licensed_cases import CONTRACT

from nqp.data import DataError
from nqp.licensed import check, template


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[Path, ...]:
    """The template's three files, for tests that leave them as they are."""
    return tuple(map(Path, template("cluster_pilot", tmp_path_factory.mktemp("template"))))


def test_a_filled_template_passes(written, tmp_path, made_up):
    csv, empty = tmp_path / "filled.csv", pd.read_csv(written[0])
    assert list(empty) == list(made_up)
    pd.testing.assert_frame_equal(empty[["adcode", "city", "year"]], made_up[["adcode", "city", "year"]])
    filled = made_up.drop(columns=["output", "labour", "capital"]).reindex(columns=list(empty))
    filled.to_csv(csv, index=False, encoding="utf-8-sig")
    assert check(csv, "cluster_pilot").found.empty


def test_an_empty_template_lacks_every_needed_column(written):
    csv, xlsx, _ = written
    needed = [c.name for c in CONTRACT.columns if c.needed_by]
    for path in (csv, xlsx):
        report = check(path, "cluster_pilot")
        assert report.found["column"].tolist() == needed
        assert report.found["advice"].str.startswith("The column is there, but empty.").all()


def test_the_workbook_explains_itself(written):
    _, xlsx, dictionary = written
    book = openpyxl.load_workbook(xlsx)
    assert book.sheetnames == ["data", "dictionary"]
    assert book["data"].freeze_panes == "D2"
    words = pd.read_excel(xlsx, sheet_name="dictionary").set_index("column")
    assert len(words) == 42
    assert words.loc["EDU", ["unit", "from", "to", "definition_zh"]].tolist() == [
        "share (0 to 1)", 0, 1, "财政教育支出与财政总支出之比",
    ]  # fmt: skip
    assert pd.read_csv(dictionary).set_index("column").shape == words.shape


def test_nothing_is_overwritten_without_force(written, tmp_path):
    for path in written:
        shutil.copy(path, tmp_path)
    (tmp_path / "cluster_pilot_template.csv").write_text("mine")
    with pytest.raises(
        DataError, match=r"cluster_pilot_template\.csv.* already there: nothing written.*--force"
    ):
        template("cluster_pilot", tmp_path)
    assert (tmp_path / "cluster_pilot_template.csv").read_text() == "mine"
    template("cluster_pilot", tmp_path, force=True)
    assert (
        (tmp_path / "cluster_pilot_template.csv").read_bytes().startswith(b"\xef\xbb\xbfadcode,city,year,NQP")
    )


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="there is no folder .*nowhere"):
        template("cluster_pilot", tmp_path / "nowhere")

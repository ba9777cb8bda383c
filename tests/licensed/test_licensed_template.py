"""The template: complete, never overwritten, and good once filled."""

import openpyxl
import pandas as pd
import pytest
from licensed_cases import CONTRACT

from nqp.data import DataError
from nqp.licensed import check, template


def test_a_filled_template_passes(tmp_path, made_up):
    csv = template("cluster_pilot", tmp_path)[0]
    empty = pd.read_csv(csv)
    assert list(empty) == list(made_up)
    pd.testing.assert_frame_equal(empty[["adcode", "city", "year"]], made_up[["adcode", "city", "year"]])
    filled = made_up.drop(columns=["output", "labour", "capital"]).reindex(columns=list(empty))
    filled.to_csv(csv, index=False, encoding="utf-8-sig")
    assert check(csv, "cluster_pilot").found.empty


def test_an_empty_template_lacks_every_needed_column(tmp_path):
    csv, xlsx, _ = template("cluster_pilot", tmp_path)
    needed = [c.name for c in CONTRACT.columns if c.needed_by]
    for path in (csv, xlsx):
        report = check(path, "cluster_pilot")
        assert report.found["column"].tolist() == needed
        assert report.found["advice"].str.startswith("The column is there, but empty.").all()


def test_the_workbook_explains_itself(tmp_path):
    _, xlsx, dictionary = template("cluster_pilot", tmp_path)
    book = openpyxl.load_workbook(xlsx)
    assert book.sheetnames == ["data", "dictionary"]
    assert book["data"].freeze_panes == "D2"
    words = pd.read_excel(xlsx, sheet_name="dictionary").set_index("column")
    assert len(words) == 42
    assert words.loc["EDU", ["unit", "from", "to", "definition_zh"]].tolist() == [
        "share (0 to 1)", 0, 1, "财政教育支出与财政总支出之比",
    ]  # fmt: skip
    assert pd.read_csv(dictionary).set_index("column").shape == words.shape


def test_nothing_is_overwritten_without_force(tmp_path):
    template("cluster_pilot", tmp_path)
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

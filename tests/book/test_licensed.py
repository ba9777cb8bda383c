"""Chapters on the reader's licensed file: staleness by its hash, nothing of it in the outputs."""

from pathlib import Path

import nbformat
import pytest
from chapter_cases import write_chapter
from licensed_cases import chinese_headers

from nqp.book.chapters import Chapter
from nqp.book.keys import stored
from nqp.book.run import RunFailed, run, state
from nqp.licensed.reading import LicensedFileError

BASELINE = Chapter("cluster_pilot", "baseline")
PARAMETERS = "evidence = 'twin'\nlicensed_file = ''\nunit_level = True"
RESULTS = """if evidence == "licensed":
    from nqp.licensed import licensed_panel
    panel = licensed_panel("cluster_pilot")
    print(panel[["NQP", "EDU", "FIN", "ECO"]].describe().to_string(float_format="%.6f"))
    print(panel.groupby("year")["NQP"].mean().to_string())
else:
    print("no file")
"""
PICTURES = """
if unit_level:
    print("a map of the cities")
"""
ROWS = "    print(panel.head(12).to_string())\n"


@pytest.fixture
def book(small_book, made_up) -> Path:
    """A book with a licensed chapter that shows results and, if allowed, a picture of units; a file in data/raw."""
    write_chapter(small_book, "cluster_pilot", "baseline", RESULTS + PICTURES, PARAMETERS)
    made_up.to_csv(small_book / "data" / "raw" / "cluster_pilot.csv", index=False)
    return small_book


def printed(chapter: Chapter) -> str:
    """Return what the chapter's last cell printed."""
    cell = nbformat.read(chapter.executed, as_version=4).cells[-1]
    return "".join(output.get("text", "") for output in cell.outputs)


def test_a_licensed_chapter_carries_results_and_is_stale_when_the_file_changes(book, made_up):
    run([BASELINE], {"evidence": "licensed"})
    assert f"{made_up['NQP'].mean():.6f}" in printed(BASELINE)
    assert "a map of the cities" in printed(BASELINE)
    assert state(BASELINE) == "fresh"
    assert run([BASELINE], keep=True) == []
    raw = book / "data" / "raw" / "cluster_pilot.csv"
    made_up.assign(NQP=made_up["NQP"] / 2).to_csv(raw, index=False)
    assert state(BASELINE) == "stale"
    run([BASELINE], keep=True)
    assert f"{made_up['NQP'].mean() / 2:.6f}" in printed(BASELINE)
    made_up.to_csv(raw, index=False)
    run([BASELINE], {"evidence": "licensed", "unit_level": False})
    assert "a map of the cities" not in printed(BASELINE)


def test_another_path_is_used_remembered_and_shown_nowhere(book, made_up, tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("confidential")
    chinese_headers(made_up.assign(NQP=made_up["NQP"] / 4)).to_csv(
        folder / "secret.csv", index=False, encoding="gbk"
    )
    monkeypatch.chdir(folder)
    run([BASELINE], {"evidence": "licensed", "licensed_file": "secret.csv"})
    assert f"{made_up['NQP'].mean() / 4:.6f}" in printed(BASELINE)
    monkeypatch.chdir(book)
    assert state(BASELINE) == "fresh"
    assert run([BASELINE], keep=True) == []
    assert stored(BASELINE)["overrides"]["licensed_file"] == str(folder / "secret.csv")
    outputs = [p for p in (book / "book").rglob("*") if p.is_file()]
    assert BASELINE.executed in outputs
    for path in outputs:
        text = path.read_text(encoding="utf-8")
        assert "secret" not in text
        assert "confidential" not in text
    run([BASELINE], {"evidence": "licensed"})
    assert "licensed_file" not in stored(BASELINE)["overrides"]
    run([BASELINE])
    assert "no file" in printed(BASELINE)


def test_a_chapter_that_prints_rows_is_stopped_and_emptied(book, made_up):
    write_chapter(book, "cluster_pilot", "baseline", RESULTS.replace("else:", ROWS + "else:"), PARAMETERS)
    with pytest.raises(
        RunFailed, match=r"values of single cities and years of your licensed file stand in cell"
    ):
        run([BASELINE], {"evidence": "licensed"})
    assert not BASELINE.executed.exists()
    kept = (book / "build" / "failed" / "cluster_pilot" / "baseline.ipynb").read_text(encoding="utf-8")
    assert str(made_up.loc[3, "output"]) not in kept
    assert all(not cell.get("outputs") for cell in nbformat.reads(kept, as_version=4).cells)


UNSEEN = """    from myst_nb import glue
    glue("kept", panel.head(12).round(4), display=False)
    raise ValueError("stopped at " + str(panel["NQP"].head(9).tolist()))
"""


def test_glued_tables_and_errors_with_values_are_stopped_and_emptied(book, made_up):
    write_chapter(book, "cluster_pilot", "baseline", RESULTS.replace("else:", UNSEEN + "else:"), PARAMETERS)
    with pytest.raises(RunFailed, match="values of single cities and years .* stand in cell") as stopped:
        run([BASELINE], {"evidence": "licensed"})
    kept = (book / "build" / "failed" / "cluster_pilot" / "baseline.ipynb").read_text(encoding="utf-8")
    for said in (kept, str(stopped.value)):
        assert str(made_up.loc[3, "NQP"]) not in said
        assert str(made_up["output"].round(4)[3]) not in said


def test_a_file_with_problems_stops_the_chapter_and_names_no_value(book, made_up):
    raw = book / "data" / "raw" / "cluster_pilot.csv"
    made_up.assign(EDU=made_up["EDU"].where(made_up.index != 7, -0.7531)).to_csv(raw, index=False)
    with pytest.raises(RunFailed, match="negative value: 1 in EDU.*\n.*nqp data check FILE") as stopped:
        run([BASELINE], {"evidence": "licensed"})
    assert "7531" not in str(stopped.value)


def test_two_files_in_raw_are_refused(book):
    (book / "data" / "raw" / "cluster_pilot.dta").write_bytes(b"x")
    with pytest.raises(
        LicensedFileError,
        match="more than one licensed file data/raw/cluster_pilot.csv, data/raw/cluster_pilot",
    ):
        run([BASELINE], {"evidence": "licensed"})


@pytest.mark.parametrize("end", ["", "\nraise ValueError('later')"])
def test_a_chapter_that_reads_the_file_past_the_check_is_emptied(book, made_up, end):
    code = 'import pandas as pd\nprint(pd.read_csv("data/raw/cluster_pilot.csv")["EDU"].max())' + end
    write_chapter(book, "cluster_pilot", "baseline", code, PARAMETERS)
    raw = book / "data" / "raw" / "cluster_pilot.csv"
    made_up.assign(EDU=made_up["EDU"].where(made_up.index != 7, 17.531)).to_csv(raw, index=False)
    with pytest.raises(RunFailed, match="percent for share: 1 in EDU"):
        run([BASELINE], {"evidence": "licensed"})
    kept = (book / "build" / "failed" / "cluster_pilot" / "baseline.ipynb").read_text(encoding="utf-8")
    assert "17.531" not in kept

"""The commands ``nqp data``."""

import pandas as pd
import pytest
from click.testing import CliRunner

from nqp.cli import main

PAPER = ("--paper", "cluster_pilot")


def nqp(*words: object):
    """Run a command."""
    return CliRunner().invoke(main, ["data", *map(str, words)])


def test_template_names_its_files_and_refuses_to_overwrite(tmp_path):
    first = nqp("template", "cluster_pilot", "--folder", tmp_path)
    assert first.exit_code == 0
    assert sorted(first.output.split()) == sorted(str(path) for path in tmp_path.iterdir())
    again = nqp("template", "cluster_pilot", "--folder", tmp_path)
    assert again.exit_code == 1
    assert again.output.startswith("Error: cluster_pilot_template.csv, ")
    assert nqp("template", "cluster_pilot", "--folder", tmp_path, "--force").exit_code == 0


def test_a_study_without_contract(tmp_path):
    result = nqp("template", "open_benchmark", "--folder", tmp_path)
    assert result.exit_code == 1
    assert result.output.strip() == (
        "Error: no contract for licensed data of 'open_benchmark'; there is one for cluster_pilot, dual_pilot,"
        " industrial_agglomeration, innovative_city"
    )
    assert not list(tmp_path.iterdir())


def test_check_ends_with_zero_for_a_good_file(tmp_path, made_up):
    made_up.to_csv(tmp_path / "mine.csv", index=False)
    result = nqp("check", tmp_path / "mine.csv", *PAPER)
    assert result.exit_code == 0
    assert result.output == "3,324 rows, 42 columns (CSV, UTF-8): 0 problems, 0 warnings\n"


def test_check_ends_with_one_and_writes_the_report_where_told(tmp_path, light):
    light.assign(MAR=light["MAR"] * 100).to_csv(tmp_path / "mine.csv", index=False)
    before = (tmp_path / "mine.csv").read_bytes()
    result = nqp(
        "check", tmp_path / "mine.csv", *PAPER, "--section", "baseline", "--csv", tmp_path / "report.csv"
    )
    assert result.exit_code == 1
    assert "percent for share: 3,324 in MAR 3,324" in result.output
    assert result.output.strip().endswith("report.csv")
    assert len(pd.read_csv(tmp_path / "report.csv")) == 3324
    over = nqp("check", tmp_path / "mine.csv", *PAPER, "--csv", tmp_path / "mine.csv")
    assert "would overwrite" in over.output
    assert (tmp_path / "mine.csv").read_bytes() == before


def test_check_asks_for_the_paper_when_several_have_a_contract(tmp_path, light):
    light.to_csv(tmp_path / "mine.csv", index=False)
    asked = nqp("check", tmp_path / "mine.csv", "--section", "baseline")
    assert asked.exit_code == 1
    assert (
        asked.output == "Error: say whose contract with --paper; there is one for cluster_pilot, dual_pilot,"
        " industrial_agglomeration, innovative_city\n"
    )
    told = nqp("check", tmp_path / "mine.csv", "--section", "baseline", "--paper", "cluster_pilot")
    assert told.exit_code == 0


def test_check_refuses_what_it_cannot_read(tmp_path):
    result = nqp("check", tmp_path / "none.csv", *PAPER)
    assert (result.exit_code, result.output) == (1, f"Error: there is no file {tmp_path / 'none.csv'}\n")
    result = nqp("check", tmp_path / "none.csv", "--section", "base")
    assert "no section base; the sections are index, baseline" in result.output


@pytest.mark.parametrize(
    ("paper", "columns"), [("cluster_pilot", 42), ("dual_pilot", 14), ("industrial_agglomeration", 17)]
)
def test_an_exported_twin_under_chinese_headers_in_gbk_passes_the_check_and_gives_its_numbers(
    tmp_path, paper, columns
):
    from licensed_cases import chinese_headers

    from nqp.licensed import licensed_panel

    result = nqp("export", paper, "--seed", 7, "--format", "csv", "--folder", tmp_path)
    assert result.exit_code == 0, result.output
    twin = pd.read_csv(result.output.strip())
    chinese_headers(twin, paper).to_csv(tmp_path / "mine.csv", index=False, encoding="gbk")
    checked = nqp("check", tmp_path / "mine.csv", "--paper", paper)
    assert checked.exit_code == 0, checked.output
    panel = licensed_panel(paper, licensed_file=str(tmp_path / "mine.csv"))
    twin = twin.sort_values(["adcode", "year"], ignore_index=True)
    shared = [name for name in panel if name in twin]
    assert len(shared) == columns
    pd.testing.assert_frame_equal(panel[shared], twin[shared], check_dtype=False, check_exact=True)


def test_another_world_is_exported_under_its_name_and_an_unknown_one_refused(tmp_path):
    made = nqp("export", "cluster_pilot", "--world", "valid_instruments", "--folder", tmp_path)
    assert made.output.strip().endswith("cluster_pilot_valid_instruments_seed7_SYNTHETIC.csv")
    refused = nqp("export", "cluster_pilot", "--world", "best_of_all", "--folder", tmp_path)
    assert refused.exit_code == 1
    assert "has no world 'best_of_all'; it has as_printed" in refused.output


def test_the_report_runs_no_formula_of_the_file(tmp_path, light):
    attack = "=cmd|' /C calc'!A0"
    odd = light.astype({"EDU": object}).assign(**{"@remark": 1})
    odd.loc[3, "EDU"], odd.loc[4, "EDU"] = attack, -0.5
    odd.to_csv(tmp_path / "odd.csv", index=False)
    nqp("check", tmp_path / "odd.csv", *PAPER, "--section", "baseline", "--csv", tmp_path / "report.csv")
    rows = pd.read_csv(tmp_path / "report.csv", dtype=str).set_index("rule")
    assert rows.loc["formula without a value", "value"] == "'" + attack
    assert rows.loc["negative value", "value"] == "-0.5"
    assert rows.loc["unknown column", "column"] == "'@remark"

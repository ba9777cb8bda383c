"""Small faults at the surface: a command that changes nothing, counts that mislead, anchors that stand twice."""

import re
import shlex

import pandas as pd
import pytest
from click.testing import CliRunner
from licensed_cases import BASELINE

from nqp.book.chapters import all_chapters
from nqp.book.execute import _run_box
from nqp.book.given import parse_pairs
from nqp.book.parameters import read_cell
from nqp.cli import main
from nqp.evidence.findings import findings
from nqp.show import finding_cards


@pytest.mark.parametrize("chapter", all_chapters(), ids=lambda c: c.slug)
def test_the_command_that_a_page_shows_changes_something_and_is_taken(chapter):
    (line,) = re.findall(r"^\.venv/bin/nqp run .*", _run_box(chapter), re.M)
    _, _, slug, option, pair = shlex.split(line)
    assert (slug, option) == (chapter.slug, "-p")
    ((name, value),) = chapter.settings(parse_pairs([pair])).items()
    assert value != chapter.parameters[name].default
    assert name != "evidence", "the reader may have no licensed file"


@pytest.mark.parametrize(
    ("line", "another"),
    [
        ("a = 7  # 2 to 7", 6),
        ("a = 2  # 2 to 7", 3),
        ("a = 2  # one of: 2, 9", 9),
        ("a = 'x'  # one of: w, x", "w"),
        ("a = False", True),
        ("a = True", False),
        ("a = ''  # any path", None),
        ("a = 0.5  # 0 to 1", None),
    ],
)
def test_another_value_is_one_that_is_taken(line, another):
    one = read_cell(line, "cluster_pilot")["a"]
    assert one.another == another
    assert another is None or one.read(another) == another


def check(panel: pd.DataFrame, path) -> str:
    """Return what `nqp data check` says of a panel."""
    panel.to_csv(path, index=False)
    return (
        CliRunner()
        .invoke(main, ["data", "check", str(path), "--paper", "cluster_pilot", "--section", "baseline"])
        .output
    )


def test_rows_of_one_problem_are_one_problem(tmp_path, light):
    said = check(light.assign(MAR=light["MAR"] * 100), tmp_path / "mine.csv")
    assert said.startswith("3,324 rows, 14 columns (CSV, UTF-8): 1 problem (3,324 rows), 0 warnings\n")


@pytest.mark.parametrize(
    ("written", "meant"), [("Educ", "EDU"), ("edu_", "EDU"), ("NQPs", "NQP"), ("Year1", "year")]
)
def test_a_header_that_is_nearly_one_of_the_contract_gets_its_name(tmp_path, light, written, meant):
    assert {"EDU", "NQP"} <= set(BASELINE)
    said = check(light.rename(columns={meant: written}), tmp_path / "mine.csv")
    if written == "edu_":
        assert "0 problems" in said  # case and underscores make no difference
        return
    assert f"{written}. It is not used. Did you mean {meant}? Then rename it." in said
    assert f"{meant}. Is it the column {written}? Then rename that." in said


def test_issues_of_two_papers_on_one_page_have_anchors_of_their_own():
    cards = "".join(str(finding_cards(findings(one), one)) for one in ("cluster_pilot", "dual_pilot"))
    anchors = re.findall(r'id="(issue-[^"]+)"', cards)
    assert len(anchors) == len(set(anchors)) > 10
    assert any(anchor.startswith("issue-dual_pilot-") for anchor in anchors)

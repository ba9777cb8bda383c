"""Pages made from data: one for each paper, the list of papers, bars of verdicts, the glossary."""

import re
import shutil

import pandas as pd
import pytest
from test_papers_hold_together import edit

from nqp.book.chapters import all_chapters
from nqp.book.front import write_front
from nqp.book.ledgers import COLUMNS
from nqp.book.new import new_paper
from nqp.evidence.findings import findings
from nqp.papers import papers
from nqp.show import verdict_bars
from printcheck.report import issues

ROW = dict.fromkeys(COLUMNS, "") | {"study": "cluster_pilot", "section": "baseline", "replicated": "0.00909"}


@pytest.fixture
def front(small_book, root):
    """Write the pages of the small book, with two verdicts on one number; return its folder of pages."""
    shutil.copy(root / "book" / "references.bib", small_book / "book")
    rows = [
        {"id": "t3.c1.INN.coef", "evidence": "twin", "verdict": "by design"},
        {"id": "t3.c1.INN.coef", "evidence": "open", "verdict": "same sign"},
        {"id": "t99.later", "evidence": "open", "verdict": "match"},
    ]
    pd.DataFrame([ROW | row for row in rows]).to_csv(small_book / "book" / "ledger.csv", index=False)
    write_front()
    return small_book / "book"


def test_the_list_says_what_is_replicated_and_what_is_not(front):
    said = (front / "_made" / "papers.md").read_text().splitlines()
    # no paper of the small book has an audit, and one chapter left verdicts
    assert said[0] == "Of 6 papers, 5 are entered only and 1 is replicated in method."
    [row] = [line for line in said if "Li & Wei" in line]
    assert row.startswith("| {doc}`Li & Wei (2025) </book/cluster_pilot/paper>` | 277 cities, 2011-2022 |")
    assert row.endswith("| replicated in method | 1 of 234 with a verdict |")


def test_the_page_of_a_paper_follows_from_its_ledger(front):
    page = (front / "cluster_pilot" / "paper.md").read_text()
    one = papers()["cluster_pilot"]
    assert page.startswith(f"# {one.title}\n\n{one.title_zh}\n")
    assert one.claim in page
    assert one.data in page
    assert 'aria-label="printed numbers: 1 same sign, 233 none yet"' in page
    assert "Of 1 printed numbers:\n1 same sign." in page
    effect = "| Innovative industrial cluster pilot | New quality productive forces"
    assert effect + " | 0.0178\\*\\*\\* | 0.00909 | same sign |" in page
    assert "No chapter of this paper is written yet." in page


def test_a_paper_nobody_met_says_so_and_lists_its_chapters(front):
    page = (front / "open_benchmark" / "paper.md").read_text()
    assert "No chapter has put this paper's claim to real data yet." in page
    assert "**Entered only.**" in page
    assert "| {doc}`A title </book/open_benchmark/index>` | 1 min | 1 min |" in page


def test_pages_are_written_only_when_they_change(front, small_book):
    before = {path: path.stat().st_mtime_ns for path in front.rglob("*.md")}
    write_front()
    assert {path: path.stat().st_mtime_ns for path in front.rglob("*.md")} == before
    edit(small_book, "cluster_pilot", "claim: Cluster pilots", "claim: Pilots of clusters")
    write_front()
    changed = [path for path, time in before.items() if path.stat().st_mtime_ns != time]
    assert changed == [front / "cluster_pilot" / "paper.md"]


def test_a_new_paper_has_its_page_at_once(front):
    new_paper("wang_2027")
    write_front()
    page = (front / "wang_2027" / "paper.md").read_text()
    assert "CLAIM TO FILL IN" in page
    assert "footcite" not in page  # its reference is not in references.bib yet
    assert page.count("not measured |") == 5


@pytest.mark.parametrize("slug", ["dual_pilot", "innovative_city"])
def test_an_audited_paper_shows_the_first_three_issues(root, tmp_path, monkeypatch, slug):
    for name in ("data", "notebooks", "src/printcheck"):
        shutil.copytree(root / name, tmp_path / name)
    (tmp_path / "book").mkdir()
    shutil.copy(root / "_toc.yml", tmp_path)
    shutil.copy(root / "book" / "references.bib", tmp_path / "book")
    monkeypatch.setenv("NQP_ROOT", str(tmp_path))
    write_front()
    page = (tmp_path / "book" / slug / "paper.md").read_text()
    assert "**Audited only.**" in page
    shown = re.findall(rf"audit\.html#issue-{slug}-([\w-]+)", page)
    assert shown == issues(findings(slug))["issue"].tolist()[:3]


def test_bars_are_cut_in_proportion_and_can_be_read_aloud():
    counts = pd.DataFrame({"match": [3, 0, 0], "a <b>": [1, 2, 0]}, index=["one", "two & three", "empty"])
    html = str(verdict_bars(counts, "What & how", {"one": "there.html"}))
    assert re.findall(r"flex-grow:(\d+)", html) == ["3", "1", "2"]
    assert re.findall(r'aria-label="([^"]*)"', html) == [
        "one: 3 match, 1 a &lt;b&gt;",
        "two &amp; three: 2 a &lt;b&gt;",
    ]
    assert '<a href="there.html">one</a>' in html
    assert '<li><i data-verdict="match"></i>3 match</li>' in html
    assert "<b>" not in html
    assert "empty" not in html


def test_each_term_of_the_glossary_has_a_chinese_name_and_one_line(root):
    text = (root / "book" / "glossary.md").read_text()
    blocks = re.findall(r"```\{glossary\}\n:sorted:\n(.*?)```", text, re.S)
    entries = [entry for block in blocks for entry in block.strip().split("\n\n")]
    assert len(entries) > 50
    for entry in entries:
        *terms, meaning = entry.split("\n")
        assert meaning.startswith("  "), entry
        assert meaning.endswith("."), entry
        assert terms, entry
    names = [name for e in entries for name in e.split("\n")[:-1]]
    assert len(set(names)) == len(names)
    pages = {path.stem for path in (root / "book").glob("*.md")} | {c.section for c in all_chapters()}
    assert not pages & set(names), "a link such as [](audit) could then mean the page or the term"

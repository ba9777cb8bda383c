"""`nqp report`: what an editor asks for, on one page, and nothing of single units of a licensed file."""

import shutil

import pandas as pd
import pytest
from chapter_cases import write_chapter
from click.testing import CliRunner

from nqp.book.chapters import Chapter
from nqp.book.render import BROWSERS, print_pdf
from nqp.book.run import run
from nqp.cli import main
from nqp.evidence.findings import findings
from nqp.papers import paper

INDEX = Chapter("cluster_pilot", "index")
PARAMETERS = "evidence = 'twin'  # one of: twin, licensed\nlicensed_file = ''\nkeep = True"
CODE = """from nqp.chapter import open_chapter

chapter = open_chapter("cluster_pilot", "index", evidence=evidence, seed=7, licensed_file=licensed_file)
ledger = chapter.ledger
mean = "t2.NQP.mean"
ledger.record_value(mean, chapter.panel["NQP"].mean(), evidence=evidence, engine="pandas",
                    reasons={mean: ("data revised", "a file that was made up")})
for number in ledger.published.index.drop(mean):
    ledger.not_checkable(number, "unresolved", "left out of this test")
ledger.close()"""
HEADINGS = ["Summary", "General", "Data description", "Stated requirements", "Code description"]
HEADINGS += ["Computing environment of the replicator", "Replication steps", "Findings", "Classification"]


@pytest.fixture
def book(small_book, root, monkeypatch):
    """A book with one chapter that keeps a ledger, the audits and the styles; no Chromium."""
    for path in (small_book / "notebooks").glob("*/*.md"):
        path.unlink()
    write_chapter(small_book, "cluster_pilot", "index", CODE, PARAMETERS)
    shutil.copy(root / "notebooks" / "cluster_pilot" / "audit.py", small_book / "notebooks" / "cluster_pilot")
    shutil.copytree(
        root / "book" / "_static", small_book / "book" / "_static", ignore=shutil.ignore_patterns("mathjax")
    )
    shutil.copytree(root / "src" / "printcheck", small_book / "src" / "printcheck")
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name in BROWSERS else which(name))
    return small_book


def report(book, *words):
    """Write a report and return what the command said, the page's text and the CSV."""
    ended = CliRunner().invoke(main, ["report", *words])
    assert ended.exit_code == 0, ended.output
    page = book / "build" / "report" / f"{[*words, 'all_papers'][0]}.html"
    return (
        ended,
        page.read_text(encoding="utf-8"),
        pd.read_csv(page.with_suffix(".csv"), dtype=str, keep_default_na=False),
    )


def test_a_run_on_a_licensed_file_gives_the_ledger_and_no_unit(book, made_up, tmp_path_factory):
    mine = tmp_path_factory.mktemp("secret") / "mine.csv"
    made_up.to_csv(mine, index=False)
    run([INDEX], {"evidence": "licensed", "licensed_file": str(mine)})
    ended, page, rows = report(book, "cluster_pilot")
    for heading in HEADINGS:
        assert f"<h2>{heading}</h2>" in page
    mean = rows[(rows["row"] == "printed number") & (rows["id"] == "t2.NQP.mean")].iloc[0]
    assert float(mean["replicated"]) == pytest.approx(made_up["NQP"].mean(), rel=1e-9)
    assert (mean["evidence"], mean["verdict"]) == ("licensed", "differs")
    assert "data revised: a file that was made up" in page
    assert "Not able to reproduce most of the results" in page  # one number of 234, and it differs
    (chapter,) = rows[rows["row"] == "chapter"].to_dict("records")
    assert (chapter["state"], chapter["parameters"]) == ("fresh", "evidence = 'licensed'")
    everything = page + rows.to_csv() + ended.output
    assert "secret" not in everything
    assert not [value for value in made_up["NQP"].head(50) if f"{value:.6f}" in everything]
    assert "no PDF: there is no Chromium on this machine; open " in ended.stderr
    assert not list((book / "build").rglob("*.pdf"))


def test_every_number_issue_file_and_package_has_a_row(book):
    _, page, rows = report(book, "cluster_pilot")
    found = findings("cluster_pilot")
    counts = rows["row"].value_counts()
    assert counts["printed number"] == 234
    assert counts["audit issue"] == found.loc[found["issue"] != "", "issue"].nunique()
    assert all(title in page for title in rows.loc[rows["row"] == "audit issue", "title"])
    files = rows[rows["row"] == "data file"].set_index("name")
    for name, entry in paper("cluster_pilot").files.items():
        assert files.at[f"papers/cluster_pilot/{name}", "sha256"] == entry["sha256"]
    packages = rows[rows["row"] == "environment"].set_index("name")["version"]
    assert packages["pandas"] == pd.__version__
    assert "Not fresh: cluster_pilot/index" in page  # it was never run
    assert "<strong>Not assessed.</strong>" in page
    assert "://" not in page.split("<body")[1].replace("https://doi.org", "")


def test_without_a_paper_all_are_reported_and_an_unknown_one_is_refused(book):
    _, page, rows = report(book)
    numbers = rows[rows["row"] == "printed number"].groupby("study").size()
    assert len(numbers) == 6
    assert page.count("<h2>Classification</h2>") == 6
    ended = CliRunner().invoke(main, ["report", "cluster_plot"])
    assert ended.exit_code == 1
    assert "unknown paper 'cluster_plot' (did you mean cluster_pilot" in ended.stderr


def test_the_scorecard_as_csv_counts_what_the_terminal_counts(book):
    target = book / "card.csv"
    assert CliRunner().invoke(main, ["scorecard", "cluster_pilot", "--csv", str(target)]).exit_code == 0
    card = pd.read_csv(target)
    assert card["printed"].sum() == 234
    assert "234 printed numbers" in CliRunner().invoke(main, ["scorecard", "cluster_pilot"]).output


def test_every_command_has_an_example_that_begins_with_its_name():
    def walk(command, name):
        yield name, command
        for child, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, f"{name} {child}")

    for name, command in walk(main, "nqp"):
        assert command.epilog.startswith(f"Example: {name} "), name


def test_parameters_are_listed_with_what_they_take_and_worlds_by_name(book):
    write_chapter(
        book,
        "cluster_pilot",
        "index",
        "1",
        'world = "as_printed"  # a world of the twin\nseed = 7  # at least 0',
    )
    said = CliRunner().invoke(main, ["list", "--parameters"]).output
    assert "world = 'as_printed': one of as_printed, " in said
    assert "seed = 7: a whole number, at least 0" in said


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    if not (found := next(filter(None, map(shutil.which, BROWSERS)), None)):
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


PAGE = """<style>{styles}</style><header class="bd-header">menu</header><div class="bd-sidebar-primary">pages</div>
<article class="bd-article"><p id="text">prose</p><details id="closed"><summary>s</summary>code</details>
<details id="open" open><summary>s</summary>more</details><div class="nqp-scroll" id="wide"><table class="nqp-table">
<tr>{cells}</tr></table></div></article>"""


def test_on_paper_there_is_no_navigation_and_no_table_is_cut(browser, root):
    styles = "".join((root / "book" / "_static" / name).read_text() for name in ("nqp.css", "print.css"))
    page = browser.new_page(viewport={"width": 690, "height": 900})  # A4 less its margins
    page.set_content(PAGE.format(styles=styles, cells="<td>a number of 12 345</td>" * 14))
    overhang = "document.getElementById('wide').scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overhang) > 0  # on the screen it scrolls
    page.emulate_media(media="print")
    assert page.evaluate(overhang) <= 0
    shown = {
        name: page.locator(name).is_visible()
        for name in (".bd-header", ".bd-sidebar-primary", "#closed", "#open", "#text")
    }
    assert shown == {
        ".bd-header": False,
        ".bd-sidebar-primary": False,
        "#closed": False,
        "#open": True,
        "#text": True,
    }


@pytest.mark.usefixtures("browser")
def test_a_page_becomes_a_pdf_beside_it(tmp_path):
    page = tmp_path / "a page.html"
    page.write_text("<p>Nothing but text</p>")
    assert print_pdf(page) == tmp_path / "a page.pdf"
    assert (tmp_path / "a page.pdf").read_bytes().startswith(b"%PDF-")

"""The whole book, built from a clean copy and opened in a browser."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from compiled_pages import OF_EXERCISES, Page, dead_links, read_page
from leaks import leaks
from licensed_cases import chinese_headers

from nqp.book.contents import pages
from nqp.book.ledgers import read_ledger
from nqp.book.verify import compare, reference
from nqp.papers import SECTIONS

pytestmark = pytest.mark.book
LEFT_OUT = (
    ".git",
    ".venv",
    "build",
    "*.ipynb",
    "ledger.csv.part",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
)
LEFT = "net::ERR_ABORTED"  # the window went on to the next page; a file that is not there gives another word


def nqp(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Call the command as a reader would, on a copy of the project."""
    command = [str(Path(sys.executable).with_name("nqp")), *arguments]
    # a reader's machine writes bytecode, which must not count as a change of the book
    environment = {**os.environ, "NQP_ROOT": str(root), "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory, root):
    target = tmp_path_factory.mktemp("checkout") / "book"
    shutil.copytree(root, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
    (target / "book" / "ledger.csv").unlink(missing_ok=True)
    return target


@pytest.fixture(scope="module")
def built(copy):
    """The copy after a build with few draws."""
    ended = nqp(copy, "build", "--quick")
    assert ended.returncode == 0, ended.stderr[-3000:]
    assert ended.stdout.strip() == str(copy / "build" / "_build" / "html" / "index.html")
    return copy


def test_every_page_is_there(built):
    html = built / "build" / "_build" / "html"
    for page in [*pages(), "index", "search"]:
        assert (html / f"{page}.html").is_file(), page


def test_a_second_build_runs_nothing(built):
    made = (built / "build" / "_build" / "html" / "book" / "intro.html").stat().st_mtime_ns
    ended = nqp(built, "build", "--quick")
    assert "0 chapters executed" in ended.stderr
    assert list((built / "book" / "_extensions").glob("__pycache__/*")), "the first build wrote no bytecode"
    assert (built / "build" / "_build" / "html" / "book" / "intro.html").stat().st_mtime_ns == made


def test_one_flipped_digit_stops_the_build_and_names_the_file(built):
    panel = built / "data" / "open" / "panel.csv"
    text = panel.read_text()
    panel.write_text(text.replace("1.484304", "1.484305", 1))
    ended = nqp(built, "build")
    panel.write_text(text)
    assert ended.returncode == 1
    assert "data/open/panel.csv is not the file the book was written with" in ended.stderr


def test_the_ledger_is_the_committed_one(built):
    found = read_ledger(built / "book" / "ledger.csv")
    assert compare(reference(), found) == []
    first = found[(found["study"] == "open_benchmark") & found["id"].str.match(r"t[234]\.")]
    assert len(first) == 154
    assert set(first["verdict"]) <= {"match", "near"}
    assert (first.loc[first["verdict"] == "near", "reason"] != "").all()


def test_the_scorecard_command_counts_the_same(built):
    said = nqp(built, "scorecard", "open_benchmark").stdout
    row = next(line for line in said.splitlines() if " t3 " in line).split()
    assert row[:6] == ["open_benchmark", "baseline", "t3", "66", "66", "66"]


def test_chapters_are_quiet_and_their_figures_say_what_they_show(built):
    for path in (built / "book").glob("*/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            outputs = cell.get("outputs", [])
            assert not [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"], path
            if any("image/png" in o.get("data", {}) for o in outputs):
                assert cell.metadata["mystnb"]["figure"]["caption"], path
                assert cell.metadata["mystnb"]["image"]["alt"], path


@pytest.fixture(scope="module")
def compiled(built) -> dict[Path, Page]:
    """Every page of the book by its file."""
    files = [built / "build" / "_build" / "html" / f"{page}.html" for page in pages()]
    return {path: read_page(path) for path in files}


def test_every_image_has_alternative_text(compiled):
    assert {path.stem: page.bare for path, page in compiled.items() if page.bare} == {}


def test_every_link_within_the_book_has_its_target(compiled):
    assert sum(len(page.links) for page in compiled.values()) > 1000
    assert {path.stem: dead for path, page in compiled.items() if (dead := dead_links(path, page))} == {}


def test_a_page_has_one_title_and_no_anchor_twice(compiled):
    """The theme's hidden title for printing stands outside the article."""
    assert {path.stem: page.titles for path, page in compiled.items() if page.titles != 1} == {}
    twice = {path.stem: page.repeated() - OF_EXERCISES for path, page in compiled.items()}
    assert {name: anchors for name, anchors in twice.items() if anchors} == {}


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        if os.environ.get("CI") and sys.platform.startswith("linux"):
            pytest.fail("no Chromium on this machine; install it so that the pages are looked at")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


def open_page(browser, built, name, *, width=1400, dark=False):
    """Open a page; return it with the requests that left the machine and the errors of the console."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    outside, errors = [], []
    page.on(
        "request",
        lambda r: outside.append(r.url) if r.url.split(":")[0] not in ("file", "data", "blob") else None,
    )
    page.on("requestfailed", lambda r: errors.append(f"{r.failure}: {r.url}") if r.failure != LEFT else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto((built / "build" / "_build" / "html" / f"{name}.html").as_uri())
    page.wait_for_load_state("networkidle")
    return page, outside, errors


def test_pages_load_without_the_network_and_fit_a_phone(browser, built):
    page, outside, errors = open_page(browser, built, pages()[0], width=400)
    for name in pages():
        page.goto((built / "build" / "_build" / "html" / f"{name}.html").as_uri())
        page.wait_for_load_state("networkidle")
        assert outside == [], name
        assert errors == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, name
    page.context.close()


CONTRAST = """
selector => [...document.querySelectorAll(selector)].map(e => {
  const rgb = c => c.match(/[\\d.]+/g).map(Number);
  const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.map(v => linear(v / 255)); return .2126 * r + .7152 * g + .0722 * b; };
  const clear = x => rgb(getComputedStyle(x).backgroundColor)[3] === 0;
  let back = e; while (back.parentElement && clear(back)) back = back.parentElement;
  const [a, b] = [light(rgb(getComputedStyle(e).color)), light(rgb(getComputedStyle(back).backgroundColor))];
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); })
"""


@pytest.mark.parametrize("dark", [False, True])
def test_tables_are_readable_in_light_and_dark(browser, built, dark):
    page, _, _ = open_page(browser, built, "book/open_benchmark/baseline", dark=dark)
    for selector in (
        ".nqp-table td",
        ".nqp-table th",
        ".nqp-printed",
        ".nqp-replicated",
        ".nqp-verdict",
        "caption",
    ):
        ratios = page.evaluate(CONTRAST, selector)
        assert ratios, selector
        assert min(ratios) >= 4.5, f"{selector}: {min(ratios):.1f}"
    page.context.close()


@pytest.mark.parametrize("dark", [False, True])
def test_findings_are_readable_and_can_be_filtered(browser, built, dark):
    page, _, _ = open_page(browser, built, "book/synthesis/audit", dark=dark)
    assert min(page.evaluate(CONTRAST, ".nqp-finding p, .nqp-finding dd, .nqp-finding .nqp-verdict")) >= 4.5
    box = page.locator(".nqp-filterable").first
    box.evaluate("e => e.closest('details').open = true")
    every = box.locator("tbody tr").count()
    box.get_by_label("Show one verdict only").select_option("cannot tell")
    left = box.locator("tbody tr:visible")
    assert 0 < left.count() < every
    assert set(left.locator(".nqp-verdict").all_inner_texts()) == {"cannot tell"}
    box.get_by_label("Show one verdict only").select_option("")
    box.get_by_label("Show findings that hold these words").fill("t8 rho")
    assert 0 < left.count() < every
    assert f"{left.count()} of {every} findings" in box.inner_text()
    page.context.close()


def test_formulas_are_typeset(browser, built):
    page, _, _ = open_page(browser, built, "book/open_benchmark/baseline")
    page.wait_for_selector("mjx-container")
    assert page.locator("mjx-container").count() > 10
    page.context.close()


def test_a_cell_of_the_scorecard_leads_to_its_replicate(browser, built):
    page, _, _ = open_page(browser, built, "book/synthesis/scorecard")
    link = page.locator('a[href$="baseline.html#t3.c3.did.coef"]')
    link.evaluate("e => e.closest('details').open = true")
    link.click()
    page.wait_for_url("**/baseline.html#t3.c3.did.coef")
    row = page.locator('[id="t3.c3.did.coef"]').locator("xpath=ancestor::tr")
    assert "0.294" in row.inner_text()
    assert row.locator("xpath=following-sibling::tr[1]").locator(".nqp-match").count() == 3
    page.context.close()


def test_downloads_search_and_neighbours_work(browser, built):
    page, _, _ = open_page(browser, built, "book/open_benchmark/baseline")
    html = built / "build" / "_build" / "html" / "book" / "open_benchmark"
    links = [a.get_attribute("href") for a in page.locator(".nqp-run a").all()]
    assert sorted(Path(link).suffix for link in links) == [".ipynb", ".md"]
    assert all((html / link).resolve().is_file() for link in links)
    assert page.locator(".prev-next-footer a").count() == 2
    page.goto((built / "build" / "_build" / "html" / "search.html").as_uri() + "?q=winsorised")
    page.wait_for_selector("#search-results li a")
    found = [a.get_attribute("href") for a in page.locator("#search-results li a").all()]
    assert any("open_benchmark/index" in link for link in found)
    page.goto((built / "build" / "_build" / "html" / "search.html").as_uri() + "?q=baseline")
    page.wait_for_selector("#search-results li a")
    titles = [a.inner_text() for a in page.locator("#search-results li a").all()]
    assert "Baseline: do innovative clusters raise entrepreneurship? · the open benchmark" in titles
    page.context.close()


def test_titles_name_the_paper_and_headings_do_not(browser, built):
    page, _, _ = open_page(browser, built, "book/cluster_pilot/baseline")
    assert "· cluster pilots" in page.title()
    assert "·" not in page.locator(".bd-article h1").inner_text()
    assert [a.inner_text().count("· cluster pilots") for a in page.locator(".prev-next-footer a").all()] == [
        1,
        1,
    ]
    page.context.close()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [400, 1400])
def test_the_page_of_a_paper_and_the_scorecard_fit_and_can_be_read(browser, built, width, dark):
    for name in ("book/cluster_pilot/paper", "book/synthesis/scorecard"):
        page, _, _ = open_page(browser, built, name, width=width, dark=dark)
        for bar in page.locator(".nqp-bar").all():
            parts = bar.locator("i").evaluate_all("all => all.map(i => i.getBoundingClientRect().width)")
            assert min(parts) >= 1.5
            assert bar.get_attribute("aria-label")
        selector = ".nqp-bars li, .nqp-bars figcaption, .nqp-bar-row span, .nqp-counts span"
        assert min(page.evaluate(CONTRAST, selector)) >= 4.5, name
        page.context.close()


def test_the_issues_on_the_page_of_a_paper_lead_to_the_audit(browser, built):
    page, _, _ = open_page(browser, built, "book/dual_pilot/paper")
    links = page.locator('a[href*="audit.html#issue-"]')
    assert links.count() == 3
    name = links.first.inner_text()
    links.first.click()
    page.wait_for_url("**/audit.html#issue-*")
    assert name in page.locator(":target").inner_text()
    page.context.close()


NUMBERS = """t1.c1.cities.n,t1,,c1,,entreact,cities,n,284,284,0,,baseline,,,
t1.c1.first.min,t1,,c1,,,first,min,2009,2009,0,,baseline,,,
t1.c1.last.max,t1,,c1,,,last,max,2013,2013,0,,baseline,,,
text.design.n,text,,,,,design,n,16,16,0,,index,,,
"""
RECORDS = """from nqp.data import open_panel

panel = open_panel()
for number, value in {
    "t1.c1.cities.n": panel["id"].nunique(),
    "t1.c1.first.min": panel["year"].min(),
    "t1.c1.last.max": panel["year"].max(),
}.items():
    why = {"t1.c1.last.max": ("data revised", "the panel has later years")}
    ledger.record_value(number, value, evidence="printed", reasons=why)
ledger.show("t1")
"""


def checkout(root: Path) -> dict[str, bytes]:
    """Return the files of a copy but for what a build generates."""
    files = {p.relative_to(root).as_posix(): p for p in root.rglob("*") if p.is_file()}
    made = ("build/", "book/ledger.csv", "book/_made/", ".ruff_cache")
    return {
        name: path.read_bytes()
        for name, path in files.items()
        if not name.startswith(made)
        and path.suffix != ".ipynb"
        and path.name != "paper.md"
        and "__pycache__" not in name
    }


@dataclass(frozen=True)
class Round:
    """A book into which a licensed file came, and then a seventh paper, before it was built once more."""

    book: Path
    before: dict[str, bytes]
    ran: list[subprocess.CompletedProcess]  # one a paper
    ended: subprocess.CompletedProcess
    exported: dict[str, Path]  # by paper
    folder: Path  # of the files that hold them under Chinese headers


def add_seventh(book: Path) -> None:
    """As an author would: `nqp new`, a handful of printed numbers, one chapter that replicates them."""
    assert nqp(book, "new", "seventh").returncode == 0
    data, notebooks = book / "data" / "papers" / "seventh", book / "notebooks" / "seventh"
    numbers = data / "published.csv"
    was = hashlib.sha256(numbers.read_bytes()).hexdigest()
    numbers.write_text(numbers.read_text() + NUMBERS)
    declared = (data / "paper.yml").read_text()
    declared = declared.replace(was, hashlib.sha256(numbers.read_bytes()).hexdigest())
    (data / "paper.yml").write_text(declared.replace("headline: []", "headline: [t1.c1.cities.n]"))
    chapter = notebooks / "baseline.md"
    printed_beside = "## The method\n"
    cell = f"```{{code-cell}} ipython3\n{RECORDS}```\n\n{printed_beside}"
    chapter.write_text(chapter.read_text().replace(printed_beside, cell))


LICENSED = ("cluster_pilot", "dual_pilot", "industrial_agglomeration", "innovative_city")


@pytest.fixture(scope="module")
def changed(built, tmp_path_factory) -> Round:
    """Every paper that takes a licensed file on one, Chinese headers in GBK, and a seventh paper, in one build.

    Tests of it stand last, since it changes what is executed.
    """
    folder, exported, ran = tmp_path_factory.mktemp("licensed"), {}, []
    for paper in LICENSED:
        made = nqp(built, "data", "export", paper, "--seed", "7", "--folder", str(folder)).stdout.strip()
        exported[paper], secret = Path(made), folder / f"{paper}_mine.csv"
        chinese_headers(pd.read_csv(made), paper).to_csv(secret, index=False, encoding="gbk")
        assert nqp(built, "data", "check", str(secret), "--paper", paper).returncode == 0
        options = ("--quick", "-p", "evidence=licensed", "-p", f"licensed_file={secret}")
        ran.append(nqp(built, "run", *(f"{paper}/{section}" for section in SECTIONS), *options))
    before = checkout(built)
    add_seventh(built)
    return Round(built, before, ran, nqp(built, "build", "--quick"), exported, folder)


def test_a_seventh_paper_adds_two_folders_and_edits_nothing(changed):
    built, before, ended = changed.book, changed.before, changed.ended
    assert ended.returncode == 0, ended.stderr[-3000:]
    executed = {
        line.split(":")[0] for line in map(str.strip, ended.stderr.split("\n")) if ": done in" in line
    }
    assert {f"seventh/{section}" for section in SECTIONS} < executed
    assert {slug.split("/")[0] for slug in executed} == {"seventh", "synthesis"}
    after = checkout(built)
    assert {name for name in before if after.get(name) != before[name]} == {"_toc.yml"}
    own = ("data/papers/seventh/", "notebooks/seventh/")
    assert all(name.startswith(own) for name in set(after) - set(before))
    ledger = read_ledger(built / "book" / "ledger.csv").query("study == 'seventh'").set_index("id")["verdict"]
    assert ledger.to_dict() == {
        "t1.c1.cities.n": "match",
        "t1.c1.first.min": "match",
        "t1.c1.last.max": "differs",
    }
    html = built / "build" / "_build" / "html" / "book" / "seventh"
    assert sorted(p.stem for p in html.glob("*.html")) == sorted([*SECTIONS, "paper"])
    assert "AUTHORS TO FILL IN (0)" in (html / "baseline.html").read_text(encoding="utf-8")
    assert "0 chapters executed" in nqp(built, "build", "--quick").stderr


def test_a_licensed_file_made_from_a_twin_gives_the_twins_numbers(changed):
    built, ended = changed.book, changed.ended
    for ran in changed.ran:
        assert ran.returncode == 0, ran.stderr[-3000:]
    everything, committed = read_ledger(built / "book" / "ledger.csv"), reference()
    for paper in LICENSED:
        found = everything[(everything["study"] == paper) & (everything["evidence"] == "licensed")]
        twin = committed[(committed["study"] == paper) & (committed["evidence"] == "twin")]
        found, twin = (rows.set_index("id")["replicated"] for rows in (found, twin))
        of_two = twin.index[twin.index.str.startswith(("t2.", "t3."))]  # index and baseline
        assert set(of_two) <= set(found.index)
        assert found[of_two].astype(float).to_numpy() == pytest.approx(
            twin[of_two].astype(float).to_numpy(), rel=1e-9
        )
    assert ended.returncode == 0, ended.stderr[-3000:]
    folders = [built / "build", built / "book"]
    page = folders[0] / "_build" / "html" / "book" / "cluster_pilot" / "robustness.html"
    assert "A dash stands for a number" in page.read_text(encoding="utf-8")
    for paper, made in changed.exported.items():
        assert leaks(folders, made) == {}
        for section in SECTIONS:
            text = (built / "book" / paper / f"{section}.ipynb").read_text(encoding="utf-8")
            assert str(changed.folder) not in text

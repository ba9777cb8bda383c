"""What the printed numbers of each paper say by themselves: findings as computed, and as committed."""

import importlib.util
from pathlib import Path

import pandas as pd
import yaml

from nqp.evidence.differences import differences
from nqp.evidence.published import published
from nqp.papers import paper, papers, read_yaml, suggest
from nqp.paths import data_dir, notebooks_dir, root, write_whole
from nqp.reads import basis_of, note
from printcheck import Cells, Report, report

FINDINGS = "reference/findings.csv"
BASES = "reference/findings.yml"
COMPARED = ("verdict", "sentence", "inputs", "issue", "title", "matters", "resolve", "rank")
KEY = ["paper", "name", "ids", "place"]


def plan_of(slug: str) -> Path:
    """Return where the audit of a paper is written."""
    return notebooks_dir() / slug / "audit.py"


def audited() -> list[str]:
    """Return the papers that have an audit, ``notebooks/<paper>/audit.py``, in the book's order."""
    return [slug for slug in papers() if plan_of(slug).is_file()]


def findings(slug: str) -> pd.DataFrame:
    """Return every finding on the printed numbers of a paper, as `printcheck.Report.findings`; `ids` holds tuples.

    Read from the committed findings, or computed where what they rest on has changed since. A ValueError refuses a
    paper without an audit.
    """
    checks = sorted((root() / "src" / "printcheck").rglob("*.py"))
    note(plan_of(slug), paper(slug).folder / "published.csv", *checks)
    if _bases().get(slug) != basis(slug):
        return collect(slug).findings
    rows = committed()
    return rows[rows["paper"] == slug].drop(columns="paper").reset_index(drop=True)


def basis(slug: str) -> str:
    """Return one hash of what a paper's findings rest on: its audit, its files, the checks."""
    files = [plan_of(slug), *paper(slug).folder.glob("*.csv"), *(root() / "src" / "printcheck").rglob("*.py")]
    return basis_of(path for path in files if path.is_file())


def _bases() -> dict[str, str]:
    path = data_dir() / BASES
    return read_yaml(path) if path.is_file() else {}


def out_of_reach(slug: str) -> pd.DataFrame:
    """Return the printed numbers of a paper that no check reaches: ``id, printed, why``."""
    return collect(slug).out_of_reach


def cells(slug: str) -> Cells:
    """Open the printed numbers of a paper for checks; `section` is the chapter that replicates a number."""
    numbers = published(slug)
    return Cells(numbers.assign(section=numbers["chapter"]), slug)


def collect(slug: str) -> Report:
    """Put every check that the paper's ``audit.py`` asks for to its printed numbers."""
    known = audited()
    if slug not in known:
        raise ValueError(f"no audit for {slug!r}{suggest(slug, known)}; it is made for {', '.join(known)}")
    note(path := plan_of(slug))
    spec = importlib.util.spec_from_file_location(f"audit_of_{slug}", path)
    plan = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plan)
    made = cells(slug)
    plan.plan(made)
    return report(made, plan.OUT_OF_REACH)


def compare(old: pd.DataFrame, new: pd.DataFrame) -> list[str]:
    """Name each finding that came, went, or changed; of one check put several times to the same ids, by their order."""
    places = [one.assign(place=one.groupby(["paper", "name", "ids"]).cumcount()) for one in (old, new)]
    return differences(*places, KEY, COMPARED, _named, ("no longer found", "not in the committed findings"))


def _named(row: dict) -> str:
    rest = len(row["ids"]) - 1
    more = f" and {rest} more" if rest else ""
    place = f", number {row['place'] + 1}" if row["place"] else ""
    return f"{row['paper']} {row['name']} of {row['ids'][0]}{more}{place}"


def committed() -> pd.DataFrame:
    """Return the committed findings of all papers, with `paper` as first column."""
    path = data_dir() / FINDINGS
    if not path.is_file():
        raise FileNotFoundError(f"data/{FINDINGS} is missing; `nqp verify --update` writes it")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return frame.assign(ids=[tuple(ids.split("; ")) for ids in frame["ids"]], rank=frame["rank"].astype(int))


def changed_findings() -> list[str]:
    """Compute all findings; name each that differs from the committed ones, and each audit that cannot be put."""
    made, said = {}, []
    for slug in (known := audited()):
        try:
            made[slug] = collect(slug)
        except (KeyError, ValueError) as refusal:
            said.append(f"{slug}: its audit stops: {refusal}")
    old = committed()
    stopped = set(known) - set(made)
    return said + compare(old[~old["paper"].isin(stopped)], together(made))


def update() -> None:
    """Write the findings as computed now, and the hash of what they rest on, as the committed ones."""
    found = together({slug: collect(slug) for slug in audited()})
    rows = found.assign(ids=found["ids"].str.join("; ")).to_csv(index=False, lineterminator="\n")
    write_whole(data_dir() / FINDINGS, rows)
    write_whole(data_dir() / BASES, yaml.safe_dump({slug: basis(slug) for slug in audited()}))


def together(reports: dict[str, Report]) -> pd.DataFrame:
    """Return the findings of several reports, with their names in a first column `paper`."""
    joined = pd.concat({name: one.findings for name, one in reports.items()}, names=["paper"])
    return joined.reset_index("paper").reset_index(drop=True)

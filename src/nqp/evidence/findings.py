"""What the printed numbers of each paper say by themselves: findings as committed, computed, and compared."""

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

import pandas as pd
import yaml

from nqp.evidence.published import published
from nqp.papers import paper, papers, suggest
from nqp.paths import data_dir, notebooks_dir, root
from nqp.reads import note
from printcheck import Cells, Report, report

FINDINGS, BASES = "reference/findings.csv", "reference/findings.yml"
COMPARED = ("verdict", "sentence", "inputs", "issue", "title", "matters", "resolve", "rank")
KEY = ["paper", "name", "ids", "place"]


def audited() -> list[str]:
    """Return the papers that have an audit, ``notebooks/<paper>/audit.py``, in the book's order."""
    return [slug for slug in papers() if _plan(slug).is_file()]


def findings(slug: str) -> pd.DataFrame:
    """Return every finding on the printed numbers of a paper.

    The committed rows are returned as long as what they rest on is what it was; otherwise they are computed anew.

    Returns
    -------
    DataFrame
        One row a finding with the columns of `printcheck.Report.findings`; `ids` holds tuples.

    Raises
    ------
    ValueError
        For a paper without an audit.
    """
    return _current(slug).findings.copy()


def out_of_reach(slug: str) -> pd.DataFrame:
    """Return the printed numbers of a paper that no check reaches: ``id, printed, why``."""
    return _current(slug).out_of_reach.copy()


def doubts(slug: str) -> pd.DataFrame:
    """Return the numbers whose transcription is in doubt: ``id, printed, doubt, note``."""
    numbers = published(slug)
    return numbers.loc[numbers["doubt"] != "", ["printed", "doubt", "note"]].reset_index()


def cells(slug: str) -> Cells:
    """Open the printed numbers of a paper for checks; `section` is the chapter that replicates a number."""
    numbers = published(slug)
    return Cells(numbers.assign(section=numbers["chapter"]), slug)


def collect(slug: str) -> Report:
    """Put every check that the paper's ``audit.py`` asks for to its printed numbers."""
    path = _known(slug)
    spec = importlib.util.spec_from_file_location(f"audit_of_{slug}", path)
    plan = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plan)
    made = cells(slug)
    plan.plan(made)
    return report(made, plan.OUT_OF_REACH)


def basis_files(slug: str) -> list[Path]:
    """Return the files on which a paper's findings rest: its audit, its printed numbers, the checks."""
    folder = paper(slug).folder
    own = [folder / name for name in ("published.csv", "variables.csv", "indicators.csv")]
    checks = sorted((root() / "src" / "printcheck").rglob("*.py"))
    return [_known(slug), *(path for path in own if path.is_file()), *checks]


def basis(slug: str) -> str:
    """Return one hash of these files."""
    sha = hashlib.sha256()
    for path in basis_files(slug):
        sha.update(path.relative_to(root()).as_posix().encode() + b"\0" + path.read_bytes())
    return sha.hexdigest()


def compare(old: pd.DataFrame, new: pd.DataFrame) -> list[str]:
    """Name each finding that came, went, or whose verdict, sentence, inputs or issue changed.

    Findings are the same when paper, check and ids are; where a paper puts one check to the same ids several times,
    when they stand in the same place among these.
    """
    both = _keyed(old).merge(_keyed(new), on=KEY, how="outer", suffixes=("_old", "_new"), indicator="side")
    said = []
    for row in both.to_dict("records"):
        rest = len(row["ids"]) - 1
        more = f" and {rest} more" if rest else ""
        place = f", number {row['place'] + 1}" if row["place"] else ""
        named = f"{row['paper']} {row['name']} of {row['ids'][0]}{more}{place}"
        if row["side"] != "both":
            gone = row["side"] == "left_only"
            said.append(f"{named}: {'no longer found' if gone else 'not in the committed findings'}")
            continue
        changed = [name for name in COMPARED if row[f"{name}_old"] != row[f"{name}_new"]]
        said += [f"{named}: {c} was {row[f'{c}_old']!r}, is {row[f'{c}_new']!r}" for c in changed]
    return said


def committed() -> pd.DataFrame:
    """Return the committed findings of all papers, with `paper` as first column."""
    path = data_dir() / FINDINGS
    if not path.is_file():
        raise FileNotFoundError(f"data/{FINDINGS} is missing; `nqp verify --update` writes it")
    return _read(path, path.stat().st_mtime_ns).copy()


def changed_findings() -> list[str]:
    """Compute all findings; name each that differs from the committed ones, and each audit that cannot be put."""
    made, said = {}, []
    for slug in audited():
        try:
            made[slug] = collect(slug)
        except (KeyError, ValueError) as refusal:
            said.append(f"{slug}: its audit stops: {refusal}")
    old = committed()
    stopped = set(audited()) - set(made)
    return said + compare(old[~old["paper"].isin(stopped)], _together(made))


def update() -> None:
    """Write the findings as computed now, and what they rest on, as the committed ones."""
    reports = {slug: collect(slug) for slug in audited()}
    write(_together(reports), data_dir() / FINDINGS)
    bases = {
        slug: {
            "basis": basis(slug),
            "out_of_reach": one.out_of_reach.groupby("why", sort=False)["id"].agg(list).to_dict(),
        }
        for slug, one in reports.items()
    }
    head = "# Written by `nqp verify --update`: the hash of what findings.csv rests on, and numbers out of reach.\n"
    text = head + yaml.safe_dump(bases, sort_keys=False, allow_unicode=True, width=110)
    (data_dir() / BASES).write_text(text, encoding="utf-8", newline="\n")


def write(found: pd.DataFrame, path: Path) -> None:
    """Write findings as CSV, ids joined by ``; ``."""
    found.assign(ids=found["ids"].str.join("; ")).to_csv(path, index=False, lineterminator="\n")


def _current(slug: str) -> Report:
    note(*basis_files(slug))
    return _of_basis(slug, basis(slug))


@cache
def _of_basis(slug: str, now: str) -> Report:
    stored = _bases().get(slug, {})
    if stored.get("basis") != now:
        return collect(slug)
    rows = committed()
    why = {number: reason for reason, ids in stored["out_of_reach"].items() for number in ids}
    beyond = pd.DataFrame({"id": list(why), "printed": published(slug).loc[list(why), "printed"].tolist()})
    mine = rows[rows["paper"] == slug].drop(columns="paper").reset_index(drop=True)
    return Report(mine, beyond.assign(why=list(why.values())))


def _bases() -> dict[str, dict]:
    path = data_dir() / BASES
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.is_file() else {}


@cache
def _read(path: Path, _stamp: int) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return frame.assign(ids=[tuple(ids.split("; ")) for ids in frame["ids"]], rank=frame["rank"].astype(int))


def _together(reports: dict[str, Report]) -> pd.DataFrame:
    frames = [one.findings.assign(paper=slug) for slug, one in reports.items()]
    joined = pd.concat(frames, ignore_index=True)
    return joined[["paper", *joined.columns.drop("paper")]]


def _keyed(found: pd.DataFrame) -> pd.DataFrame:
    return found.assign(place=found.groupby(["paper", "name", "ids"]).cumcount())


def _plan(slug: str) -> Path:
    return notebooks_dir() / slug / "audit.py"


def _known(slug: str) -> Path:
    known = audited()
    if slug not in known:
        raise ValueError(f"no audit for {slug!r}{suggest(slug, known)}; it is made for {', '.join(known)}")
    return _plan(slug)

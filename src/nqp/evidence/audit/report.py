"""The audit of a paper: every finding, and which printed numbers no check can reach."""

from dataclasses import asdict, dataclass
from importlib import import_module

import pandas as pd

from nqp.evidence.audit.cells import DOUBT, Cells, Finding
from nqp.evidence.audit.checks import KINDS, VERDICTS
from nqp.evidence.published import published

STUDIES = (
    "cluster_pilot",
    "dual_pilot",
    "digital_agglomeration",
    "industrial_agglomeration",
    "innovative_city",
)


@dataclass(frozen=True)
class Coverage:
    """How much of a paper the audit reaches.

    Attributes
    ----------
    total : printed numbers
    checked : numbers that entered at least one finding
    out_of_reach : frame ``id, printed, why``: numbers on which no check has a hold
    """

    total: int
    checked: int
    out_of_reach: pd.DataFrame


@dataclass(frozen=True)
class Audit:
    """The audit of one paper.

    Attributes
    ----------
    study : slug of the paper
    findings : one row a finding with the fields of `Finding`, and `topic`, the title of its kind
    coverage : which printed numbers the findings reach
    """

    study: str
    findings: pd.DataFrame
    coverage: Coverage

    @property
    def headlines(self) -> pd.DataFrame:
        """Findings that change a reading of the paper, inconsistent ones first."""
        chosen = self.findings[self.findings["matters"] != ""]
        return chosen.sort_values("verdict", key=lambda v: v != "inconsistent", kind="stable")


def audit(study: str) -> Audit:
    """Put every check that the printed numbers of a paper allow.

    Raises
    ------
    ValueError
        For an unknown study, and for one whose data ship with the book (its numbers are replicated instead).
    """
    if study not in STUDIES:
        raise ValueError(f"no audit for {study!r}; it is made for {', '.join(STUDIES)}")
    plan = import_module(f"nqp.evidence.audit.plans.{study}")
    cells = Cells.of(study)
    plan.plan(cells)
    order = list(KINDS)
    found = sorted(cells.findings, key=lambda finding: order.index(finding.kind))
    frame = pd.DataFrame([asdict(one) for one in found], columns=list(Finding.__annotations__))
    frame.insert(frame.columns.get_loc("kind") + 1, "topic", frame["kind"].map(KINDS))
    return Audit(study, frame, _coverage(cells, plan.OUT_OF_REACH))


def _coverage(cells: Cells, out_of_reach: dict[str, str]) -> Coverage:
    """Compare the ids of all findings with all printed ids; every number must be in one of two places."""
    checked = {number for finding in cells.findings for number in finding.ids}
    why = {number: reason for pattern, reason in out_of_reach.items() for number in cells.ids(pattern)}
    both = sorted(checked & set(why))
    neither = [number for number in cells.numbers.index if number not in checked and number not in why]
    if both or neither:
        raise ValueError(
            f"{cells.study}: checked and called out of reach: {both[:5]}; neither: {neither[:20]}"
            f" ({len(neither)} numbers). Mend `plan` or `OUT_OF_REACH` of its plan."
        )
    rows = [(number, cells.row(number).printed, reason) for number, reason in why.items()]
    return Coverage(len(cells.numbers), len(checked), pd.DataFrame(rows, columns=["id", "printed", "why"]))


def coverage_table(audits: list[Audit]) -> pd.DataFrame:
    """Return, by study, printed numbers, how many are checked and out of reach, and findings by verdict."""
    rows = {}
    for one in audits:
        counted = one.findings["verdict"].value_counts()
        rows[one.study] = {
            "printed numbers": one.coverage.total,
            "checked": one.coverage.checked,
            "out of reach": len(one.coverage.out_of_reach),
            **{name: int(counted.get(name, 0)) for name in VERDICTS},
        }
    return pd.DataFrame(rows).T.rename_axis("study")


def states(one: Audit) -> pd.Series:
    """Return, by id, what the audit says of each printed number, such as ``3 consistent, 1 inconsistent``.

    A number that no check reaches has ``out of reach``.
    """
    pairs = one.findings[["ids", "verdict"]].explode("ids")
    counted = pairs.groupby(["ids", "verdict"]).size().unstack(fill_value=0)
    names = [name for name in VERDICTS if name in counted]
    said = counted[names].apply(lambda row: ", ".join(f"{n} {name}" for name, n in row.items() if n), axis=1)
    beyond = pd.Series("out of reach", index=one.coverage.out_of_reach["id"])
    return pd.concat([said, beyond]).rename_axis("id").rename("audit")


def doubts(study: str) -> pd.DataFrame:
    """Return the numbers whose transcription is in doubt: ``id, printed, note``."""
    numbers = published(study)
    unsure = [bool(DOUBT.search(note)) for note in numbers["note"]]
    return numbers.loc[unsure, ["printed", "note"]].reset_index()

"""The findings of a table as a frame, which numbers no check reaches, and both as plain text."""

from dataclasses import asdict, dataclass, fields
from textwrap import fill, indent

import pandas as pd

from printcheck.cells import Cells, Finding
from printcheck.checks import CANNOT_TELL, CONSISTENT, INCONSISTENT, KINDS, MEASURED, VERDICTS

ISSUE_COLUMNS = ("issue", "title", "matters", "resolve", "rank")
COLUMNS = (*(field.name for field in fields(Finding) if field.name != "issue"), *ISSUE_COLUMNS)


@dataclass(frozen=True)
class Report:
    """What checks found.

    Attributes
    ----------
    findings : one row a finding with the fields of `Finding`, and `title`, `matters`, `resolve` and `rank` of its issue
    out_of_reach : frame ``id, printed, why``: numbers on which no check has a hold
    """

    findings: pd.DataFrame
    out_of_reach: pd.DataFrame


def report(cells: Cells, out_of_reach: dict[str, str]) -> Report:
    """Order all findings by kind, give them the words of their issues, and account for every number.

    Parameters
    ----------
    out_of_reach : regular expression of ids to the reason why no check reaches them

    Raises
    ------
    ValueError
        For a number that is both checked and called out of reach or neither, an issue that is not declared,
        and a finding that is ``inconsistent`` or ``cannot tell`` and belongs to no issue.
    """
    _check_issues(cells)
    order = list(KINDS)
    rows = []
    for one in sorted(cells.findings, key=lambda finding: order.index(finding.kind)):
        issue = cells.issues.get(one.issue)
        words = {name: getattr(issue, name, 0 if name == "rank" else "") for name in ISSUE_COLUMNS[1:]}
        rows.append({**asdict(one), **words})
    return Report(pd.DataFrame(rows, columns=COLUMNS), _beyond(cells, out_of_reach))


def _check_issues(cells: Cells) -> None:
    raised = {one.issue for one in cells.findings} - {""}
    alone = [one for one in cells.findings if one.verdict in (INCONSISTENT, CANNOT_TELL) and not one.issue]
    problems = [
        *(f"the issue {slug!r} is not declared" for slug in sorted(raised - set(cells.issues))),
        *(f"{one.name} of {one.ids[0]} is {one.verdict} and belongs to no issue" for one in alone),
    ]
    if problems:
        raise ValueError(f"{cells.name}: {'; '.join(problems)}")


def _beyond(cells: Cells, out_of_reach: dict[str, str]) -> pd.DataFrame:
    checked = {number for finding in cells.findings for number in finding.ids}
    why = {number: reason for pattern, reason in out_of_reach.items() for number in cells.ids(pattern)}
    both = sorted(checked & set(why))
    neither = [number for number in cells.numbers.index if number not in checked and number not in why]
    if both or neither:
        raise ValueError(
            f"{cells.name}: checked and called out of reach: {both[:5]}; neither: {neither[:20]}"
            f" ({len(neither)} numbers). Mend the plan or what it calls out of reach."
        )
    rows = [(number, cells.row(number).printed, reason) for number, reason in why.items()]
    return pd.DataFrame(rows, columns=["id", "printed", "why"])


def issues(findings: pd.DataFrame) -> pd.DataFrame:
    """Return one row an issue by rank: ``issue, title, matters, resolve, rank, verdict, findings``.

    `verdict` is the strongest of its findings, in the order inconsistent, cannot tell, measured, consistent.
    """
    raised = findings[findings["issue"] != ""]
    groups = raised.groupby(list(ISSUE_COLUMNS), sort=False)["verdict"]
    strength = (INCONSISTENT, CANNOT_TELL, MEASURED, CONSISTENT)
    made = groups.agg(verdict=lambda v: next(one for one in strength if one in set(v)), findings="size")
    return made.reset_index().sort_values("rank", kind="stable", ignore_index=True)


def counts(findings: pd.DataFrame) -> dict[str, int]:
    """Count issues, findings, and findings by verdict."""
    met = findings["verdict"].value_counts()
    raised = {"issues": findings.loc[findings["issue"] != "", "issue"].nunique()}
    return {**raised, "findings": len(findings), **{name: int(met.get(name, 0)) for name in VERDICTS}}


def checked(findings: pd.DataFrame) -> set[str]:
    """Return the ids that enter at least one finding."""
    return set(findings["ids"].explode())


def states(findings: pd.DataFrame, out_of_reach: pd.DataFrame) -> pd.Series:
    """Return, by id, what the findings say of each number: ``3 consistent, 1 inconsistent``, or ``out of reach``."""
    pairs = findings[["ids", "verdict"]].explode("ids")
    counted = pairs.groupby(["ids", "verdict"]).size().unstack(fill_value=0)
    names = [name for name in VERDICTS if name in counted]
    said = counted[names].apply(lambda row: ", ".join(f"{n} {name}" for name, n in row.items() if n), axis=1)
    beyond = pd.Series("out of reach", index=out_of_reach["id"], dtype=str)
    return pd.concat([said, beyond]).rename_axis("id").rename("audit")


def text(name: str, findings: pd.DataFrame, out_of_reach: pd.DataFrame, width: int = 100) -> str:
    """Return findings as plain text: what is reached, the issues, then one line a finding."""
    met = counts(findings)
    reached = len(checked(findings))
    total = ", ".join(f"{met[verdict]} {verdict}" for verdict in VERDICTS)
    lines = [
        f"{name}: {reached + len(out_of_reach)} printed numbers, {reached} checked, {len(out_of_reach)} out of"
        f" reach of every check; {met['issues']} issue{'s' * (met['issues'] != 1)}; {met['findings']} findings:"
        f" {total}",
        "",
    ]
    for issue in issues(findings).itertuples():
        lines += _issue(issue, findings[findings["issue"] == issue.issue], width)
    lines += [
        f"{row.verdict:<13}{row.table:<5} {row.name:<24} {'; '.join(row.ids[:3])}{' ...' if len(row.ids) > 3 else ''}"
        f" | implied {row.implied} | printed {row.printed or '-'}"
        for row in findings.itertuples()
    ]
    reasons = out_of_reach.groupby("why", sort=False)["id"].agg(list)
    lines += ["", "out of reach:"] if len(reasons) else []
    lines += [
        fill(f"{len(ids)}: {why} ({', '.join(ids)})", width, subsequent_indent="    ")
        for why, ids in reasons.items()
    ]
    return "\n".join(lines)


def _issue(issue: tuple, findings: pd.DataFrame, width: int, shown: int = 3) -> list[str]:
    said = [issue.matters, *(f"would settle it: {words}" for words in [issue.resolve] if words)]
    strength = [INCONSISTENT, CANNOT_TELL, MEASURED, CONSISTENT]
    ordered = findings.sort_values("verdict", key=lambda v: v.map(strength.index), kind="stable")
    for row in ordered.head(shown).itertuples():
        said.append(f"[{row.verdict}] {row.sentence} Inputs: {row.inputs}. Formula: {row.formula}.")
    said += [f"and {len(findings) - shown} more findings"] if len(findings) > shown else []
    head = f"[{issue.verdict}] {issue.title} ({issue.findings} finding{'s' * (issue.findings > 1)})"
    return [head, *(indent(fill(one, width - 4), "    ") for one in said), ""]

"""Published beside replicated, cell by cell, with verdicts."""

import math
from collections.abc import Callable
from html import escape

import pandas as pd

from nqp.show.html import Html, grid

UNCOMPARED = "not compared"
MARKS = {  # a number that a twin was built to give has none: there is nothing to tick
    "match": "✓",
    "near": "≈",
    "differs": "✗",
    "inside": "✓",
    "outside": "✗",
    "same sign, significant": "✓",
    "same sign": "≈",
    "opposite sign": "✗",
    "opposite sign, significant": "✗",
    "not checkable": "–",
}
# how a line names its evidence where not all lines rest on the same, in the order of the lines
NAMED = {
    "printed": "public facts:",
    "licensed": "your file:",
    "twin": "twin, SYNTHETIC:",
    "open": "open proxy:",
}
LINE_STATS = ("coef", "ci_low", "ci_high")
Found = dict[tuple[str, str], dict]  # entries of a ledger by id and evidence
UNNAMED = ("coef", "mean", "other", "threshold")  # their column or row says what they are


def comparison(numbers: pd.DataFrame, entries: pd.DataFrame, *, row: Callable[[str], str] = str) -> Html:
    """Return a printed table with the value computed here and its verdict in each cell.

    A line begins with its evidence, unless all lines rest on the paper's own data or the reader's. A number that is not
    compared has no line. `numbers` are those of one table, `entries` rows of a ledger; `row` maps a term to its row.
    """
    found = {(e["id"], e["evidence"]): e for e in entries.to_dict("records")}
    printed = numbers.drop_duplicates("column")[["column", "column_label"]]
    columns = sorted(printed.itertuples(index=False, name=None), key=lambda pair: _place(pair[0]))
    kinds = set(entries.loc[entries["id"].isin(numbers.index), "evidence"])
    alone = kinds <= {"open"} or kinds <= {"licensed"}  # the paper's own data, or the reader's
    body = []
    for name, in_row in numbers.groupby(numbers["term"].map(row), sort=False):
        cells = [_cell(in_row[in_row["column"] == column], found, alone) for column, _ in columns]
        body.append(f'<tr><th scope="row">{escape(str(name))}</th>{"".join(cells)}</tr>')
    said = _count(numbers.index, entries)
    lower = "Lower line: replicated" if alone else "Lower lines: computed here, each with its evidence"
    caption = f"{said} Upper line: as printed. {lower}, with two more digits."
    return grid("nqp-comparison", caption, ["", *(label or column for column, label in columns)], body)


def _place(column: str) -> tuple[int, str]:
    """Where a column stands in print: c2 before c10, whichever of them has the first row."""
    return int("".join(filter(str.isdigit, column)) or 0), column


def _cell(numbers: pd.DataFrame, found: Found, alone: bool) -> str:
    """One table cell: the coefficient with its interval on one line, every other statistic on its own."""
    line = numbers["stat"].isin(LINE_STATS)
    parts = [numbers[line], *(numbers.loc[[number]] for number in numbers.index[~line])]
    return f"<td>{''.join(_block(part, found, alone) for part in parts if len(part))}</td>"


def _block(numbers: pd.DataFrame, found: Found, alone: bool) -> str:
    anchors = "".join(f'<span id="{escape(number)}"></span>' for number in numbers.index)
    printed = _join([_stars(r) for _, r in numbers.iterrows()], numbers["stat"].tolist())
    lines = [f'<div class="nqp-printed">{printed}</div>']
    for evidence in NAMED:
        entries = [found.get((number, evidence)) for number in numbers.index]
        if any(entry and entry["verdict"] != UNCOMPARED for entry in entries):
            lines.append(_replicated(numbers, entries, alone))
    if not any((number, evidence) in found for number in numbers.index for evidence in NAMED):
        lines.append('<div class="nqp-replicated">no verdict yet</div>')
    return anchors + "".join(lines)


def _replicated(numbers: pd.DataFrame, found: list[dict | None], alone: bool) -> str:
    values = [
        "?" if e is None else _digits(e["replicated"], d)
        for e, d in zip(found, numbers["decimals"], strict=True)
    ]
    verdicts = dict.fromkeys(e["verdict"] for e in found if e)
    badges = " ".join(
        f'<span class="nqp-verdict nqp-{v.split()[0]}" title="{escape(_why(found, v))}">'
        f"{MARKS.get(v, '')} {v}</span>"
        for v in verdicts
    )
    text = _join(values, numbers["stat"].tolist())
    evidence = next(e["evidence"] for e in found if e)
    named = "" if alone else f'<span class="nqp-evidence">{NAMED[evidence]}</span> '
    return f'<div class="nqp-replicated">{named}<span class="nqp-values">{text}</span> {badges}</div>'


def _why(found: list[dict | None], verdict: str) -> str:
    """Which numbers got this verdict, by which evidence and engine, and the reason if any."""
    said = [e for e in found if e and e["verdict"] == verdict]
    first = said[0]
    engine = f" by {first['engine']}" if first["engine"] else ""
    reason = f"; {first['reason']}" if first["reason"] else ""
    null = f"; with no planted effect: {first['null']}" if first["null"] else ""
    return f"{', '.join(e['id'] for e in said)}: evidence {first['evidence']}{engine}{reason}{null}"


def _digits(value: float, decimals: int) -> str:
    if math.isnan(value):
        return "\u2013"
    if decimals == 0 and float(value).is_integer():
        return f"{value:,.0f}".replace(",", "\u202f") if abs(value) >= 10_000 else f"{value:.0f}"
    return f"{value:.{decimals + 2}f}".replace("-", "\u2212")


def _stars(number: pd.Series) -> str:
    stars = "*" * int(number["stars"] or 0)
    return escape(number["printed"].replace("-", "\u2212") + stars)


def _join(texts: list[str], stats: list[str]) -> str:
    if stats == list(LINE_STATS):
        return f"{texts[0]} [{texts[1]}, {texts[2]}]"
    if len(texts) == 1 and stats[0] not in UNNAMED:
        return f"{stats[0]} = {texts[0]}"
    return ", ".join(texts)


def _count(ids: pd.Index, entries: pd.DataFrame) -> str:
    here = entries[entries["id"].isin(ids)]
    return f"{len(ids)} printed numbers: {verdict_counts(here) or 'no verdict yet'}.{_on_the_twin(here)}"


def verdict_counts(rows: pd.DataFrame) -> str:
    """Say how many entries of a ledger have which verdict."""
    return ", ".join(f"{n} {verdict}" for verdict, n in rows["verdict"].value_counts().items())


def _on_the_twin(rows: pd.DataFrame) -> str:
    share = inside_share(rows)
    return share and f" On the twin, {share}."


def inside_share(rows: pd.DataFrame) -> str:
    """Say how many numbers a twin was not built to give are inside, and how many with no planted effect.

    Numbers count that were computed in both worlds; without any, nothing is said, for a share alone means nothing.
    """
    both = rows[rows["null"] != ""]
    if both.empty:
        return ""
    inside, null = ((both[world] == "inside").sum() for world in ("verdict", "null"))
    return f"{inside} of {len(both)} inside, {null} with no planted effect"


def summary(rows: pd.DataFrame) -> Html:
    """Return one line: how many numbers of the chapter got which verdict."""
    chapter = f"{rows['study'].iloc[0]}/{rows['section'].iloc[0]}" if len(rows) else "this chapter"
    counts = rows.groupby(["evidence", "verdict"], sort=False).size()
    parts = "; ".join(f"{n} {verdict} ({evidence})" for (evidence, verdict), n in counts.items())
    return Html(
        f'<p class="nqp-ledger">Ledger of <code>{escape(chapter)}</code> closed: every published number of this'
        f" section has a verdict. {parts or 'It has no published numbers'}.{_on_the_twin(rows)}</p>"
    )

"""Published beside replicated, cell by cell, with verdicts."""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd

from nqp.show.html import Html, grid
from nqp.show.misses import misses
from nqp.show.words import BARE, LINE_STATS, UNNAMED, spelled, words

Found = Mapping[tuple[str, str], dict]  # entries of a ledger by id and evidence
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
    "published later": "…",
}
# how a row names its evidence, in the order of the rows
NAMED = {
    "printed": "public facts",
    "licensed": "your file",
    "twin": "twin, SYNTHETIC",
    "open": "open proxy",
}


@dataclass(frozen=True)
class Compared:
    """A printed table, what a ledger found of it, and how both are called."""

    numbers: pd.DataFrame  # the printed numbers, by id
    entries: pd.DataFrame  # rows of a ledger
    names: Mapping[str, str]  # words for symbols
    row: Callable[[str], str] = str  # from a term to the row it stands in

    def key(self, number: pd.Series) -> str:
        """Return the row of a printed number: what `row` makes of its term, or the statistic of its whole column."""
        term = self.row(number["term"])
        return number["stat"] if term in BARE else term

    def said(self, key: str) -> str:
        """Return a row's label in words, with the symbol in small type where it differs."""
        label = spelled(key, self.names)
        symbol = "" if label == words(key) else f" <small>{escape(key)}</small>"
        return f"{escape(label)}{symbol}"


def comparison(table: Compared, *, title: str, name: str, rows: Collection[str] = ()) -> Html:
    """Return a printed table with the values computed here below each row, their verdicts, and reasons below it all.

    A computed row begins with its evidence, or with `computed` if all rest on the paper's own data or the reader's. A
    number that is not compared has none. With `rows`, terms or statistics, the others are folded; a ValueError names
    one that the table does not have.
    """
    numbers, entries = table.numbers, table.entries
    entries = entries[entries["id"].isin(numbers.index)]
    keys = numbers.apply(table.key, axis=1)
    if strange := sorted(set(rows) - set(keys)):
        raise ValueError(
            f"{name} has no row {', '.join(strange)}; its rows are {', '.join(dict.fromkeys(keys))}"
        )
    alone = set(entries["evidence"]) <= {"open"} or set(entries["evidence"]) <= {"licensed"}
    printed = numbers.drop_duplicates("column")[["column", "column_label"]]
    columns = sorted(printed.itertuples(index=False, name=None), key=lambda pair: _place(pair[0]))
    found = {(e["id"], e["evidence"]): e for e in entries.to_dict("records")}
    stats = numbers.groupby("column")["stat"]
    numbers = numbers.assign(plain=stats.transform("min") == stats.transform("max"))
    body = {
        key: _rows(table.said(key), [here[here["column"] == c] for c, _ in columns], found, alone)
        for key, here in numbers.groupby(keys, sort=False)
    }
    counted = _count(numbers.index, entries)
    caption = f"{title}, {counted} First as printed, then as computed here, with two more digits."
    kind = "nqp-comparison nqp-many" if len(columns) > 5 else "nqp-comparison"
    heads = ["", *(label or column for column, label in columns)]
    shown = [lines for key, lines in body.items() if not rows or key in rows]
    parts = [grid(kind, caption, heads, shown, name=name)]
    if folded := [lines for key, lines in body.items() if rows and key not in rows]:
        rest = grid(kind, "The other rows of the same table.", heads, folded, name=f"{name}-rest")
        parts.append(f"<details class='nqp-rest'><summary>{len(folded)} more rows</summary>{rest}</details>")
    return Html("".join(map(str, [*parts, misses(table, entries)])))


def _place(column: str) -> tuple[int, str]:
    """Where a column stands in print: c2 before c10, whichever of them has the first row."""
    return int("".join(filter(str.isdigit, column)) or 0), column


def _rows(label: str, cells: list[pd.DataFrame], found: Found, alone: bool) -> str:
    """The printed row, and one row for each evidence that has a number to compare."""
    met = {number for number, _ in found}
    if len({stat for cell in cells for stat in cell["stat"]}) == 1:
        cells = [cell.assign(plain=True) for cell in cells]
    first = "".join(f"<td>{''.join(_printed(part, met) for part in _parts(cell))}</td>" for cell in cells)
    lines = [f'<tr><th scope="row">{label}</th>{first}</tr>']
    for evidence, named in NAMED.items():
        here = {
            number: e for (number, by), e in found.items() if by == evidence and e["verdict"] != UNCOMPARED
        }
        texts = ["".join(_computed(part, here) for part in _parts(cell)) for cell in cells]
        if any(texts):
            line = "".join(f"<td>{text}</td>" for text in texts)
            lines.append(
                f'<tr class="nqp-replicated"><th scope="row" class="nqp-evidence">'
                f"{'computed' if alone else named}</th>{line}</tr>"
            )
    return "".join(lines)


def _parts(cell: pd.DataFrame) -> list[pd.DataFrame]:
    """The numbers of a cell by line: the coefficient with its interval, then every other statistic."""
    line = cell["stat"].isin(LINE_STATS)
    parts = [cell[line], *(cell.loc[[number]] for number in cell.index[~line])]
    return [part for part in parts if len(part)]


def _printed(numbers: pd.DataFrame, met: set[str]) -> str:
    anchors = "".join(f'<span id="{escape(number)}"></span>' for number in numbers.index)
    text = _join([_stars(r) for _, r in numbers.iterrows()], numbers["stat"].tolist(), numbers["plain"].all())
    open_ = "" if met & set(numbers.index) else ' <span class="nqp-replicated">no verdict yet</span>'
    return f'{anchors}<div class="nqp-printed">{text}{open_}</div>'


def _computed(numbers: pd.DataFrame, found: Mapping[str, dict]) -> str:
    entries = [found.get(number) for number in numbers.index]
    if not any(entries):
        return ""
    values = [
        "?" if e is None else _digits(e["replicated"], d)
        for e, d in zip(entries, numbers["decimals"], strict=True)
    ]
    verdicts = dict.fromkeys(e["verdict"] for e in entries if e)
    badges = " ".join(_badge(verdict, _why(entries, verdict)) for verdict in verdicts)
    text = _join(values, numbers["stat"].tolist(), numbers["plain"].all())
    return f'<div class="nqp-values">{text}&nbsp;{badges}</div>'


def _badge(verdict: str, why: str) -> str:
    """A verdict as mark and word; a match is but a tick, whose word a screen reader says."""
    word = f'<span class="visually-hidden">{verdict}</span>' if verdict == "match" else verdict
    kind = verdict.split()[0]
    return (
        f'<span class="nqp-verdict nqp-{kind}" title="{escape(why)}">{MARKS.get(verdict, "")} {word}</span>'
    )


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


def _join(texts: list[str], stats: list[str], plain: bool) -> str:
    """Texts of a line; a row of one statistic, or a column of its own, says what the numbers are."""
    bound = [f'<span class="nqp-number">{text}</span>' for text in texts]
    if stats == list(LINE_STATS):
        return f'{bound[0]}<br><span class="nqp-number">[{texts[1]},</span> <span class="nqp-number">{texts[2]}]</span>'
    if stats == ["se"] and not plain:
        return f'<span class="nqp-number">({texts[0]})</span>'
    if len(texts) == 1 and stats[0] not in UNNAMED and not plain:
        return f"{words(stats[0])} = {bound[0]}"
    return ", ".join(bound)


def _count(ids: pd.Index, entries: pd.DataFrame) -> str:
    here = entries[entries["id"].isin(ids)]
    return f"{len(ids)} printed numbers; {verdict_counts(here) or 'no verdict yet'}.{_on_the_twin(here)}"


def verdict_counts(rows: pd.DataFrame) -> str:
    """Say how many entries of a ledger have which verdict, by evidence."""
    said = []
    for evidence in (one for one in NAMED if one in set(rows["evidence"])):
        counts = rows.loc[rows["evidence"] == evidence, "verdict"].value_counts()
        listed = ", ".join(
            f"{n} {verdict} {MARKS.get(verdict, '')}".rstrip() for verdict, n in counts.items()
        )
        said.append(f"{'open data' if evidence == 'open' else NAMED[evidence]}: {listed}")
    return "; ".join(said)


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
    parts = verdict_counts(rows)
    return Html(
        f'<p class="nqp-ledger">Ledger of <code>{escape(chapter)}</code> closed: every published number of this'
        f" section has a verdict. {parts or 'It has no published numbers'}.{_on_the_twin(rows)}</p>"
    )

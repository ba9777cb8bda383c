"""Published beside replicated, cell by cell, with verdicts."""

import math
from collections.abc import Collection, Mapping
from html import escape

import pandas as pd

from nqp.show.html import Html, grid
from nqp.show.misses import misses
from nqp.show.words import LINE_STATS, UNNAMED, words

Found = Mapping[tuple[str, str], dict]  # entries of a ledger by id and evidence
UNCOMPARED, UNCHECKED, BY_DESIGN = "not compared", "not checkable", "by design"
MARKS = {  # a number that a twin was built to give has none: there is nothing to tick
    **dict.fromkeys(("match", "inside", "same sign, significant"), "✓"),
    **dict.fromkeys(("near", "same sign"), "≈"),
    **dict.fromkeys(("differs", "outside", "opposite sign", "opposite sign, significant"), "✗"),
}
# how a row names its evidence, in the order of the rows
NAMED = {"printed": "public facts", "licensed": "your file", "twin": "twin, SYNTHETIC", "open": "open proxy"}


def comparison(
    numbers: pd.DataFrame,
    entries: pd.DataFrame,
    *,
    title: str,
    name: str,
    rows: Collection[str] = (),
    heads: Mapping[str, str] | None = None,
) -> Html:
    """Return a printed table with the values computed here below each row, their verdicts, and reasons below it all.

    `numbers` come from `named`, `entries` are rows of a ledger. A computed row begins with its evidence, unless all
    rest on the paper's own data or the reader's; a number that is not compared has none. With `rows`, the others are
    folded; a ValueError names one that the table does not have. `heads` name columns that panels name differently.
    """
    keys = list(dict.fromkeys(numbers["key"]))
    if strange := [one for one in rows if one not in keys]:
        raise ValueError(f"{name} has no row {', '.join(strange)}; its rows are {', '.join(keys)}")
    entries = entries[entries["id"].isin(numbers.index)]
    alone = set(entries["evidence"]) <= {"open"} or set(entries["evidence"]) <= {"licensed"}
    printed = numbers.drop_duplicates("column")[["column", "column_label"]]
    columns = sorted(printed.itertuples(index=False, name=None), key=lambda pair: _place(pair[0]))
    found = {(e["id"], e["evidence"]): e for e in entries.to_dict("records")}
    stats = numbers.groupby("column")["stat"]
    numbers = numbers.assign(plain=stats.transform("min") == stats.transform("max"))
    body = {
        key: _rows([here[here["column"] == c] for c, _ in columns], found, alone)
        for key, here in numbers.groupby("key", sort=False)
    }
    counted = _count(numbers.index, entries)
    caption = f"{title}, {counted} First as printed, then as computed here, with two more digits."
    kind = "nqp-comparison nqp-many" if len(columns) > 5 else "nqp-comparison"
    called = heads or {}
    over = ["", *(called.get(column) or label or column for column, label in columns)]
    shown = [body.pop(key) for key in keys if not rows or key in rows]
    parts = [grid(kind, caption, over, shown, name=name)]
    if body:
        rest = grid(kind, "The other rows of the same table.", over, body.values(), name=f"{name}-rest")
        more = "1 more row" if len(body) == 1 else f"{len(body)} more rows"
        parts.append(f"<details class='nqp-rest'><summary>{more}</summary>{rest}</details>")
    return Html("".join(map(str, [*parts, misses(numbers, entries)])))


def _place(column: str) -> tuple[int, str]:
    """Where a column stands in print: c2 before c10, whichever of them has the first row."""
    return int("".join(filter(str.isdigit, column)) or 0), column


def _rows(cells: list[pd.DataFrame], found: Found, alone: bool) -> str:
    """The printed row, and one for each evidence that has a number to compare; nothing but dashes stands alone only."""
    numbers = pd.concat(cells)
    if numbers["stat"].nunique() < 2:
        cells = [cell.assign(plain=True) for cell in cells]
    met = {number for number, _ in found}
    key, label = numbers[["key", "label"]].iloc[0]
    symbol = "" if label == words(key) else f" <small>{escape(key)}</small>"
    parts = [_parts(cell) for cell in cells]
    lines = [_row("", f"{escape(label)}{symbol}", [[_printed(p, met) for p in of] for of in parts])]
    entries = {one: {n: found[n, one] for n in numbers.index if (n, one) in found} for one in NAMED}
    compared = {
        one: {n: e for n, e in here.items() if e["verdict"] != UNCOMPARED} for one, here in entries.items()
    }
    checked = any(e["verdict"] != UNCHECKED for here in compared.values() for e in here.values())
    for evidence, here in compared.items():
        if not here or (checked and {e["verdict"] for e in here.values()} == {UNCHECKED}):
            continue
        named = NAMED[evidence]
        once = BY_DESIGN if {e["verdict"] for e in here.values()} == {BY_DESIGN} else ""  # said once a row
        head = ", ".join(filter(None, ["computed" if alone else named, once]))
        lines.append(_row("nqp-replicated", head, [[_computed(p, here, once) for p in of] for of in parts]))
    return "".join(lines)


def _row(kind: str, head: str, cells: list[list[str]]) -> str:
    body = "".join(f"<td>{''.join(parts)}</td>" for parts in cells)
    return f'<tr class="{kind}"><th scope="row">{head}</th>{body}</tr>'


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


def _computed(numbers: pd.DataFrame, found: Mapping[str, dict], once: str) -> str:
    entries = [found.get(number) for number in numbers.index]
    if not any(entries):
        return ""
    pairs = zip(entries, numbers["decimals"], strict=True)
    values = ["?" if e is None else digits(e["replicated"], d) for e, d in pairs]
    verdicts = dict.fromkeys(e["verdict"] for e in entries if e)
    badges = " ".join(_badge(verdict, _why(entries, verdict)) for verdict in verdicts if verdict != once)
    text = _join(values, numbers["stat"].tolist(), numbers["plain"].all())
    return f'<div class="nqp-values">{text}{badges and "&nbsp;" + badges}</div>'


def _badge(verdict: str, why: str) -> str:
    """A verdict as mark and word; a match is but a tick, whose word a screen reader says."""
    word = f'<span class="visually-hidden">{verdict}</span>' if verdict == "match" else verdict
    kind, mark = verdict.split()[0], MARKS.get(verdict, "")
    return f'<span class="nqp-verdict nqp-{kind}" title="{escape(why)}">{mark} {word}</span>'


def _why(found: list[dict | None], verdict: str) -> str:
    """Which numbers got this verdict, by which evidence and engine, and the reason if any."""
    said = [e for e in found if e and e["verdict"] == verdict]
    first = said[0]
    engine = f" by {first['engine']}" if first["engine"] else ""
    reason = f"; {first['reason']}" if first["reason"] else ""
    null = f"; with no planted effect: {first['null']}" if first["null"] else ""
    return f"{', '.join(e['id'] for e in said)}: evidence {first['evidence']}{engine}{reason}{null}"


def digits(value: float, decimals: int) -> str:
    """Return a computed number with two more digits than print has; a count whole, a missing one as a dash."""
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
        marked = {verdict: f"{verdict} {MARKS.get(verdict, '')}".rstrip() for verdict in counts.index}
        listed = ", ".join(f"{n} {marked[verdict]}" for verdict, n in counts.items())
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

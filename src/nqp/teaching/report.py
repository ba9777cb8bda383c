"""What marking writes: a table of marks, a page of feedback a student, and a summary."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from nqp.book.render import render
from nqp.data.spreadsheet import safe_csv
from nqp.paths import write_whole
from nqp.teaching.marking import Marked
from nqp.teaching.sandbox import closed


def write_report(
    folder: Path, marked: list[Marked], most: Mapping[str, int], names: Mapping[str, str], title: str
) -> pd.DataFrame:
    """Write ``marks.csv``, ``summary.html`` and feedback, from the most points by exercise and the roster's names."""
    absent, rows = sorted({*names} - {one.number for one in marked}), []
    for one in [*marked, *(Marked(number, ["nothing handed in"]) for number in absent)]:
        got = {label: one.points.get(label, 0.0) for label in most}
        stranger = ["not on the roster"] if names and one.number not in names else []
        rows.append(
            {"number": one.number, "name": names.get(one.number, ""), **got}
            | {"points": sum(got.values()), "out_of": sum(most.values())}
            | {"marked": bool(one.page), "remarks": "; ".join([*one.remarks, *stranger])}
        )
        if one.page:
            write_whole(folder / "feedback" / f"{one.number}.html", one.page)
    summary = render("teaching/summary.html", rows=rows, title=title, closed=closed())
    write_whole(folder / "summary.html", summary)
    safe_csv(marks := pd.DataFrame(rows), folder / "marks.csv")
    return marks

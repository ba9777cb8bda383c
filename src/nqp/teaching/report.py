"""What marking writes: a table of marks, a page of feedback a student, and a summary."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from nqp.book.render import render
from nqp.data.spreadsheet import safe_csv
from nqp.paths import write_whole
from nqp.teaching.marking import Marked


def marks_of(marked: list[Marked], most: Mapping[str, int], names: Mapping[str, str]) -> pd.DataFrame:
    """Return a row a student: points by exercise and their sum, written answers that await a reader, remarks.

    `most` are the points of each exercise; `names`, by number, are on the roster, also of those who handed nothing in.
    """
    absent = sorted({*names} - {one.number for one in marked})
    rows = []
    for one in [*marked, *(Marked(number, ["nothing handed in"]) for number in absent)]:
        got = {label: one.points.get(label, 0.0) for label in most}
        stranger = ["not on the roster"] if names and one.number not in names else []
        rows.append(
            {"number": one.number, "name": names.get(one.number, ""), **got}
            | {"points": sum(got.values()), "out_of": sum(most.values()), "marked": bool(one.page)}
            | {"to_read": "; ".join(one.argued), "remarks": "; ".join([*one.remarks, *stranger])}
        )
    return pd.DataFrame(rows)


def write_report(folder: Path, marked: list[Marked], marks: pd.DataFrame, **facts: str) -> list[Path]:
    """Write ``marks.csv``, ``summary.html`` with a picture, and a page for each marked student; return these files."""
    texts = {folder / "summary.html": render("teaching/summary.html", rows=marks.to_dict("records"), **facts)}
    texts |= {folder / "feedback" / f"{one.number}.html": one.page for one in marked if one.page}
    for path, text in texts.items():
        write_whole(path, text)
    safe_csv(marks, folder / "marks.csv")
    return [folder / "marks.csv", *texts]

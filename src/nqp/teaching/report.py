"""What marking writes: a table of marks, a page of feedback a student, and a summary."""

import io
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

import nbformat
import pandas as pd

from nqp.data.spreadsheet import safe_csv
from nqp.paths import write_whole
from nqp.show.style import PALETTE, figure_style
from nqp.teaching.marking import Marked, checks, grade_id

ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b|(?<=ipykernel_)\d+/\d+(?=\.py)")  # differ from run to run
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
LONGEST = 5_000  # characters of an output
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{0}</title><style>body{{font:16px/1.5'
    " sans-serif;max-width:70em;margin:2em auto}}td,th{{padding:.2em .8em;text-align:left;vertical-align:top}}"
    "</style></head><body><h1>{0}</h1>{1}</body></html>\n"
)


def marks_of(marked: list[Marked], teacher: nbformat.NotebookNode, names: Mapping[str, str]) -> pd.DataFrame:
    """Return a row a student: points by exercise, their sum, what was argued and awaits a reader, remarks.

    `names`, by number, are those on the roster; its students who handed nothing in have a row too.
    """
    points = {label: int(cell.metadata.nbgrader.points) for label, cell in checks(teacher).items()}
    absent = [
        Marked(number, remarks=["nothing handed in"])
        for number in sorted({*names} - {m.number for m in marked})
    ]
    rows = []
    for one in [*marked, *absent]:
        got = {label: most * bool(one.judged.get(label, {}).get("right")) for label, most in points.items()}
        stranger = ["not on the roster"] if names and one.number not in names else []
        rows.append(
            {"number": one.number, "name": names.get(one.number, ""), **got}
            | {"points": sum(got.values()), "out_of": sum(points.values()), "marked": one.counts}
            | {"to_read": "; ".join(one.argued), "remarks": "; ".join([*one.remarks, *stranger])}
        )
    return pd.DataFrame(rows)


def write_report(
    folder: Path, marked: list[Marked], teacher: nbformat.NotebookNode, marks: pd.DataFrame, about: str
) -> list[Path]:
    """Write ``marks.csv``, ``summary.html`` and a page for each marked student; return these files."""
    folder.mkdir(parents=True, exist_ok=True)
    safe_csv(marks, folder / "marks.csv")
    write_whole(folder / "summary.html", _summary(marks, teacher.metadata.nqp.assignment, about))
    pages = []
    for one in marked:
        if one.notebook and one.counts:
            pages.append(folder / "feedback" / f"{one.number}.html")
            write_whole(pages[-1], _feedback(one, teacher))
    return [folder / "marks.csv", folder / "summary.html", *pages]


def _feedback(one: Marked, teacher: nbformat.NotebookNode) -> str:
    """Lay a marked notebook out with nbgrader's page of feedback; scripts of students do not get into it."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.converters import GenerateFeedback

    notebook = nbformat.reads(nbformat.writes(one.notebook), as_version=4)
    scores = {"score": 0.0, "max_score": 0.0}
    made = {grade_id(cell): cell for cell in teacher.cells if grade_id(cell)}
    for cell in notebook.cells:
        _settle(cell)
        if (known := made.get(grade_id(cell))) is None:
            cell.metadata.pop("nbgrader", None)
            continue
        cell.metadata["nbgrader"] = nbformat.from_dict(dict(known.metadata.nbgrader))
        if known.metadata.nbgrader.grade:
            _score(cell, one, scores)
    remarks = "\n".join(f"- {escape(said)}" for said in one.remarks)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(remarks))
    about = {"notebook": f"{teacher.metadata.nqp.assignment}, {one.number}", "late_penalty": 0, **scores}
    exporter = HTMLExporter(config=GenerateFeedback().config, require_js_url="", jquery_url="")
    return str(exporter.from_notebook_node(notebook, resources={"nbgrader": about})[0])


def _score(cell: nbformat.NotebookNode, one: Marked, scores: dict[str, float]) -> None:
    """Put the points of a graded cell into its metadata, and what the check says below it."""
    points = float(cell.metadata.nbgrader.points)
    judged = one.judged.get(grade_id(cell))
    cell.metadata.nbgrader["score"] = points * bool(judged and judged["right"])
    if judged is None:
        cell.metadata.nbgrader["comment"] = "A reader marks this answer."
        return
    said = judged["said"] or "right"
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=said)]
    scores["score"] += cell.metadata.nbgrader.score
    scores["max_score"] += points


def _settle(cell: nbformat.NotebookNode) -> None:
    """Cut what a cell put out, and what changes from run to run; keep plain text and pictures."""
    cell.pop("attachments", None)
    if cell.cell_type == "markdown":
        cell.source = cell.source.replace("<", "&lt;")
    for output in cell.get("outputs", []):
        if "text" in output:
            output.text = ADDRESS.sub("0x", output.text)[:LONGEST]
        if output.output_type == "error":
            output.traceback = [ADDRESS.sub("0x", line)[:LONGEST] for line in output.traceback][-3:]
        if "data" in output:
            output.data = {
                kind: output.data[kind] for kind in ("text/plain", "image/png") if kind in output.data
            }
            if not BASE64.fullmatch(output.data.get("image/png", "")):
                output.data.pop("image/png", None)
            if text := output.data.get("text/plain"):
                output.data["text/plain"] = ADDRESS.sub("0x", text)[:LONGEST]


def _summary(marks: pd.DataFrame, name: str, about: str) -> str:
    said = f"<p>{len(marks)} students, {int(marks['marked'].sum())} marked. {escape(about)}</p>"
    return PAGE.format(
        escape(f"Marks of {name}"), said + _distribution(marks) + marks.to_html(index=False, border=0)
    )


def _distribution(marks: pd.DataFrame) -> str:
    """Draw how many marked students have how many points, as SVG with the same bytes each time."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    figure_style()
    counted = marks.loc[marks["marked"], "points"].value_counts()
    most = int(marks["out_of"].max()) if len(marks) else 0
    with mpl.rc_context({"svg.hashsalt": "nqp"}):
        figure = Figure(figsize=(7, 3))
        ax = figure.subplots()
        ax.bar(range(most + 1), counted.reindex(range(most + 1), fill_value=0), color=PALETTE[0])
        ax.set(xlabel="points", ylabel="students", title="Students by points")
        ax.yaxis.get_major_locator().set_params(integer=True)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return "<svg" + written.getvalue().partition("<svg")[2]

"""Does each number that the text cites by `glue` stand in the outputs? Sphinx asks only when it compiles."""

import re

import nbformat

CITED = re.compile(r"\{glue(?::\w*)?\}`(?![^`]*::)([^`]+)`")  # not those of another page


def dash_missing(notebook: nbformat.NotebookNode, *, changed: bool) -> str:
    """Write a dash for each cited number that a run with `changed` parameters did not make, or not in that form.

    With default parameters such a number is a defect of the chapter: returns what to tell its author, else nothing.
    """
    from myst_nb.core.variables import format_plain_text

    made, missing = glued(notebook), []

    def settled(cited: re.Match) -> str:
        key, _, form = cited[1].partition(":")
        try:
            format_plain_text(made[key], form)
        except (KeyError, ValueError, TypeError, OverflowError):
            missing.append(cited[1])
            return "–"
        return cited[0]

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = CITED.sub(settled, cell.source)
    if changed or not missing:
        return ""
    return f"the text cites {', '.join(missing)}, which no cell gives to `say` or `glue` in that form"


def glued(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Return what the cells of an executed notebook kept for the text, by name, as plain text."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    kept = [(o.metadata["scrapbook"], o.data) for o in outputs if "scrapbook" in o.get("metadata", {})]
    return {own["name"]: data.get(f"{own['mime_prefix']}text/plain", "") for own, data in kept}

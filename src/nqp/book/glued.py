"""Do the numbers that the text cites by `glue` stand in the outputs? Sphinx would ask when the book is compiled."""

import re
from collections.abc import Iterator

import nbformat

CITED = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{glue(?::\w*)?\}[ \t]+(?P<whole>\S+).*?^(?P=fence)[ \t]*$"
    r"|\{glue(?P<kind>:\w*)?\}`(?P<key>[^`]+)`",
    re.MULTILINE | re.DOTALL,
)
DASH = "–"


def dash_missing(notebook: nbformat.NotebookNode, *, changed: bool) -> str:
    """Write a dash for each cited number that a run with `changed` parameters did not make.

    With default parameters such a number is a defect of the chapter: returns what to tell the author, else nothing. A
    number of another page, ``page::key``, is left to Sphinx.
    """
    made = dict(_made(notebook))
    missing: list[str] = []

    def settled(cited: re.Match) -> str:
        key = cited["whole"] or cited["key"]
        if "::" in key or _can_be_shown(key, cited["kind"] == ":text", made):
            return cited[0]
        missing.append(key)
        return DASH

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = CITED.sub(settled, cell.source)
            cell.source = text if changed else cell.source
    if changed or not missing:
        return ""
    return f"the text cites {', '.join(missing)}, which no cell gives to `say` or `glue` in that form"


def _made(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, str]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if own := output.get("metadata", {}).get("scrapbook"):
                yield own["name"], output["data"].get(f"{own.get('mime_prefix', '')}text/plain", "")


def _can_be_shown(cited: str, as_text: bool, made: dict[str, str]) -> bool:
    from myst_nb.core.variables import format_plain_text

    key, _, form = cited.rpartition(":") if as_text and ":" in cited else (cited, "", "s")
    if key not in made or not as_text:
        return key in made
    try:
        return bool(format_plain_text(made[key], form))
    except (ValueError, TypeError, OverflowError):
        return False

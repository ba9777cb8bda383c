"""The box at the head of a chapter: question, answer, evidence, verdicts, what to know before, and minutes.

Verdicts come from ``book/ledger.csv`` and minutes from what was measured, when the book is compiled: an executed
notebook holds neither, so neither changes it.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst.directives import unchanged_required
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from nqp.book.chapters import Chapter
from nqp.book.minutes import MEASURED, minutes
from nqp.paths import book_dir, data_dir

if TYPE_CHECKING:
    import pandas as pd

EVIDENCE = {  # kinds of evidence, as a reader would say them
    "printed": "public facts and the paper's own printed numbers",
    "open": "open data",
    "twin": "a twin (SYNTHETIC data with planted truth)",
    "licensed": "your licensed file",
}


class Glance(SphinxDirective):
    """``{glance}``: options `question` and `before`; the content is the answer."""

    has_content = True
    option_spec: ClassVar[dict] = {"question": unchanged_required, "before": unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the box."""
        from nqp.book.ledgers import read_ledger  # slow to import, and no page without a box needs it

        if missing := [name for name in self.option_spec if name not in self.options]:
            raise self.error(f"glance needs :{missing[0]}:, in one line")
        place = PurePosixPath(self.env.docname)
        chapter = Chapter(place.parent.name, place.name)
        for path in (book_dir() / "ledger.csv", data_dir() / MEASURED):
            self.env.note_dependency(str(path))
        ledger = read_ledger()
        rows = ledger[(ledger["study"] == chapter.study) & (ledger["section"] == chapter.section)]
        box = nodes.container(classes=["nqp-glance"])
        question, _ = self.state.inline_text(self.options["question"], self.lineno)
        box += nodes.paragraph("", "", *question, classes=["nqp-question"])
        box += self.parse_content_to_nodes()
        facts = {**_facts(rows), "Before": self.options["before"], "Time": _time(chapter)}
        box += nodes.raw("", "<dl>", format="html")
        for name, said in facts.items():
            inline, _ = self.state.inline_text(said, self.lineno)
            box += nodes.raw("", f"<dt>{name}</dt><dd>", format="html")
            box += nodes.paragraph("", "", *inline)
            box += nodes.raw("", "</dd>", format="html")
        box += nodes.raw("", "</dl>", format="html")
        return [box]


def _facts(rows: pd.DataFrame) -> dict[str, str]:
    """Evidence and verdicts of a chapter; one without a ledger has neither."""
    if rows.empty:
        return {}
    from nqp.show.comparison import verdict_counts

    kinds = [kind for kind in EVIDENCE if kind in set(rows["evidence"])]
    return {
        "Evidence": "; ".join(EVIDENCE[kind] for kind in kinds),
        "Printed numbers": f"{rows['id'].nunique()} in this section. By evidence: {verdict_counts(rows)}",
    }


def _time(chapter: Chapter) -> str:
    read, run = minutes(chapter)
    return f"{read} minutes to read; {f'{run} to run' if run else 'not measured yet how long to run'}"


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_directive("glance", Glance)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

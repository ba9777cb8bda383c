"""PAPER_SLUG: which checks its printed numbers get."""

from nqp.evidence.audit.cells import Cells

OUT_OF_REACH: dict[str, str] = {}  # for numbers on which no check has a hold: a pattern of ids, and why


def plan(cells: Cells) -> None:
    """Put the checks that the printed numbers allow; none as long as no number is entered."""

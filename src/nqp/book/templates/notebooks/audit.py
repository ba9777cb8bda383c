"""PAPER_SLUG: checks on its printed numbers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from printcheck import Cells

# Numbers that no check reaches: a pattern of ids, and why. Take out what a check below reaches.
OUT_OF_REACH: dict[str, str] = {r".*": "no check is put to this number yet"}


def plan(cells: "Cells") -> None:
    """Put the checks that the printed numbers allow, such as those of `printcheck.batches`."""

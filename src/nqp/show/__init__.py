"""Tables and figures in one house style."""

from nqp.show.comparison import Html, comparison, summary
from nqp.show.style import EVIDENCE_LABELS, PALETTE, figure_style
from nqp.show.tables import table

__all__ = ["EVIDENCE_LABELS", "PALETTE", "Html", "comparison", "figure_style", "summary", "table"]

"""Tables and figures in one house style."""

from nqp.show.comparison import Html, comparison, summary
from nqp.show.maps import city_map
from nqp.show.style import PALETTE, figure_style
from nqp.show.tables import scorecard_table, table

__all__ = [
    "PALETTE",
    "Html",
    "city_map",
    "comparison",
    "figure_style",
    "scorecard_table",
    "summary",
    "table",
]

"""Tables and figures in one house style."""

from nqp.show.bars import verdict_bars
from nqp.show.findings import finding_cards, finding_table, folded
from nqp.show.html import Html
from nqp.show.maps import city_map
from nqp.show.plots import event_study, forest
from nqp.show.style import PALETTE, figure_style
from nqp.show.tables import scorecard_table, table

__all__ = [
    "PALETTE",
    "Html",
    "city_map",
    "event_study",
    "figure_style",
    "finding_cards",
    "finding_table",
    "folded",
    "forest",
    "scorecard_table",
    "table",
    "verdict_bars",
]

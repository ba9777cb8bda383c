"""Long panels, once for every room: checks, means, parameters counted, clustered errors, tidy rows, two-way effects."""

from nqp.panel.frames import PanelError, balanced_panel, require_columns, require_sample, require_unique, some
from nqp.panel.means import net_of, one_thread, orthonormal, within
from nqp.panel.small_sample import clustered_scale
from nqp.panel.tidy import tidy, tidy_rows
from nqp.panel.two_engines import two_way

__all__ = [
    "PanelError",
    "balanced_panel",
    "clustered_scale",
    "net_of",
    "one_thread",
    "orthonormal",
    "require_columns",
    "require_sample",
    "require_unique",
    "some",
    "tidy",
    "tidy_rows",
    "two_way",
    "within",
]

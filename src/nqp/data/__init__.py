"""Files of the book: where they are, what they are, and that nobody changed them."""

from nqp.data.manifest import DataError, DataFile, altered, load_manifest, path_of
from nqp.data.rosters import (
    first_treated,
    policy_rules,
    sample,
    sample_rule,
)
from nqp.data.tables import (
    city_outlines,
    contiguity,
    open_coordinates,
    open_panel,
    read_table,
    roster_cities,
    roster_policies,
)
from nqp.paths import root

__all__ = [
    "DataError",
    "DataFile",
    "altered",
    "city_outlines",
    "contiguity",
    "first_treated",
    "load_manifest",
    "open_coordinates",
    "open_panel",
    "path_of",
    "policy_rules",
    "read_table",
    "root",
    "roster_cities",
    "roster_policies",
    "sample",
    "sample_rule",
]

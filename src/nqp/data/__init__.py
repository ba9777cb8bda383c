"""Files of the book: where they are, what they are, and that nobody changed them."""

from nqp.data.manifest import DataError, DataFile, altered, load_manifest, path_of
from nqp.data.panels import PanelError
from nqp.data.paths import root
from nqp.data.rosters import (
    SampleRule,
    TreatmentRule,
    first_treated,
    sample,
    sample_rule,
    treatment_rules,
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

__all__ = [
    "DataError",
    "DataFile",
    "PanelError",
    "SampleRule",
    "TreatmentRule",
    "altered",
    "city_outlines",
    "contiguity",
    "first_treated",
    "load_manifest",
    "open_coordinates",
    "open_panel",
    "path_of",
    "read_table",
    "root",
    "roster_cities",
    "roster_policies",
    "sample",
    "sample_rule",
    "treatment_rules",
]

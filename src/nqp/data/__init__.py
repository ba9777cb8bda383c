"""Files of the book: where they are, what they are, and that nobody changed them."""

from nqp.data.provinces import province_contiguity, province_panel, roster_provinces, same_vintage
from nqp.data.rosters import first_treated, sample
from nqp.data.tables import (
    city_outlines,
    contiguity,
    open_coordinates,
    open_panel,
    read_table,
    roster_cities,
    roster_policies,
)
from nqp.manifest import DataError, altered, load_manifest, path_of

__all__ = [
    "DataError",
    "altered",
    "city_outlines",
    "contiguity",
    "first_treated",
    "load_manifest",
    "open_coordinates",
    "open_panel",
    "path_of",
    "province_contiguity",
    "province_panel",
    "read_table",
    "roster_cities",
    "roster_policies",
    "roster_provinces",
    "same_vintage",
    "sample",
]

"""The reader's licensed files: their contract, template, check and panel."""

from nqp.data.licensed.checking import check
from nqp.data.licensed.contract import Column, Contract, load_contract
from nqp.data.licensed.guard import unit_values
from nqp.data.licensed.panel import licensed_hash, licensed_panel, licensed_path
from nqp.data.licensed.reading import LicensedFileError
from nqp.data.licensed.report import Report
from nqp.data.licensed.template import template
from nqp.data.licensed.values import schema

__all__ = [
    "Column",
    "Contract",
    "LicensedFileError",
    "Report",
    "check",
    "licensed_hash",
    "licensed_panel",
    "licensed_path",
    "load_contract",
    "schema",
    "template",
    "unit_values",
]

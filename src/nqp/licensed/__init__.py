"""The reader's licensed files: their contract, template, check and panel."""

from nqp.licensed.checking import check
from nqp.licensed.contract import Column, Contract, load_contract
from nqp.licensed.guard import unit_values
from nqp.licensed.panel import licensed_hash, licensed_panel, licensed_path
from nqp.licensed.raw import LicensedFileError
from nqp.licensed.report import Report
from nqp.licensed.template import template
from nqp.licensed.values import schema

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

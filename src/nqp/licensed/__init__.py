"""The reader's licensed files: their contract, template, check and panel."""

from nqp.licensed.checking import check
from nqp.licensed.panel import licensed_hash, licensed_panel
from nqp.licensed.template import template

__all__ = ["check", "licensed_hash", "licensed_panel", "template"]

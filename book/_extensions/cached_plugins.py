"""Look each plug-in of pybtex up once: it asks for the same few some hundred times, which took half the compilation."""

from functools import cache

import pybtex.plugin
from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Remember what was found."""
    pybtex.plugin._load_entry_point = cache(pybtex.plugin._load_entry_point)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

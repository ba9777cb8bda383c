"""Leave out thebe, which Jupyter Book loads twice on every page and this book does not use."""

from sphinx.application import Sphinx


def leave_out(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    """Drop thebe's scripts from a page."""
    kept = [
        s for s in context["script_files"] if "thebe" not in f"{s} {getattr(s, 'attributes', {})}".lower()
    ]
    context["script_files"] = kept


def setup(app: Sphinx) -> dict:
    """Connect after every other extension."""
    app.connect("html-page-context", leave_out, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Write every page again when something changed that pages show of one another, and drop what no page shows any more.

Sphinx reads and writes changed pages only. Titles stand in the navigation of all, and links lead to labels and to
works cited, so these are compared with those of the compilation before.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.search import js_index


def shared(env: BuildEnvironment) -> str:
    """Return all that one page may show of another."""
    titles = sorted((page, title.astext()) for page, title in env.titles.items())
    standard, cited = env.domaindata["std"], env.domaindata["cite"]
    labels = sorted((kind, str(sorted(standard[kind].items()))) for kind in ("labels", "anonlabels"))
    works = sorted((one.key, str(one.formatted_entry.label)) for one in cited["citations"])
    works += sorted((one.docname, str(one.keys)) for one in cited["citation_refs"])
    return str([titles, labels, works, sorted(env.toctree_includes.items())])


def write_all(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to write besides those that were read."""
    before, now = getattr(env, "shared_between_pages", None), shared(env)
    env.shared_between_pages = now
    return [] if before in (None, now) else sorted(env.found_docs)


def drop(app: Sphinx, exception: Exception | None) -> None:
    """Remove pictures and words that no page shows any more."""
    if exception or app.builder.format != "html":
        return
    shown = {name for _, name in app.env.images.values()}
    sources = {(Path(app.srcdir) / name).resolve() for name in app.env.images}
    for path in (Path(app.outdir) / "_images").glob("*"):
        if path.name not in shown:
            path.unlink()
    for path in (Path(app.outdir).parent / "jupyter_execute").rglob("*.*"):
        if path.is_file() and path.resolve() not in sources:
            path.unlink()
    index = Path(app.outdir) / "searchindex.js"
    found = js_index.loads(index.read_text(encoding="utf-8"))
    for kind in ("terms", "titleterms"):  # Sphinx keeps the words of a page that went, with no page
        found[kind] = {word: pages for word, pages in found[kind].items() if pages != []}
    index.write_text(js_index.dumps(found), encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Connect."""
    app.connect("env-updated", write_all, priority=900)  # after the bibliography has numbered its works
    app.connect("build-finished", drop)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

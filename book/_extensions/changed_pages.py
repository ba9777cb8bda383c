"""Compile changed pages only, and the book is the one that a fresh compilation gives.

Sphinx compares times; here contents decide. Titles stand in the navigation of all pages, and links lead to labels and
to works cited, so every page is written again when these changed, and every page is read again when anything but pages
did, as style or ledger. What no page shows any more is removed.
"""

import hashlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.search import js_index

LEFT_OUT = {"mathjax", "__pycache__"}  # too large to matter; written by the build itself


def hash_of(*paths: Path) -> str:
    """Return a hash of files."""
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths)).hexdigest()


def changed(app: Sphinx, env: BuildEnvironment, added: set, altered: set, removed: set) -> set[str]:
    """Return the pages that are other than when they were last read; all, when anything that all depend on is."""
    top = Path(app.srcdir)
    pages = {page: Path(env.doc2path(page)) for page in env.found_docs}
    single = ("_config.yml", "_toc.yml", "requirements.lock", "benchmarks/RESULTS.md")
    others = {path for path in (top / "book").rglob("*") if path.is_file() and not LEFT_OUT & set(path.parts)}
    others |= {top / name for name in single if (top / name).is_file()}
    before = getattr(env, "contents", {})
    env.contents = {page: hash_of(path) for page, path in pages.items()}
    env.contents[""] = hash_of(*sorted(others - set(pages.values())))
    if before.get("") != env.contents[""]:
        return set(pages)
    return {page for page in pages if before.get(page) != env.contents[page]}


def forget(app: Sphinx, env: BuildEnvironment, pages: list[str]) -> None:
    """Forget all pages that will be read before the first is, or a label that moved would stand on two."""
    for page in pages:
        app.emit("env-purge-doc", env, page)
        env.clear_doc(page)


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
    app.connect("env-get-outdated", changed)
    app.connect("env-before-read-docs", forget)
    app.connect("env-updated", write_all, priority=900)  # after the bibliography has numbered its works
    app.connect("build-finished", drop)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

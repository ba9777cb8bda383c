"""Pieces of HTML that a notebook shows."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from nqp.paths import root
from nqp.reads import note


@dataclass(frozen=True)
class Html:
    """A piece of HTML that a notebook shows as it is."""

    text: str

    def __str__(self) -> str:
        return self.text

    _repr_html_ = __html__ = __str__


def rendered(template: str, **facts: Any) -> Html:
    """Return a template of this folder with facts, escaped; a chapter that shows one is stale when it changes."""
    from jinja2 import Environment, PackageLoader

    note(root() / "src" / "nqp" / "show" / template)
    how = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    forms = Environment(loader=PackageLoader("nqp.show", ""), **how)
    return Html(forms.get_template(template).render(facts).strip())


def grid(
    kind: str,
    caption: str,
    heads: Iterable[str],
    rows: Iterable[str],
    *,
    name: str = "",
    text: Container[int] = (),
) -> Html:
    """Return a table of rows in HTML, of a CSS class, that scrolls on its own; caption and heads are texts.

    The page numbers it and links to it by `name`, or else by the first words of the caption; `text` are the places of
    columns that hold words.
    """
    kinds = ['<th scope="col">', '<th scope="col" class="text">']
    head = "".join(f"{kinds[place in text]}{escape(one)}</th>" for place, one in enumerate(heads))
    anchor = escape(name or "table-" + "-".join(re.findall(r"\w+", caption.lower())[:6]))
    link = f'<a class="headerlink" href="#{anchor}" title="Link to this table">#</a>'
    return Html(
        f'<div class="nqp-scroll" id="{anchor}" tabindex="0"><table class="{kind}">'
        f"<caption>{escape(caption)}{link}</caption><thead>"
        f"<tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )

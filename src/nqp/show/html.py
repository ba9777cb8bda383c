"""Pieces of HTML that a notebook shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Html:
    """A piece of HTML that a notebook shows as it is."""

    text: str

    def __str__(self) -> str:
        return self.text

    _repr_html_ = __str__


def grid(kind: str, caption: str, heads: Iterable[str], rows: Iterable[str]) -> Html:
    """Return a table of rows in HTML, of a CSS class, that scrolls on its own; caption and heads are texts."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    return Html(
        f'<div class="nqp-scroll"><table class="{kind}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )

"""Plain frames as accessible tables."""

from html import escape

import pandas as pd

from nqp.show.comparison import Html


def table(frame: pd.DataFrame, caption: str, *, digits: int = 3, index: bool = True) -> Html:
    """Return a frame as an HTML table with a caption that says what it shows and with which evidence.

    Floats are rounded to `digits`; missing cells are shown as a dash, never as NaN.
    """
    shown = frame.copy()
    for name in shown.columns[shown.dtypes.map(pd.api.types.is_float_dtype)]:
        shown[name] = shown[name].map(lambda v: "–" if pd.isna(v) else f"{v:.{digits}f}".replace("-", "\u2212"))
    text = shown.to_html(index=index, border=0, classes="nqp-table", na_rep="–", escape=True)
    head, body = text.split(">", 1)
    return Html(f'<div class="nqp-scroll">{head}><caption>{escape(caption)}</caption>{body}</div>')

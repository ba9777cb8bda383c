"""The guard on licensed outputs: values are found however they are written, results pass."""

import base64
import io
import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from licensed_cases import made_up_panel
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_output

from nqp.book.guard import fingerprint, unit_values
from nqp.book.outputs import texts_of

PANEL = made_up_panel()
KNOWN = fingerprint(PANEL)
VALUES = PANEL.drop(columns=["adcode", "city", "year"])
YEAR = PANEL[PANEL["year"] == 2020]
CITY = PANEL[PANEL["adcode"] == 130200]
NQP, ECO = YEAR["NQP"], YEAR["ECO"]
CSV = PANEL.head(50).to_csv().encode()


def found(cell) -> int:
    """Return how many values the guard finds in a cell."""
    return unit_values(texts_of(cell), KNOWN)


def printed(text: str):
    """Return a cell that printed a text."""
    return new_code_cell(outputs=[new_output("stream", text=text)])


def shown(**data: object):
    """Return a cell that displayed data; the first _ of a kind stands for a stroke."""
    bundle = {kind.replace("_", "/", 1): value for kind, value in data.items()}
    return new_code_cell(outputs=[new_output("display_data", data=bundle)])


def listed(values: object, digits: str) -> str:
    """Return numbers, one a line."""
    return "\n".join(format(value, digits) for value in values)


def picture(kind: str, **note: str) -> bytes:
    """Return a scatter plot of a year."""
    figure = Figure()
    figure.add_subplot().scatter(YEAR["FIN"], NQP)
    out = io.BytesIO()
    figure.savefig(out, format=kind, metadata=note)
    return out.getvalue()


def base64_of(raw: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(raw).decode()


def attached():
    """Return a cell whose attachment is a picture that carries values beside its pixels."""
    cell = new_code_cell()
    note = listed(PANEL["NQP"].head(30), ".5f")
    cell["attachments"] = {"a.png": {"image/png": base64_of(picture("png", Description=note))}}
    return cell


def glued(values: pd.DataFrame | pd.Series):
    """Return a cell as `glue(..., display=False)` leaves it."""
    kinds = {"text/plain": repr(values), "text/html": values.to_frame().to_html() if values.ndim == 1 else ""}
    data = {f"application/papermill.record/{kind}": text for kind, text in kinds.items()}
    return new_code_cell(
        outputs=[new_output("display_data", data=data, metadata={"scrapbook": {"name": "x"}})]
    )


LEAKS = {
    "rows, as pandas prints them": printed(repr(PANEL.head(10))),
    "the ends of the panel": printed(repr(PANEL)),
    "rows as HTML": shown(text_html=PANEL.head(4).to_html()),
    "rounded rows": printed(VALUES.head(20).round(3).to_string()),
    "one row": printed(VALUES.iloc[100].round(4).to_string()),
    "one city": printed(CITY[["year", "NQP"]].round(4).to_string()),
    "one city, scaled": printed(listed((CITY["NQP"] - 0.3) * 7, ".4f")),
    "a random sample": printed(listed(PANEL["NQP"].sample(10, random_state=1), ".6f")),
    "a rounded year": printed(listed(NQP, ".2f")),
    "a rounded year, sorted": printed(str(sorted(NQP.round(3).tolist()))),
    "a standardised year": printed(listed((NQP - NQP.mean()) / NQP.std(), ".2f")),
    "a year turned round": printed(listed(4 - 3 * ECO, ".3f")),
    "a whole column, rounded and sorted": printed(str(sorted(PANEL["FIN"].round(2).tolist()))),
    "a column in logs": printed(str(np.log(PANEL["FIN"]).round(3).tolist())),
    "a column out of logs, whole numbers": printed(listed(np.exp(PANEL["ECO"]), ".0f")),
    "a year in percent": printed(listed(100 * PANEL["EDU"].head(30), ".3f")),
    "whole numbers": printed(listed(1000 * YEAR["output"], ".0f")),
    "thousands": printed(listed(1000 * YEAR["output"], ",.0f")),
    "counts of a year": printed(listed(YEAR["ecommerce_firms"] * 1.0, ".0f")),
    "scientific notation": printed(listed(PANEL["output"].sample(12, random_state=2), ".6e")),
    "decimal commas": printed(listed(PANEL["NQP"].sample(20, random_state=2), ".6f").replace(".", ",")),
    "JSON": shown(application_json=json.loads(PANEL.head(12).to_json(orient="records"))),
    "JSON without blanks": printed(json.dumps(NQP.head(50).round(5).tolist(), separators=(",", ":"))),
    "base64 of text": printed(base64_of(CSV)),
    "base64 in a link": shown(text_html=f'<a href="data:text/csv;base64,{base64_of(CSV)}">x</a>'),
    "base64, binary": shown(application_json={"bdata": base64_of(NQP.to_numpy().tobytes())}),
    "base64, single precision": printed(base64_of(NQP.to_numpy(dtype="f4").tobytes())),
    "a glued table": glued(PANEL.head(8)),
    "a glued column": glued(NQP),
    "one glued value an output": new_code_cell(
        outputs=[new_output("display_data", data={"text/plain": repr(v)}) for v in NQP.round(5)]
    ),
    "a traceback": new_code_cell(
        outputs=[new_output("error", ename="E", evalue="", traceback=["no", str(NQP.head(20).tolist())])]
    ),
    "text of an SVG": shown(**{"image_svg+xml": "<svg>" + "".join(f"<text>{v}</text>" for v in NQP) + "</svg>"}),
    "points of an SVG": shown(**{"image_svg+xml": picture("svg").decode()}),
    "text in a PNG": shown(image_png=base64_of(picture("png", Comment=listed(NQP.head(30), ".5f")))),
    "an attachment": attached(),
    "metadata": new_code_cell(metadata={"kept": NQP.head(30).tolist()}),
}  # fmt: skip


@pytest.mark.parametrize("cell", LEAKS.values(), ids=LEAKS)
def test_values_are_found_however_they_are_written(cell):
    assert found(cell) >= 5


def regression(*columns: str):
    """Return a fitted regression."""
    return sm.OLS(VALUES["NQP"], sm.add_constant(VALUES[list(columns)])).fit().summary()


BY_YEAR = VALUES.groupby(PANEL["year"])
DRAWS = np.random.default_rng(1)
QUANTILES = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
RESULTS = {
    "moments": shown(text_html=VALUES.describe(percentiles=QUANTILES).T.to_html(float_format="%.6f")),
    "correlations": printed(VALUES.corr().to_string()),
    "covariances": printed(VALUES.cov().to_string()),
    "means by year": shown(text_html=BY_YEAR.mean().to_html(float_format="%.6f")),
    "means by year, rounded": printed(BY_YEAR.mean().round(3).to_string()),
    "standard deviations by year": printed(BY_YEAR.std().to_string()),
    "means by year and treatment": printed(VALUES.groupby([PANEL["year"], PANEL["INN"]]).mean().to_string()),
    "means by province": printed(VALUES.groupby(PANEL["adcode"] // 10_000).mean().to_string()),
    "a regression": printed(regression("INN", "EDU", "FIN", "ECO").as_text()),
    "a regression as HTML": shown(text_html=regression("INN", "EDU", "FIN", "URB", "OPE").as_html()),
    "500 placebo effects": printed(str(DRAWS.normal(0, 0.01, 500).round(4).tolist())),
    "as many draws as cities": printed(str(DRAWS.normal(0.3, 0.1, 277).round(3).tolist())),
    "as many draws as rows": printed(str(DRAWS.normal(0.3, 0.1, 3_324).round(3).tolist())),
    "equal steps": printed(listed(np.linspace(0, 1, 277), ".3f")),
    "whole numbers in order": printed(" ".join(map(str, range(3_324)))),
    "the public roster": printed(PANEL[["adcode", "city", "year", "INN"]].to_string()),
    "a picture of results": shown(image_png=base64_of(picture("png", Title="Effects by year"))),
}


@pytest.mark.parametrize("cell", RESULTS.values(), ids=RESULTS)
def test_results_pass(cell):
    assert found(cell) == 0


def test_tables_of_random_groups_pass():
    rng = np.random.default_rng(4)
    for _ in range(10):
        group = rng.integers(0, 30, len(VALUES))
        cell = printed(VALUES.groupby(group).mean().round(rng.integers(3, 7)).to_string())
        assert found(cell) == 0


def test_a_series_that_every_city_shares_is_no_citys_own(made_up):
    national = made_up["year"].map(dict(zip(range(2011, 2023), DRAWS.uniform(1, 2, 12), strict=True)))
    known = fingerprint(made_up.assign(IV1=made_up["adcode"] * national))
    assert unit_values([listed(national.head(12), ".4f")], known) == 0

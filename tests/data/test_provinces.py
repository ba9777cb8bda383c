"""The panel of provinces: its codebook, vintages of GDP that no ratio may mix, and who borders whom."""

import ast
import re

import jupytext
import pandas as pd
import pytest

from nqp.data import DataError, province_contiguity, province_panel, read_table, same_vintage
from nqp.data.provinces import roster_provinces

CODEBOOK = read_table("open/provinces_codebook.csv", keep_default_na=False).set_index("column")
VINTAGE = CODEBOOK.loc[CODEBOOK["vintage"] != "", "vintage"].to_dict()
KEYS = ["adcode", "province_zh", "province_en", "year"]


def test_every_column_has_definition_source_licence_and_true_coverage():
    panel = province_panel()
    assert list(panel) == [*KEYS, *CODEBOOK.index]
    assert (CODEBOOK[["definition", "unit", "source", "licence"]] != "").all(axis=None)
    for name, row in CODEBOOK.iterrows():
        years = panel.loc[panel[name].notna(), "year"]
        assert (len(years), f"{years.min()}-{years.max()}") == (int(row["n"]), row["years"]), name


def test_every_national_account_has_a_vintage():
    accounts = [name for name in CODEBOOK.index if re.match(r"gdp(?!_index)|va_|secondary_share", name)]
    assert sorted(VINTAGE) == sorted(accounts)
    assert set(VINTAGE.values()) == {"first release", "4th census", "5th census"}


def test_vintages_are_told_apart_by_published_figures_and_by_their_own_sums():
    """Guangdong 2015 in 100 million yuan, as released first and after the 4th and 5th census."""
    panel = province_panel().set_index(["adcode", "year"])
    published = {"gdp_first": 72812.55, "gdp_v4": 74732.4, "gdp": 75820.8}
    assert panel.loc[(440000, 2015), list(published)].to_dict() == published
    fits = panel["va_industry"] / panel["gdp_v4"]
    assert fits.max() < 0.52  # a share
    share = 100 * panel["va_secondary"] / panel["gdp"] - panel["secondary_share_pct"]
    assert share.xs(2011, level="year").abs().max() > 15  # the published share is none of the later vintage


def test_columns_of_two_vintages_are_refused_by_name():
    assert same_vintage("va_industry", "gdp_v4", "pop") == "4th census"
    assert same_vintage("pop", "loans_rmb", None) == ""
    with pytest.raises(DataError, match=r"va_industry \(4th census\), gdp \(5th census\)"):
        same_vintage("va_industry", "gdp")


def mixed_ratios(code: str) -> list[str]:
    """Return the ratios in a program, also in formulas, that name columns of more than one vintage."""
    found = []
    for node in ast.walk(ast.parse(code)):
        called = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
        ratio = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        if ratio or called in ("div", "divide", "truediv", "location_quotient", "largest_quotient"):
            parts = list(ast.walk(node))
            names = [part.value for part in parts if isinstance(part, ast.Constant)]
            names += [part.attr for part in parts if isinstance(part, ast.Attribute)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "/" in node.value:
            names = re.findall(r"\w+", node.value)
        else:
            continue
        if len({VINTAGE[name] for name in names if name in VINTAGE}) > 1:
            found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize(
    "code",
    [
        'panel["va_industry"] / panel["gdp"]',
        "panel.va_industry.div(panel.gdp_first)",
        'location_quotient(p["va_industry"], p["gdp"], p["adcode"], p["year"])',
        '(p["gdp"] - p["va_industry"]) / p["gdp"]',
        'p.eval("va_industry / gdp")',
    ],
)
def test_a_mixed_ratio_in_a_chapter_is_found(code):
    assert mixed_ratios(code)
    assert not mixed_ratios(code.replace("gdp_first", "gdp_v4").replace('gdp"', 'gdp_v4"'))


def test_no_ratio_of_the_project_mixes_vintages(root):
    for path in (root / "notebooks").rglob("*.md"):
        for cell in jupytext.read(path, fmt="md:myst").cells:
            if cell.cell_type == "code":
                plain = re.sub(r"^[%!].*", "", cell.source, flags=re.M)
                assert not mixed_ratios(plain), path.name
    for path in (root / "src" / "nqp").rglob("*.py"):
        assert not mixed_ratios(path.read_text()), path.name


def test_neighbours_of_the_provinces():
    """Numbers of neighbours as on any map of China; Hainan's one is Guangdong, by the ferry."""
    units, pairs = roster_provinces(), province_contiguity()
    assert units["adcode"].tolist() == sorted(province_panel()["adcode"].unique())
    assert (pairs["adcode_i"] < pairs["adcode_j"]).all()
    counts = pd.concat([pairs["adcode_i"], pairs["adcode_j"]]).value_counts()
    known = {
        "内蒙古自治区": 8,
        "陕西省": 8,
        "河北省": 7,
        "四川省": 7,
        "甘肃省": 6,
        "广东省": 5,
        "上海市": 2,
        "北京市": 2,
    }
    for name, number in known.items():
        assert counts[units.set_index("name_zh")["adcode"][name]] == number, name
    ferry = pairs[pairs["kind"] != "shared boundary"]
    assert ferry.to_numpy().tolist() == [[440000, 460000, "ferry link (Qiongzhou Strait)"]]
    assert len(pairs) == 69

"""Files as readers have them: encodings, formats, headers, and those that cannot be read."""

import numpy as np
import pandas as pd
import pytest
from licensed_cases import CONTRACT, chinese_headers

from nqp.data import DataError
from nqp.licensed import check, licensed_panel
from nqp.licensed.reading import LicensedFileError


def same(path, made_up) -> None:
    """Check that a file gives the made-up panel, or the baseline's part of it, to the last digit."""
    section = "" if "capital" in made_up else "baseline"
    panel = licensed_panel("cluster_pilot", section=section, licensed_file=str(path))
    pd.testing.assert_frame_equal(panel, made_up, check_dtype=False, check_exact=True)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gbk", "GBK"), ("gb18030", "GBK"), ("utf-16", "UTF-16")],
)
def test_chinese_headers_in_every_encoding_give_the_same_panel(tmp_path, made_up, encoding, said):
    path = tmp_path / "mine.csv"
    chinese_headers(made_up).to_csv(path, index=False, encoding=encoding)
    report = check(path, "cluster_pilot")
    assert report.ok
    assert report.found.empty
    assert report.read_as == f"CSV, {said}"
    same(path, made_up)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators(tmp_path, light, separator):
    light.to_csv(tmp_path / "mine.csv", index=False, sep=separator)
    same(tmp_path / "mine.csv", light)


def test_excel(tmp_path, light):
    chinese_headers(light).to_excel(tmp_path / "mine.xlsx", index=False, sheet_name="面板")
    assert check(tmp_path / "mine.xlsx", "cluster_pilot").read_as == "Excel, sheet '面板'"
    same(tmp_path / "mine.xlsx", light)


def test_stata(tmp_path, light):
    light.to_stata(tmp_path / "mine.dta", version=118, write_index=False)
    same(tmp_path / "mine.dta", light)


def test_stata_with_chinese_variable_labels(tmp_path, light):
    labels = {f"v{n}": CONTRACT[name].zh[0] for n, name in enumerate(light)}
    light.set_axis(list(labels), axis=1).to_stata(
        tmp_path / "mine.dta", version=118, write_index=False, variable_labels=labels
    )
    same(tmp_path / "mine.dta", light)


def test_old_stata_holds_gbk(tmp_path, light):
    mangled = light.assign(city=light["city"].map(lambda name: name.encode("gbk").decode("latin-1")))
    mangled.to_stata(tmp_path / "mine.dta", version=114, write_index=False)
    same(tmp_path / "mine.dta", light)


def test_single_precision_is_kept_as_it_is(tmp_path, light):
    single = light.astype({"NQP": np.float32})
    single.to_stata(tmp_path / "mine.dta", version=118, write_index=False)
    same(tmp_path / "mine.dta", single.astype({"NQP": float}))


def test_blanks_case_and_row_order_do_not_matter(tmp_path, light):
    messy = light.sample(frac=1, random_state=3).rename(columns=lambda name: f"  {name.lower()} ")
    messy.map(lambda value: f" {value} ").to_csv(tmp_path / "mine.csv", index=False)
    same(tmp_path / "mine.csv", light)


@pytest.mark.parametrize(
    ("spelling", "kept"),
    [
        (lambda row: row["city"].removesuffix("市"), ["city"]),
        (
            lambda row: "河北省" + row["city"] if str(row["adcode"]).startswith("13") else row["city"],
            ["city"],
        ),
        (lambda row: "河北" + row["city"] if str(row["adcode"]).startswith("13") else row["city"], ["city"]),
        (lambda row: row["city"], ["city"]),
        (lambda row: row["city"], ["adcode"]),
    ],
)
def test_cities_by_code_or_by_any_usual_spelling(tmp_path, light, spelling, kept):
    spelt = light.assign(city=light.apply(spelling, axis=1))
    spelt.drop(columns={"adcode", "city"} - set(kept)).to_csv(tmp_path / "mine.csv", index=False)
    same(tmp_path / "mine.csv", light)


# --- files that cannot be read ----------------------------------------------------------------------------


def refused(path, match: str, content: bytes | None = None) -> None:
    """Write the content and check the refusal."""
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LicensedFileError, match=match):
        check(path, "cluster_pilot")


def test_a_missing_file(tmp_path):
    refused(tmp_path / "none.csv", r"there is no file .*none\.csv")


def test_another_kind(tmp_path):
    refused(tmp_path / "mine.xls", r"kind \.xls are not read\. Save it as \.csv, \.xlsx, \.dta", b"x")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"adcode,year\n", b"adcode,year\n\n,\n"])
def test_an_empty_file(tmp_path, content):
    refused(tmp_path / "mine.csv", "has no rows below its headers", content)


def test_bytes_of_no_encoding(tmp_path):
    refused(
        tmp_path / "mine.csv", "neither in UTF-8 nor in GBK; .* in line 2.*CSV UTF-8", b"a,b\n\xff\xff,1\n"
    )


def test_a_renamed_workbook(tmp_path):
    refused(
        tmp_path / "mine.xlsx",
        "mine.xlsx cannot be read .*older .xls.*Save it again as .xlsx or .csv",
        b"a,b\n1,2\n",
    )


def test_a_damaged_stata_file(tmp_path):
    refused(tmp_path / "mine.dta", "mine.dta cannot be read .*export delimited", b"a,b\n1,2\n")


def test_a_truncated_stata_file(tmp_path, light):
    light.to_stata(tmp_path / "mine.dta", version=118, write_index=False)
    refused(tmp_path / "mine.dta", "mine.dta cannot be read", (tmp_path / "mine.dta").read_bytes()[:20000])


def test_a_study_without_contract(tmp_path):
    said = "no contract for licensed data of 'digital_agglomeration'; there is one for"
    with pytest.raises(DataError, match=said):
        check(tmp_path / "mine.csv", "digital_agglomeration")


def test_a_stata_file_without_rows(tmp_path, light):
    light.head(0).drop(columns="city").to_stata(tmp_path / "mine.dta", version=118, write_index=False)
    refused(tmp_path / "mine.dta", "has no rows below its headers")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".dta"])
def test_damaged_files_are_refused_or_reported_and_never_break_the_check(tmp_path, light, suffix):
    rng = np.random.default_rng(11)
    path = tmp_path / f"mine{suffix}"
    small = light.head(24)
    {
        ".csv": lambda: small.to_csv(path, index=False),
        ".xlsx": lambda: small.to_excel(path, index=False),
        ".dta": lambda: small.to_stata(path, version=118, write_index=False),
    }[suffix]()
    whole = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    refusals = 0
    for _ in range(15):
        damaged = whole[: rng.integers(1, len(whole))].copy() if rng.random() < 0.5 else whole.copy()
        damaged[rng.integers(0, len(damaged), 5)] = rng.integers(0, 256, 5)
        path.write_bytes(damaged.tobytes())
        try:
            assert not check(path, "cluster_pilot").ok
        except LicensedFileError:
            refusals += 1
    assert suffix == ".csv" or refusals > 3

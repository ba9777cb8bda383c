"""Your own table: a published one, one that R printed, planted slips, and files that cannot be checked."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from nqp.cli import main
from printcheck.automatic import check_file, check_table
from printcheck.report import counts, issues
from printcheck.table import TableError, read_table

CARD_KRUEGER = Path(__file__).parents[2] / "data" / "examples" / "card_krueger_1994.csv"

# lm of employment on period, state and their product, Card and Krueger's data, as R prints it (H. Lopes, lecture notes,
# hedibert.org, example2-DiD-card-krueger): estimates, errors, t and p; one star at 5 %, two at 1 %, three at 0.1 %.
R_OUTPUT = """\
column,term,stat,printed,stars
lm,intercept,coef,23.380,***
lm,intercept,se,1.098,
lm,intercept,t,21.288,
lm,time,coef,-2.283,
lm,time,se,1.553,
lm,time,t,-1.470,
lm,time,p,0.1419,
lm,treatment,coef,-2.949,*
lm,treatment,se,1.224,
lm,treatment,t,-2.409,
lm,treatment,p,0.0162,
lm,interaction,coef,2.750,
lm,interaction,se,1.731,
lm,interaction,t,1.588,
lm,interaction,p,0.1126,
"""
# NIST StRD, Longley, certified values rounded; R's adjusted R2 of the same regression
LONGLEY = """\
column,term,stat,printed
ols,year,coef,1829.15***
ols,year,se,(455.478)
ols,gnp,coef,-0.0358
ols,gnp,se,(0.0335)
ols,unemployed,coef,-2.0202***
ols,unemployed,se,(0.4884)
ols,,n,16
ols,,k,6
ols,,r2,0.9955
ols,,r2_adj,0.9925
"""
PANEL = """\
table,column,term,stat,printed,kind,same_as
2,all,size,mean,2.0,,
2,all,size,sd,1.0,,
2,all,size,min,0,,
2,all,size,max,5,,
2,all,treated,mean,0.1089,dummy,
2,all,treated,sd,0.3116,,
2,all,children,mean,1.18,whole,
2,all,,n,3324,,
3,(1),size,coef,0.20**,,
3,(1),size,se,0.09,,
3,(1),,n,3324,,
3,,,units,277,,
3,,,periods,12,,
text,,size,effect,0.2,,3.(1).size.coef
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "numbers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def verdicts(found) -> dict[str, list[str]]:
    return found.findings.groupby("name")["verdict"].agg(list).to_dict()


def test_card_and_krueger_add_up():
    found = check_file(CARD_KRUEGER)
    assert verdicts(found) == {"adds_up": ["consistent"] * 5, "error_of_sum": ["consistent"] * 5}
    change = found.findings[found.findings["inputs"].str.contains("difference.change.mean")].iloc[0]
    assert change["implied"] == "2.74 to 2.76"
    # the errors of the two states are those of independent samples; before and after share stores
    said = found.findings.loc[found.findings["name"] == "error_of_sum"].set_index("printed")["sentence"]
    assert "a correlation of the two of -0.0" in said["1.44"]
    assert "a correlation of the two of 0.4" in said["1.25"]
    assert len(found.out_of_reach) == 8


def test_the_page_shows_what_the_command_says(tmp_path):
    page = (CARD_KRUEGER.parents[2] / "book" / "check_tables.md").read_text(encoding="utf-8")
    text = CARD_KRUEGER.read_text(encoding="utf-8").replace(",2.76,", ",2.67,")
    said = CliRunner().invoke(main, ["audit", "--csv-in", str(written(tmp_path, text))]).output
    shown = page[page.index("[inconsistent]") :].split("```")[0].strip()
    assert shown in said
    example = page[page.index("table,column,term") :].split("```")[0]
    assert counts(check_file(written(tmp_path, example)).findings)["inconsistent"] == 0


@pytest.mark.parametrize(("printed", "planted"), [("2.76", "2.67"), ("-0.14", "-0.41"), ("(1.44)", "(1.94)")])
def test_a_planted_slip_in_card_and_krueger_is_found(tmp_path, printed, planted):
    text = CARD_KRUEGER.read_text(encoding="utf-8")
    assert text.count(f",{printed},") == 1
    found = check_file(written(tmp_path, text.replace(f",{printed},", f",{planted},")))
    [one] = issues(found.findings).itertuples()
    assert (one.issue, one.verdict) == ("sums", "inconsistent")
    wrong = found.findings[found.findings["verdict"] == "inconsistent"]
    assert wrong["inputs"].str.contains(planted.strip("()"), regex=False).all()


def test_a_regression_that_r_printed_agrees_with_itself(tmp_path):
    path = written(tmp_path, R_OUTPUT)
    found = check_file(path, levels="0.05,0.01,0.001")
    assert verdicts(found) == {
        "t_of_coefficient": ["consistent"] * 4,
        "p_of_statistic": ["consistent"] * 3,
        "stars_earned": ["consistent"] * 4,
    }
    economists = check_file(path)  # at 10, 5 and 1 % one star is too few
    assert issues(economists.findings)["issue"].tolist() == ["stars"]


@pytest.mark.parametrize(
    ("printed", "planted", "name"),
    [
        ("-2.949,*", "-2.494,*", "t_of_coefficient"),
        ("t,1.588", "t,1.858", "t_of_coefficient"),
        ("p,0.0162", "p,0.0612", "p_of_statistic"),
        ("-2.283,", "-2.283,**", "stars_earned"),
    ],
)
def test_a_planted_slip_in_a_regression_is_found(tmp_path, printed, planted, name):
    assert R_OUTPUT.count(printed) == 1
    found = check_file(written(tmp_path, R_OUTPUT.replace(printed, planted)), levels="0.05,0.01,0.001")
    assert "inconsistent" in verdicts(found)[name]


def test_parentheses_and_r2_of_longley(tmp_path):
    found = check_file(written(tmp_path, LONGLEY))
    assert verdicts(found) == {
        "stars_earned": ["consistent"] * 3,
        "what_parentheses_hold": ["consistent"],
        "adjusted_r2": ["consistent"],
    }
    as_t = check_file(written(tmp_path, LONGLEY.replace(",se,", ",t,")))
    assert verdicts(as_t)["what_parentheses_hold"] == ["inconsistent"]
    adjusted = check_file(written(tmp_path, LONGLEY.replace("0.9925", "0.9935")))
    assert issues(adjusted.findings)["issue"].tolist() == ["r2"]


def test_moments_counts_and_numbers_printed_twice(tmp_path):
    found = check_file(written(tmp_path, PANEL))
    assert counts(found.findings)["inconsistent"] == 0
    assert set(verdicts(found)) == {
        "ordered",
        "bhatia_davis",
        "samuelson",
        "smallest_sd",
        "dummy",
        "integer_mean",
        "units_times_periods",
        "stars_earned",
        "what_parentheses_hold",
        "printed_twice",
    }
    assert found.findings.set_index("name").at["dummy", "implied"] == "362 of 3324"


@pytest.mark.parametrize(
    ("printed", "planted", "name"),
    [
        ("mean,2.0", "mean,6.0", "ordered"),
        ("sd,1.0", "sd,4.0", "bhatia_davis"),
        ("sd,0.3116", "sd,0.3216", "dummy"),
        ("3,(1),,n,3324", "3,(1),,n,3342", "units_times_periods"),
        ("effect,0.2", "effect,0.3", "printed_twice"),
        ("0.20**", "0.20***", "stars_earned"),
    ],
)
def test_planted_slips_are_found_and_are_issues(tmp_path, printed, planted, name):
    assert PANEL.count(printed) == 1
    found = check_file(written(tmp_path, PANEL.replace(printed, planted)))
    rows = found.findings[found.findings["name"] == name]
    assert "inconsistent" in set(rows["verdict"])
    assert (rows.loc[rows["verdict"] == "inconsistent", "issue"] != "").all()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("digits", [2, 3, 4])
def test_what_a_program_prints_is_never_inconsistent(tmp_path, seed, digits):
    import numpy as np
    import statsmodels.api as sm

    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(40, 900)), rng.random
    x = np.column_stack([d(n) < 0.3, rng.normal(size=n)]).astype(float)
    y = x @ [0.3, 0.5] + rng.normal(size=n)
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    lines = ["column,term,stat,printed,stars,kind"]
    for k, term in enumerate(("const", "d", "x")):
        stars = sum(fit.pvalues[k] < level for level in (0.1, 0.05, 0.01))
        cells = {"coef": fit.params[k], "se": fit.bse[k], "t": fit.tvalues[k], "p": fit.pvalues[k]}
        lines += [
            f"1,{term},{stat},{value:.{digits}f},{stars if stat == 'coef' else ''},"
            for stat, value in cells.items()
        ]
    lines += [f"1,,r2,{fit.rsquared:.{digits}f},,", f"1,,r2_adj,{fit.rsquared_adj:.{digits}f},,"]
    lines += [f"1,,n,{n},,", "1,,k,2,,"]
    for k, term in enumerate(("d", "x")):
        moments = {
            "mean": x[:, k].mean(),
            "sd": x[:, k].std(ddof=1),
            "min": x[:, k].min(),
            "max": x[:, k].max(),
        }
        kind = {"d": "dummy"}.get(term, "")
        lines += [f"2,{term},{stat},{value:.{digits}f},,{kind}" for stat, value in moments.items()]
    lines += [f"2,,n,{n},,"]
    found = check_file(written(tmp_path, "\n".join(lines)))
    assert counts(found.findings)["inconsistent"] == 0
    assert len(found.findings) > 15


@pytest.mark.parametrize("seed", range(40))
def test_any_numbers_get_an_answer(tmp_path, seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    stats = ("coef", "se", "t", "p", "r2", "r2_adj", "mean", "sd", "min", "max", "n", "k", "units", "periods")
    lines = ["table,column,term,stat,printed,kind"]
    for column in ("", "1", "2"):
        for stat in rng.permutation(stats):
            if rng.random() < 0.7:
                whole = stat in ("n", "k", "units", "periods")
                value = str(rng.integers(0, 9)) if whole else f"{abs(rng.normal()) * rng.integers(0, 2):.2f}"
                term = rng.choice(["", "x"])
                lines.append(
                    f"1,{column},{term},{stat},{value}{'*' * rng.integers(0, 4)},{rng.choice(['', 'dummy'])}"
                )
    lines.append("1,9,y,coef,0,")
    found = check_file(written(tmp_path, "\n".join(lines)))
    assert len(found.out_of_reach) + found.findings["ids"].explode().nunique() == len(lines) - 1


def test_a_column_s_own_number_of_rows_goes_before_the_table_s(tmp_path):
    text = "column,term,stat,printed,kind\n,,n,100,\n1,x,mean,0.305,dummy\n1,x,sd,0.4616,\n1,,n,200,\n"
    found = check_file(written(tmp_path, text))
    assert found.findings.set_index("name").at["dummy", "implied"] == "61 of 200"


# --- files that cannot be checked -----------------------------------------------------------------------


def refused(tmp_path, text: str | bytes) -> str:
    path = tmp_path / "numbers.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TableError) as refusal:
        read_table(path)
    return str(refusal.value).replace(str(path), "FILE")


def test_every_problem_stands_in_one_report(tmp_path):
    text = (
        "table,column,term,stat,printed,stars,kind,part_of\n"
        "1,(1),x,coef,0.2o,,,\n"
        "1,(1),x,se,-0.10,,,\n"
        "1,(1),,n,12.5,,,\n"
        "1,(1),x,coef,0.30,four,,\n"
        "1,(2),x,coef,0.30,,wave,1.(9).x.coef\n"
        "1,(2),x,,0.30,,,\n"
        "1,(2),y\n"
        "1,(2),z,coef,,,,\n"
    )
    assert refused(tmp_path, text).splitlines() == [
        "FILE cannot be checked, 10 problems:",
        "  row 2: printed '0.2o' is no number",
        "  row 3: printed '-0.10' is negative, but stat is se",
        "  row 4: printed '12.5' is no whole number, but stat is n",
        "  row 5: stars 'four' is no number of stars",
        "  row 5: id '1.(1).x.coef' stands in row 2 too",
        "  row 6: kind 'wave' is none of dummy, whole",
        "  row 6: part_of names '1.(9).x.coef', which is no id",
        "  row 7: stat is empty",
        "  row 8: 3 fields, but row 1 names 8",
        "  row 9: printed '' is no number",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty; it needs the columns column, term, stat, printed"),
        ("\n\n", "it is empty"),
        ("column,term,stat,printed\n", "it has column names and no numbers"),
        ("column,term,value\n1,x,2\n", "column 'stat' is missing; it needs column, term, stat, printed"),
        ("column,term,value\n1,x,2\n", "column 'value' is unknown; there may also be id, table, stars"),
        ("column,term,stat,printed,stat\n1,x,coef,1,se\n", "column 'stat' stands twice"),
        (
            "column,term,stat,printed\n1,人,coef,0.5\n".encode("gbk"),
            "no UTF-8 text (byte 27); save it as CSV UTF-8",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, text, said):
    assert said in refused(tmp_path, text)


def test_two_numbers_in_one_place_are_named(tmp_path):
    text = "id,column,term,stat,printed\na,1,x,coef,0.1\nb,1,x,coef,0.2\nc,1,x,note,1\nd,1,x,note,1\n"
    assert refused(tmp_path, text).splitlines()[1:] == [
        "  row 3: another row has this table, column, term and stat (coef) too"
    ]


def test_what_spreadsheets_write_is_read(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_bytes('\ufeffcolumn,term,stat,printed\r\n1, x ,coef,"1,000.5**"\r\n\r\n'.encode())
    [row] = read_table(path).itertuples()
    assert (row.Index, row.printed, row.stars) == ("1.x.coef", "1,000.5", "2")


@pytest.mark.parametrize("printed", ["0,25", "1_000", "1e", "e5", "nan", "12 345", "--1", "."])
def test_what_is_no_number_is_refused(tmp_path, printed):
    assert "row 2: printed" in refused(tmp_path, f'column,term,stat,printed\n1,x,coef,"{printed}"\n')


@pytest.mark.parametrize(
    "printed", ["0.25", ".25", "-0.25", "\u22120.25", "1,234.5", "12%", "(3)", "[0.1]", "5."]
)
def test_numbers_as_tables_print_them_are_read(tmp_path, printed):
    path = written(tmp_path, f'column,term,stat,printed\n1,x,coef,"{printed}"\n')
    assert len(read_table(path)) == 1


def test_the_command_checks_a_file_or_names_what_is_at_fault(tmp_path):
    out = tmp_path / "found.csv"
    done = CliRunner().invoke(main, ["audit", "--csv-in", str(CARD_KRUEGER), "--csv", str(out)])
    assert (done.exit_code, done.output) == (0, f"10 findings written to {out}\n")
    assert out.read_text(encoding="utf-8-sig").startswith("paper,section,table,kind,name,ids,inputs,")
    bad = written(tmp_path, "column,term,stat,printed\n1,x,coef,abc\n")
    stopped = CliRunner().invoke(main, ["audit", "--csv-in", str(bad), "--csv", str(tmp_path / "none.csv")])
    assert stopped.exit_code == 1
    assert (
        f"Error: {bad} cannot be checked, 1 problem:\n  row 2: printed 'abc' is no number\n" in stopped.output
    )
    assert not (tmp_path / "none.csv").exists()
    missing = CliRunner().invoke(main, ["audit", "--csv-in", str(tmp_path / "nowhere.csv")])
    assert missing.exit_code == 1
    assert "there is no such file" in missing.output
    levels = CliRunner().invoke(main, ["audit", "--csv-in", str(CARD_KRUEGER), "--levels", "0.01,0.05"])
    assert levels.exit_code == 1
    assert "give falling numbers between 0 and 1" in levels.output
    both = CliRunner().invoke(main, ["audit", "dual_pilot", "--csv-in", str(CARD_KRUEGER)])
    assert both.exit_code == 1
    assert "not both" in both.output


def test_a_frame_is_checked_like_a_file():
    numbers = read_table(CARD_KRUEGER)
    assert check_table(numbers).findings.equals(check_file(CARD_KRUEGER).findings)

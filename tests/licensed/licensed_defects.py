"""Test input: a good file with planted defects, and the list of what was planted where."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from licensed_cases import NAMES, made_up_panel

from nqp.data import first_treated

ABSENT = ["STP", "GRP", "DAP", "DOU", "IPR", "IV1", "QUA", "HCP", "IV2", "smart_firms"]


@dataclass
class Spoiled:
    """A file in the making: its rows as text, and what was planted as (rule, city, year, column, value)."""

    rows: list[dict[str, str]]
    headers: list[str]
    planted: list[tuple[str, str, object, str, str]] = field(default_factory=list)
    untouched: list[int] = field(default_factory=list)

    def row(self) -> dict[str, str]:
        """Return a row, in any year, of a city in which nothing was planted yet."""
        code, year = self.untouched.pop(), 2011 + (5 * len(self.planted)) % 12
        return next(r for r in self.rows if r["adcode"] == str(code) and r["year"] == str(year))

    def plant(self, rule: str, row: dict, column: str, value: str, city: str = "", year: object = "") -> None:
        """Write a value into a cell and note it."""
        row[column] = value
        year = row["year"] if year == "" else year
        self.planted.append((rule, city or row["city"], int(year) if year is not None else "", column, value))

    def write(self, path: Path, encoding: str = "utf-8") -> Path:
        """Write the file as CSV; a header may come more than once."""
        with path.open("w", encoding=encoding, newline="") as out:
            writer = csv.writer(out)
            writer.writerow(self.headers)
            writer.writerows([[row[h.split("#")[0]] for h in self.headers] for row in self.rows])
        return path


def good(seed: int = 5) -> Spoiled:
    """Return a file without defects."""
    panel = made_up_panel(seed)
    order = np.random.default_rng(seed).permutation(NAMES.index).tolist()
    treated = set(first_treated("cluster_pilot", "innovative_industrial_cluster").index)
    return Spoiled(
        rows=panel.map(str).to_dict("records"),
        headers=list(panel),
        untouched=[code for code in order if code not in treated],
    )


def plant_cells(file: Spoiled) -> None:
    """Plant ten defects of each kind that a single cell can have."""
    shares = ["EDU", "MAR", "ISU", "rd_employment", "science_spending", "waste_use"]
    shares += ["sewage_treatment", "garbage_treatment", "it_employment", "NQP"]
    for n, column in enumerate(shares):
        row = file.row()
        file.plant("percent for share", row, column, repr(float(row[column]) * 100))
        any_column = ["FIN", "URB", "ECO", "OPE", "MAR", "EDU", "land_gdp", "output", "labour", "ISU"][n]
        file.plant("missing value", file.row(), any_column, ["", "NA", ".", "—", "缺失"][n % 5])
        file.plant("not a number", file.row(), any_column, ["12.5%", "约3", "1,5", "x", "#DIV/0!"][n % 5])
        file.plant("full-width digits", file.row(), any_column, "０．５")
        file.plant("infinite value", file.row(), any_column, ["inf", "-Inf", "∞", "1e400", "Infinity"][n % 5])
    for n in range(10):
        column = ["capital", "output"][n % 2]
        file.plant("thousands separator", file.row(), column, ["1,234.5", "12，345"][n % 2])
        column = ["EDU", "FIN", "MAR", "land_gdp", "telecom_pc"][n % 5]
        file.plant("negative value", file.row(), column, "-0.25")
        column = ["URB", "ecommerce_firms", "FIN", "digital_finance", "electricity_gdp"][n % 5]
        file.plant("out of range", file.row(), column, ["-50", "5000", "3000", "900", "50000"][n % 5])
    factors = {"telecom_pc": 1e3, "labour": 1e4, "output": 1e4, "capital": 1e4, "land_gdp": 1e6}
    for column in [*factors, *factors]:
        row = file.row()
        file.plant("wrong unit", row, column, repr(float(row[column]) * factors[column]))


def plant_keys(file: Spoiled) -> None:
    """Plant ten defects of each kind that concerns the city, the year or treatment."""
    for n in range(10):
        row = file.row()
        file.plant("unknown city name", row, "city", row["city"][0] + "某市", city=row["city"])
        file.plant("unknown city code", file.row(), "adcode", ["999999", "12", "abc"][n % 3])
        row = file.row()
        file.plant("city name and code differ", row, "city", NAMES[file.untouched[n]], city=row["city"])
        row = file.row()
        file.plant("year not an integer", row, "year", "2016.5", year=None)
        row = file.row()
        file.plant("year outside the window", row, "year", ["2010", "2023", "216"][n % 3], year=None)
        row = file.row()
        file.rows.insert(file.rows.index(row) + 1, dict(row))
        file.planted.append(("duplicate city-year", row["city"], int(row["year"]), "", ""))
        row = file.row()
        file.rows.remove(row)
        file.planted.append(("missing city-year", row["city"], int(row["year"]), "", ""))
    start = first_treated("cluster_pilot", "innovative_industrial_cluster")
    for code in start.index[start < 2022][:10]:
        row = next(r for r in file.rows if r["adcode"] == str(code) and r["year"] == "2022")
        file.plant("treatment reversed", row, "INN", "0")


def plant_headers(file: Spoiled) -> None:
    """Take ten columns away, add ten that nobody knows, and head ten columns twice."""
    file.planted += [("missing column", "", "", name, "") for name in ABSENT]
    doubled = [name for name in file.headers if name not in (*ABSENT, "adcode", "city", "year")][:10]
    file.headers = [name for name in file.headers if name not in ABSENT]
    for row in file.rows:
        row.update({f"remark {n}": "x" for n in range(10)})
    file.headers += [f"remark {n}" for n in range(10)]
    file.planted += [("unknown column", "", "", f"remark {n}", "") for n in range(10)]
    file.headers += doubled
    file.planted += [("duplicated header", "", "", name, name) for name in doubled]

"""Which city (or province) a row is about: by code, by Chinese name, or by both."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, partial

import pandas as pd

from nqp.data.tables import roster_cities
from nqp.licensed.report import rows_of

# names that yearbooks of the sample years and before still use
RENAMED = {
    "襄樊": "襄阳市", "思茅": "普洱市", "毕节地区": "毕节市", "铜仁地区": "铜仁市", "海东地区": "海东市",
    "吐鲁番地区": "吐鲁番市", "哈密地区": "哈密市", "日喀则地区": "日喀则市", "昌都地区": "昌都市",
    "林芝地区": "林芝市", "山南地区": "山南市", "那曲地区": "那曲市",
}  # fmt: skip


@dataclass(frozen=True)
class Gazetteer:
    """The 338 prefecture-level units by code and by every spelling that is understood."""

    name: dict[int, str]  # full Chinese name by code
    code: dict[str, int]  # by spelling, with and without 市 and the province before it
    sample: frozenset[int]  # the codes of the paper's cities


@dataclass(frozen=True)
class Places:
    """The city of each row."""

    code: pd.Series  # by line; missing where neither code nor name tells the city
    claims: dict[int, set[int]]  # the cities that a line with a problem may be about
    found: pd.DataFrame  # rows of the report


def gazetteer(sample: pd.DataFrame) -> Gazetteer:
    """Return the gazetteer with the cities of a study's sample."""
    units = roster_cities() if "north_south" in sample else sample
    name = dict(zip(units["adcode"], units["name_zh"], strict=True))
    code = {}
    for row in units.itertuples():
        province = row.province_zh
        plain = re.sub(r"省|市|(壮族|回族|维吾尔)?自治区", "", province)
        short = plain if row.name_zh == province else row.name_zh.removesuffix("市")
        spellings = {row.name_zh, short}
        for before in (province, plain):
            spellings |= {before + row.name_zh, before + short}
        code |= dict.fromkeys(spellings, int(row.adcode))
    return Gazetteer(name, code, frozenset(sample["adcode"].astype(int)))


def locate(text: pd.DataFrame, towns: Gazetteer) -> Places:
    """Tell the city of each line from ``city``, ``adcode`` or both; the code counts where they differ."""
    absent = [_Found()] * len(text)
    names = text["city"].map(cache(partial(_by_name, towns=towns))) if "city" in text else absent
    codes = text["adcode"].map(cache(partial(_by_code, towns=towns))) if "adcode" in text else absent
    said, claims, place = [], {}, {}
    for line, name, number in zip(text.index, names, codes, strict=True):
        place[line] = name.code if number.code is None else number.code
        if problems := _problems(name, number, towns):
            said += [(*problem, line) for problem in problems]
            claims[line] = {c for one in (name, number) for c in (one.code, *one.near) if c}
    rows = pd.DataFrame(said, columns=["rule", "column", "advice", "line"])
    return Places(pd.Series(place, text.index, dtype="Int64"), claims, rows_of(**rows))


@dataclass(frozen=True)
class _Found:
    """What one cell says of its city: a code, or the rule it breaks and the codes it may mean."""

    code: int | None = None
    rule: str = ""
    advice: str = ""
    near: tuple[int, ...] = ()


def _problems(name: _Found, number: _Found, towns: Gazetteer) -> list[tuple[str, str, str]]:
    """Return rule, column and advice of what is wrong with a line's name and code."""
    said = [(name.rule, "city", name.advice)] if name.rule else []
    if number.rule:
        meant = f"Did you mean {name.code} ({towns.name[name.code]})?" if name.code else number.advice
        said.append((number.rule, "adcode", meant))
    if name.code and number.code and name.code != number.code:
        meant = f"The code {number.code} is {towns.name[number.code]}: correct the name or the code"
        said.append(("city name and code differ", "city", meant))
    return said


def _by_name(text: str, towns: Gazetteer) -> _Found:
    spelling = "".join(unicodedata.normalize("NFKC", text).split())
    if spelling in towns.code:
        return _Found(towns.code[spelling])
    new = RENAMED.get(spelling) or RENAMED.get(spelling.removesuffix("市"))
    if new in towns.code:
        return _Found(towns.code[new], "renamed city", f"Read as {new}")
    names = {towns.name[code]: code for code in towns.sample} if spelling else {}
    near = [names[n] for n in get_close_matches(spelling.removesuffix("市") + "市", names, n=3, cutoff=0.5)]
    meant = " or ".join(f"{towns.name[code]} ({code})" for code in near)
    advice = f"Did you mean {meant}?" if near else "Write its full Chinese name as in the template"
    return _Found(None, "unknown city name", advice, tuple(near))


def _by_code(text: str, towns: Gazetteer) -> _Found:
    number = re.fullmatch(r"(\d+)(?:\.0*)?", text, flags=re.ASCII)
    digits = number[1] if number else ""
    if len(digits) == 6 and int(digits) in towns.name:
        return _Found(int(digits))
    # of a district, or cut short
    wholes = [int(digits[:k].ljust(6, "0")) for k in (4, 2) if len(digits) >= k]
    if whole := next((code for code in wholes if code in towns.name), 0):
        return _Found(None, "unknown city code", f"Did you mean {whole} ({towns.name[whole]})?", (whole,))
    advice = "Write the six-digit code of the city, as in the template"
    return _Found(None, "unknown city code", advice)

"""The reader's licensed panel, as chapters take it."""

import os
from pathlib import Path

import pandas as pd

from nqp.licensed.checking import check
from nqp.licensed.raw import SUFFIXES, LicensedFileError
from nqp.manifest import sha256
from nqp.papers import SECTIONS
from nqp.paths import data_dir


def licensed_panel(study: str, *, section: str = "", licensed_file: str = "") -> pd.DataFrame:
    """Return the panel in the reader's own file, after checking it whole.

    Parameters
    ----------
    section : whose columns must be there; by default the section of the running chapter, else all
    licensed_file : path of the file; by default the one that ``nqp run -p licensed_file=PATH`` named, else
        ``data/raw/STUDY.csv``, ``.xlsx`` or ``.dta``

    Returns
    -------
    DataFrame
        ``adcode`` and ``year`` (int), ``city`` or ``province`` (Chinese name) and the contract's columns that the file
        has (float), in the contract's units and order, sorted by ``adcode`` and ``year``; balanced, without gaps. A
        LicensedFileError counts the problems of a file by rule and column and names no value.
    """
    path = licensed_path(study, licensed_file)
    section = section or os.environ.get("NQP_CHAPTER", "").partition("/")[2]
    report = check(path, study, (section,) if section in SECTIONS else SECTIONS)
    if not report.ok:
        raise LicensedFileError(
            f"the licensed file for {study} cannot be used: {report.headline()}\n"
            f"{report.counts()}\n`nqp data check FILE --paper {study}` says where and what to do"
        )
    keys = {"adcode": "int64", report.panel.columns[1]: object, "year": "int64"}
    return report.panel.astype(keys).sort_values(["adcode", "year"], ignore_index=True)


def licensed_path(study: str, licensed_file: str = "") -> Path:
    """Return where a study's licensed file is; refuse none, and more than one in ``data/raw``."""
    if named := licensed_file or os.environ.get("NQP_LICENSED_FILE", ""):
        path = Path(named).expanduser()
        if not path.is_file():
            raise LicensedFileError("licensed_file names no file; give its full path")
        return path
    there = [data_dir() / "raw" / f"{study}{suffix}" for suffix in SUFFIXES]
    found = [path for path in there if path.is_file()]
    if len(found) != 1:
        names = ", ".join(f"data/raw/{path.name}" for path in found or there)
        said = "more than one licensed file" if found else "no licensed file: none of"
        raise LicensedFileError(
            f"{said} {names}. Put one there, or name it with `-p licensed_file=PATH`; `nqp data template {study}`"
            " writes an empty one"
        )
    return found[0]


def licensed_hash(study: str, licensed_file: str = "") -> str:
    """Return the sha256 of a study's licensed file, or nothing when there is none."""
    try:
        return sha256(licensed_path(study, licensed_file))
    except LicensedFileError:
        return ""

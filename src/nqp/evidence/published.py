"""The printed numbers of the papers, one row a printed cell."""

import pandas as pd

from nqp.manifest import DataError, path_of
from nqp.papers import Paper, paper, papers
from nqp.paths import data_dir

# A printed number belongs to the chapter that replicates it: group comparisons live with the mechanisms.
CHAPTER_OF = {"heterogeneity": "mechanisms"}


def published(slug: str, *, check: bool = True) -> pd.DataFrame:
    """Return every printed number of a paper, indexed by its id.

    Strings throughout (trailing zeros of `printed` matter), but for `value` (float) and `decimals` (int); `chapter` is
    the section whose chapter replicates the number. A `DataError` refuses an id with more than one row and, with
    `check`, a file that is not the manifest's.
    """
    name = paper(slug).file("published.csv")
    path = path_of(name) if check else data_dir() / name
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    if repeated := frame["id"][frame["id"].duplicated()].tolist():
        raise DataError(f"data/{name} has more than one row for {', '.join(repeated)}")
    frame["value"] = frame["value"].astype(float)
    frame["decimals"] = frame["decimals"].astype(int)
    frame["chapter"] = frame["section"].replace(CHAPTER_OF)
    return frame.set_index("id")


def all_published(*, check: bool = True) -> pd.DataFrame:
    """Return the printed numbers of every study, with a column `study` and a plain index."""
    frames = [published(slug, check=check).assign(study=slug).reset_index() for slug in papers()]
    return pd.concat(frames, ignore_index=True)


def symbols(one: Paper) -> dict[str, str]:
    """Return the English names of a paper's symbols; none for a paper without ``variables.csv``."""
    if "variables.csv" not in one.files:
        return {}
    variables = pd.read_csv(path_of(one.file("variables.csv")), dtype=str, keep_default_na=False)
    return dict(zip(variables["symbol"], variables["name_en"], strict=True))

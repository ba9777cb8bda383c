"""Small-sample conventions of clustered errors, by name."""

import math


def clustered_scale(n: int, parameters: int, clusters: int) -> float:
    """Return the factor that Stata's clustered standard errors carry over the plain sandwich.

    ``sqrt(G / (G - 1) * (n - 1) / (n - K))``. With unit effects nested in the clusters, ``reghdfe`` counts in K
    the regressors, the constant and the time effects less one, but not the unit effects (Correia 2017; Cameron &
    Miller 2015, sections II.B and III.B). pyfixest 0.60 counts the same when the formula separates the absorbed
    effects with blanks (``| id + year``); without, its count depends on the hash seed of the process. linearmodels
    counts all absorbed effects or none, and needs ``auto_df=False`` for none.

    Parameters
    ----------
    n : observations
    parameters : K
    clusters : G
    """
    if clusters < 2:
        raise ValueError(f"clustered errors need at least two clusters, not {clusters}")
    if n <= parameters:
        raise ValueError(f"{n} observations do not leave a degree of freedom for {parameters} parameters")
    return math.sqrt(clusters / (clusters - 1) * (n - 1) / (n - parameters))

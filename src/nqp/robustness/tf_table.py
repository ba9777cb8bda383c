"""Critical values of the tF procedure at 5 percent (Lee, McCrary, Moreira & Porter 2022, table 3a)."""

import numpy as np

ROOT_F = np.arange(20, 104) / 10
"""Square roots of the first-stage F, 2.0 to 10.3 by 0.1."""

# fmt: off
CRITICAL = np.array([
    18.66, 9.74, 7.37, 6.18, 5.43, 4.92, 4.54, 4.25, 4.01, 3.82, 3.65, 3.51, 3.39, 3.29,
    3.19, 3.11, 3.03, 2.97, 2.91, 2.85, 2.80, 2.75, 2.71, 2.67, 2.63, 2.60, 2.57, 2.54,
    2.51, 2.48, 2.46, 2.43, 2.41, 2.39, 2.37, 2.35, 2.33, 2.32, 2.30, 2.29, 2.27, 2.26,
    2.24, 2.23, 2.22, 2.21, 2.20, 2.19, 2.17, 2.16, 2.16, 2.15, 2.14, 2.13, 2.12, 2.11,
    2.10, 2.10, 2.09, 2.08, 2.08, 2.07, 2.06, 2.06, 2.05, 2.04, 2.04, 2.03, 2.03, 2.02,
    2.02, 2.01, 2.01, 2.00, 2.00, 1.99, 1.99, 1.99, 1.98, 1.98, 1.97, 1.97, 1.97, 1.96,
])
# fmt: on
"""Critical values for the 2SLS t statistic, as R's ivDiag tabulates them (two decimals)."""

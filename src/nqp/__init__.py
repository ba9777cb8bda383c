"""Helper module of the book: only what the libraries lack.

The rooms mirror the book: ``index``, ``baseline``, ``robustness``, ``mechanisms`` and ``spatial`` hold
estimators, ``evidence`` holds published numbers and verdicts, ``data`` the files, ``show`` tables and
figures in one house style, ``book`` the execution and compilation of chapters.
"""

__version__ = "0.1.0"

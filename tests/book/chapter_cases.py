"""A chapter of one code cell."""

from pathlib import Path

CHAPTER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A title

```{{code-cell}} ipython3
:tags: [parameters]

{parameters}
```

```{{code-cell}} ipython3
{code}
```
"""


PARAMETERS = "seed = 3  # at least 0\ndraws = 500\nshare = 0.5  # 0 to 1"


def write_chapter(root: Path, study: str, section: str, code: str, parameters: str = PARAMETERS) -> Path:
    """Write a chapter with one code cell."""
    path = root / "notebooks" / study / f"{section}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CHAPTER.format(code=code, parameters=parameters))
    return path

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

seed = 3
draws = 500
share = 0.5
```

```{{code-cell}} ipython3
{code}
```
"""


def write_chapter(root: Path, study: str, section: str, code: str) -> Path:
    """Write a chapter with one code cell."""
    path = root / "notebooks" / study / f"{section}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CHAPTER.format(code=code))
    return path

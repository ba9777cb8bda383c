"""The project's own rules: equal environments, a lock without hosts, light imports, arrows one way."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib

import pytest
import yaml

ROOMS = {"index", "baseline", "robustness", "mechanisms", "spatial"}
ABOVE_THE_ROOMS = {"chapter", "evidence", "twin", "show", "book", "cli", "commands"}
OPEN_TO_OTHERS = {
    "panel": {"PanelError", "balanced_panel", "net_of", "one_thread", "orthonormal"}
    | {"require_columns", "require_unique", "some", "tidy_rows", "two_way", "within"},
    "data": {"DataError", "path_of", "same_vintage"},
    "licensed": {"licensed_hash", "licensed_panel"},
}
"""Names that a room gives to other modules of the package, or offers to chapters to come, besides those used now."""


def test_environment_yml_equals_pyproject(root):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(d for extra in project["optional-dependencies"].values() for d in extra),
    ]
    environment = yaml.safe_load((root / "environment.yml").read_text())["dependencies"]
    pip = next(d["pip"] for d in environment if isinstance(d, dict))
    assert pip == [*wanted, "--editable ."]
    assert f"python{project['requires-python']}" in environment


def test_the_lock_pins_every_dependency_with_hashes_and_no_host(root):
    lock = (root / "requirements.lock").read_text()
    assert not re.search(r"https?://|--index|--find-links", lock)
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in b for b in blocks)
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(d for extra in project["optional-dependencies"].values() for d in extra),
    ]
    locked = {re.split(r"[=\s]", b, maxsplit=1)[0] for b in blocks}
    assert {re.split(r"[<>=\[]", d, maxsplit=1)[0].lower() for d in wanted} <= locked


def test_import_is_light():
    code = "import sys, nqp; print([m for m in ('numpy', 'pandas', 'matplotlib', 'papermill') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_rooms_do_not_import_one_another(root, room):
    forbidden = (ROOMS - {room}) | ABOVE_THE_ROOMS
    for path in (root / "src" / "nqp" / room).rglob("*.py"):
        imported = _imports(path.read_text())
        assert not imported & forbidden, f"{path.name} imports {imported & forbidden}"


def test_data_imports_nothing_above_it(root):
    for path in (root / "src" / "nqp" / "data").rglob("*.py"):
        assert not _imports(path.read_text()) & (ROOMS | ABOVE_THE_ROOMS | {"panel"}), path.name


def test_panel_imports_no_room(root):
    for path in (root / "src" / "nqp" / "panel").rglob("*.py"):
        assert not _imports(path.read_text()) & (ROOMS | ABOVE_THE_ROOMS), path.name


@pytest.mark.parametrize("room", sorted({*ROOMS, "panel", "data", "evidence", "licensed", "show", "twin"}))
def test_a_room_opens_what_chapters_and_the_command_import(root, room):
    used = _imported_by_chapters_and_command(root, rf"nqp\.{room}(?:\.\w+)*")
    opened = set(importlib.import_module(f"nqp.{room}").__all__)
    assert opened - used <= OPEN_TO_OTHERS.get(room, set()), "opened, but no chapter imports it"
    if room in {*ROOMS, "panel"}:  # the others have files of their own purpose, which chapters may name
        assert used <= opened, "imported by a chapter, but not opened"


def _imported_by_chapters_and_command(root, module: str) -> set[str]:
    """Names that are imported from a module, or written behind its name as in ``nqp.twin.generate``."""
    texts = [(root / "src" / "nqp" / "cli.py").read_text()]
    for path in (root / "notebooks").rglob("*.md"):
        texts += re.findall(r"```\{code-cell\}.*?\n(.*?)\n```", path.read_text(), re.S)
    text = "\n".join(texts)
    imported = re.findall(rf"^ *from {module} import (\([^)]*\)|.*)", text, re.M)
    names = {name for listed in imported for name in re.findall(r"(\w+)(?: as \w+)?,?", listed)}
    return names | set(re.findall(rf"\b{module}\.(\w+)\b(?! import)", text))


def test_names_that_a_room_gives_to_others_are_used(root):
    for room, names in OPEN_TO_OTHERS.items():
        users = [p.read_text() for p in (root / "src" / "nqp").rglob("*.py") if p.parent.name != room]
        unused = {n for n in names - {"two_way"} if not any(re.search(rf"\b{n}\b", text) for text in users)}
        assert not unused, room


def test_printcheck_stands_alone(root):
    """It imports only itself, the standard library and three packages, and names no paper of the book."""
    allowed = {"printcheck", "numpy", "pandas", "scipy", *sys.stdlib_module_names}
    papers = [path.name for path in (root / "data" / "papers").iterdir() if path.is_dir()]
    for path in (root / "src" / "printcheck").rglob("*.py"):
        text = path.read_text()
        found = [n.module for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ImportFrom)]
        found += [a.name for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import) for a in n.names]
        assert {name.split(".")[0] for name in found} <= allowed, path.name
        assert not [slug for slug in papers if slug in text], path.name


def test_printcheck_stays_small(root):
    lengths = {p.name: len(p.read_text().splitlines()) for p in (root / "src" / "printcheck").rglob("*.py")}
    assert sum(lengths.values()) < 4000
    assert max(lengths.values()) <= 300


def test_files_stay_small(root):
    long = {p.name: n for p in (root / "src").rglob("*.py") if (n := len(p.read_text().splitlines())) > 310}
    assert not long


def _imports(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("nqp."):
            names.add(node.module.split(".")[1])
        if isinstance(node, ast.Import):
            names |= {a.name.split(".")[1] for a in node.names if a.name.startswith("nqp.")}
    return names


def test_readme_names_the_two_commands(root):
    text = (root / "README.md").read_text()
    assert text.index("make book") < text.index("make test")
    makefile = (root / "Makefile").read_text()
    assert re.search(r"^book:", makefile, re.M)
    assert re.search(r"^test:", makefile, re.M)


def test_templates_are_packaged(root):
    patterns = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"][
        "nqp"
    ]
    packaged = {path for pattern in patterns for path in (root / "src" / "nqp").glob(pattern)}
    folder = root / "src" / "nqp" / "book" / "templates"
    templates = {path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert templates
    assert templates <= packaged

"""The project's own rules: equal environments, a lock without hosts, light imports, arrows one way."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest
import yaml

ROOMS = {"index", "baseline", "robustness", "mechanisms", "spatial"}
ABOVE_THE_ROOMS = {"evidence", "twin", "show", "book", "cli"}


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
        assert not _imports(path.read_text()) & (ROOMS | ABOVE_THE_ROOMS), path.name


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
    templates = {path for path in (root / "src" / "nqp" / "book" / "templates").rglob("*") if path.is_file()}
    assert templates
    assert templates <= packaged

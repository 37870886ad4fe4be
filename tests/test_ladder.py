"""The packages and their modules form a ladder: nothing imports what stands above it."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("checks", "hub", "lab")


def modules(package: str) -> dict[str, Path]:
    paths = (path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py"))
    return {".".join(path.with_suffix("").parts).removesuffix(".__init__"): ROOT / path for path in paths}


def imported(path: Path) -> set[str]:
    """Every name a file imports, wherever in the file, but for what only the type checker reads."""
    names = set()
    nodes: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        nodes.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_modules_of_a_package_form_a_ladder(package: str) -> None:
    known = modules(package)
    # A package's __init__ that offers names of its modules stands above them, and below nobody.
    graph = {name: (imported(path) & set(known)) - {package, name} for name, path in known.items()}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a cycle: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize(("package", "above"), [("checks", {"hub", "lab"}), ("hub", {"lab"})])
def test_the_packages_form_a_ladder(package: str, above: set[str]) -> None:
    assert {name: tops(path) & above for name, path in modules(package).items() if tops(path) & above} == {}


def test_only_one_module_of_checks_knows_the_engine() -> None:
    assert {name for name, path in modules("checks").items() if "docker" in tops(path)} == {"checks.engine"}


def test_rules_do_no_io() -> None:
    forbidden = {"docker", "aiohttp", "requests", "socket", "subprocess", "urllib", "http", "os", "pathlib"}
    ours = {"checks.engine", "checks.registry", "checks.hub_api", "checks.login", "checks.web"}
    for name, path in modules("checks").items():
        if name.startswith(("checks.rules", "checks.diagnosis")) or name in (
            "checks.image",
            "checks.outcome",
            "checks.report",
        ):
            assert not tops(path) & forbidden, name
            assert not imported(path) & ours, name


def test_only_one_module_of_checks_knows_the_registry_protocol() -> None:
    knowing = {
        name
        for name, path in modules("checks").items()
        if any(word in path.read_text(encoding="utf-8") for word in ("/v2/{", "manifests/", "/blobs/"))
    }
    assert knowing <= {"checks.shelf"}


def test_a_cycle_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f():\n    from checks import b\n", encoding="utf-8")
    assert "checks.b" in imported(tmp_path / "a.py")

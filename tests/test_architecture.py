"""Who may import whom, what may stand in the tree, how long things may be."""

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import communique

BASE = {
    "about",
    "bibtex",
    "catalog",
    "frames",
    "handed",
    "notebook",
    "showing",
    "records",
    "labels",
    "places",
    "problems",
    "quotation",
    "escapes",
    "extras",
    "jsonl",
    "files",
    "writing",
    "folders",
    "paths",
    "plugins",
    "resources",
    "checks",
    "nesting",
    "duplicates",
    "admission",
    "tokens",
    "texts",
    "canonical",
    "views",
    "features",
    "layers",
    "layer",
    "stats",
    "typed",
    "collection",
    "hydrated",
}
MAY_USE = {
    "records": {"labels", "showing"},
    "catalog": {"labels", "records"},
    "showing": {"frames", "handed", "notebook"},  # imported when a record is asked to show itself
    "frames": {"admission", "problems", "records", "views"},
    "handed": {"admission", "problems", "records"},
    "notebook": {"labels", "problems"},
    "predicting": BASE | {"baselines"},
    "about": {"records"},
    "bibtex": {"about", "escapes"},
    "labels": set(),
    "places": set(),
    "problems": set(),
    "quotation": set(),
    "escapes": {"problems"},
    "extras": {"problems"},
    "files": {"problems"},
    "writing": {"problems"},
    "folders": {"files", "problems", "writing"},
    "paths": {"problems"},
    "plugins": {"problems"},
    "jsonl": {"files", "problems", "writing"},
    "resources": {"problems"},
    "checks": {"labels", "problems", "records"},
    "nesting": {"checks", "records", "places"},
    "duplicates": {"checks", "labels", "records"},
    "admission": {"checks", "duplicates", "jsonl", "nesting", "problems", "records"},
    "tokens": set(),
    "texts": {"problems"},
    "canonical": {"records"},
    "layer": {"canonical", "labels", "places", "quotation", "records"},
    "quotes": BASE,
    "layers": {"admission", "checks", "files", "labels", "problems", "records", "spelled", "texts"},
    "spelled": {"places"},
    "stats": {"records", "tokens"},
    "typed": {"checks", "jsonl", "labels", "layers", "problems", "records"},
    "collection": {"files", "jsonl", "labels", "problems", "records", "resources"},
    "hydrated": {"admission", "collection", "escapes", "features", "files", "folders", "jsonl", "labels", "problems"}
    | {"records", "stats", "views", "writing"},
    "views": {"labels", "places", "records", "tokens"},
    "features": {"labels"},
    "releases": BASE,
    "digests": BASE | {"releases"},
    "verification": BASE | {"releases", "digests"},
    "validation": BASE | {"quotes", "releases", "verification"},
    "score": BASE,
    "formats": BASE,
    "joining": BASE | {"releases", "formats"},
    "annotated": BASE | {"quotes", "releases", "formats"},
    "exported": BASE | {"releases", "formats", "annotated"},
    "differing": BASE | {"releases"},
    "evaluation": BASE | {"releases", "score"},
    "answered": BASE | {"quotes", "evaluation"},
    "harness": BASE | {"releases", "baselines", "score", "evaluation", "answered", "report"},
    "build": BASE | {"releases", "digests", "validation", "formats"},
    "baselines": BASE | {"quotes", "releases"},
    "asking": BASE | {"quotes", "releases", "baselines"},
    "archive": BASE | {"baselines"},
    "labelled": BASE | {"annotated", "archive", "formats"},
    "report": BASE
    | {"releases", "digests", "verification", "baselines", "score", "joining", "differing", "annotated", "labelled"},
    "cli": BASE
    | {"releases", "verification", "validation", "build", "score", "formats", "baselines", "evaluation", "report"}
    | {"annotated", "answered", "archive", "asking", "differing", "exported", "joining", "quotes"},
    "__main__": {"cli"},
}
HEAVY = {
    "datasets",
    "openai",
    "pycrfsuite",
    "sklearn",
    "torch",
    "transformers",
    "scipy",
    "pandas",
    "pyarrow",
    "skops",
    "jsonschema",
    "tokenizers",
    "rich",
    "sentencex",
    "spacy",
    "ray",
    "xlsxwriter",
    "jinja2",
    "matplotlib",
}


def modules():
    found = pkgutil.walk_packages(communique.__path__, "communique.")
    return sorted(module.name for module in found)


def sources(root):
    return sorted((root / "src" / "communique").rglob("*.py"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "communique":
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]


def test_imports_go_one_way(root):
    for path in sources(root):
        part = path.relative_to(root / "src" / "communique").parts[0].removesuffix(".py")
        if part == "__init__":
            continue
        used = {name for name in imported(path) if name != "__version__"} - {part}
        assert used <= MAY_USE[part], f"{path.name} uses {sorted(used - MAY_USE[part])}"


UNSORTED: set[tuple[str, str]] = set()
SYSTEMS = {"floor", "majority", "rules", "linear", "crf", "encoder", "llm"}


def test_no_baseline_looks_into_another(root):
    """Each has its package's own members; what two have in common lies in `shared`, `holders` or beside them."""
    house = root / "src" / "communique" / "baselines"
    for path in sorted(house.rglob("*.py")):
        own = path.relative_to(house).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = (node.module or "").split(".") if isinstance(node, ast.ImportFrom) else []
            if parts[:2] == ["communique", "baselines"] and len(parts) > 3 and parts[2] in SYSTEMS - {own}:
                assert (own, parts[2]) in UNSORTED, f"{path.name} imports {'.'.join(parts)}"
            if own in {"shared", "holders"} and parts[:2] == ["communique", "baselines"]:
                assert not SYSTEMS & set(parts[2:3]), f"{path.name} imports {'.'.join(parts)}"


def test_heavy_libraries_are_imported_where_they_are_used():
    code = "import sys, communique.cli, communique; communique.cli._register(); print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)


def test_modules_and_functions_are_short(root):
    for path in sources(root):
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= 270, f"{path.name} has {lines} lines"


@pytest.mark.parametrize("name", modules())
def test_public_names_are_documented(name):
    module = importlib.import_module(name)
    assert module.__doc__
    for key, member in vars(module).items():
        if not key.startswith("_") and getattr(member, "__module__", None) == name and callable(member):
            assert inspect.getdoc(member), f"{name}.{key} has no docstring"


def test_only_the_package_enters_site_packages(root):
    for folder in ("corpus", "schema", "baselines", "seeds", "tests"):
        assert not (root / folder / "__init__.py").exists()


def test_no_file_names_a_registry_or_a_path_of_one_machine(root):
    words = ["py" + "pi.org", "python" + "hosted", "registry." + "npmjs", "/ro" + "ot/", "/work" + "/main"]
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, tracked.stdout.split("\0")):
        path = root / name
        if path.is_file() and path.suffix != ".gz":
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not [word for word in words if word in text], name

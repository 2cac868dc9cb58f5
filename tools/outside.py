"""Build wheel and sdist, install each where no checkout is, and use it there on texts made up for that.

Usage: python tools/outside.py [--fresh] [--keep FOLDER]

Each is installed into an environment of its own. What the package depends on is that of the environment this runs in;
with --fresh pip installs it by constraints.txt, which takes minutes. --keep leaves wheel and sdist in a folder.
"""

import argparse
import json
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXTS = {
    "lock": "Minister Orla Vint warned on Monday: “We will shut the lock.” The Tarn Council promised to pay.\n",
    "weir": "The Reed Assembly urged both banks to wait. A guard at the gate denied that shots had been fired.\n",
}
COMMANDS = (
    "communique --help",
    "communique verify",
    "communique cite",
    "communique predict rules texts -o found.jsonl",
    "communique predict rules 0.1.0:dev -o dev.jsonl",
    "communique evaluate 0.1.0:dev dev.jsonl --task full",
    "communique label texts -o labelled --table claims.csv",
    "communique show labelled --html page",
    "communique leaderboard",
    "python -m communique.harness",
)


def built(folder: Path) -> list[Path]:
    """Build the sdist, and the wheel out of it."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    _run(command, ROOT, os.environ)
    return sorted((*folder.glob("*.whl"), *folder.glob("*.tar.gz")))


def installed(artefact: Path, folder: Path, *, fresh: bool) -> Path:
    """Install a wheel or an sdist into a new environment; return its Python."""
    venv.create(folder, with_pip=fresh, symlinks=True)
    scripts, library = (
        sysconfig.get_path(name, "venv", {"base": str(folder), "platbase": str(folder)})
        for name in ("scripts", "purelib")
    )
    python = Path(scripts) / ("python.exe" if os.name == "nt" else "python")
    install = [str(python) if fresh else sys.executable, "-m", "pip", "--disable-pip-version-check"]
    if fresh:
        _run([*install, "install", "-q", "-c", str(ROOT / "constraints.txt"), str(artefact)], folder, _clean())
        return python
    (Path(library) / "borrowed.pth").write_text(
        "".join(f"{path}\n" for path in site.getsitepackages()), encoding="utf-8"
    )
    offline = ["--no-index", "--no-deps", "--no-build-isolation", "--ignore-installed"]
    _run([*install, "--python", str(python), "install", "-q", *offline, str(artefact)], folder, _clean())
    return python


def used(python: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each command with what it prints, run in a folder of texts."""
    for name, text in TEXTS.items():
        (folder / "texts").mkdir(parents=True, exist_ok=True)
        (folder / "texts" / f"{name}.txt").write_text(text, encoding="utf-8")
    environment = _clean() | {"PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}", "HF_HUB_OFFLINE": "1"}
    home = _run([str(python), "-c", "import communique; print(communique.__file__)"], folder, environment).strip()
    if not Path(home).resolve().is_relative_to(python.parent.parent.resolve()):
        raise SystemExit(
            f"{home} is not what was installed in {python.parent.parent}; run this from another environment"
        )
    for line in COMMANDS:
        name, *arguments = line.split()
        program = [str(python)] if name == "python" else [str(python.parent / name)]
        yield line, _run([*program, *arguments], folder, environment)
    lines = (folder / "found.jsonl").read_text(encoding="utf-8").splitlines()
    if sum(len(json.loads(line)["claims"]) for line in lines) < len(TEXTS):
        raise SystemExit(f"{folder / 'found.jsonl'} has fewer claims than texts")


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command, cwd=folder, env=dict(environment), capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ends with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fresh", action="store_true", help="Install what the package depends on, too.")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="Leave wheel and sdist there.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="communique-") as name:
        folder = Path(name)
        (folder / "dist").mkdir()
        for artefact in built(folder / "dist"):
            kind = "sdist" if artefact.name.endswith(".tar.gz") else "wheel"
            python = installed(artefact, folder / f"{kind}-venv", fresh=options.fresh)
            (folder / kind).mkdir()
            for line, out in used(python, folder / kind):
                print(f"{kind}: {line}: {len(out.splitlines())} lines", flush=True)
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                shutil.copy(artefact, options.keep)
        print("wheel and sdist work")


if __name__ == "__main__":
    main()

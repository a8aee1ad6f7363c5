"""
Which small changes to the code no test sees (mutation testing; a long run, with a command of its own).

    pip install -r tests/mutation.txt
    python tests/mutation.py                              every room of ROOMS: an hour or more
    python tests/mutation.py when workdays                some of them
    python tests/mutation.py readings/quorum tests/test_seats.py tests/test_notice.py     any room, and the tests to ask

In a copy of the checkout that is thrown away mutmut changes one operator, constant or argument at a time and runs the tests
named beside the room. A line for each room, then each change that survived, as a diff; and how many lie in functions that
none of these tests calls (what is run when the module is imported counts among them). Exit 1 where the share of the changes
seen, of those that were run, lies below `LEAST`, or where mutmut could not run; 2 for a room that is none.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parents[1]
LEAST = 60
"""Per cent of the changes that the tests named beside a room must see: the witness and its edits see more, and take too long to be asked each time."""
ROOMS = {
    "when": ("tests/test_when.py",),
    "values": ("tests/test_when.py", "tests/test_conditions.py", "tests/test_methods.py"),
    "workdays": ("tests/planning/test_workdays.py",),
    "patches": ("tests/test_patches.py",),
    "toml_text": ("tests/test_methods.py", "tests/test_method_export.py"),
    "readings/quorum": ("tests/test_seats.py", "tests/test_notice.py"),
    "readings/_bands": ("tests/test_profiles.py",),
    "readings/_rests": ("tests/test_rests.py",),
    "readings/granted": ("tests/test_granted.py",),
    "_align_tree": ("tests/test_alignment.py",),
}
_COPIED = ("src", "tests", "examples", "docs", "benchmarks", "README.md", "README.fr.md", "pyproject.toml")


def states(room: str, tests: tuple[str, ...], folder: Path) -> dict[str, str]:
    """Each change of the room, with what became of it: killed, survived, no tests, timeout and the like."""
    for name in _COPIED:
        source = HERE / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    several = {"source_paths": ["src"], "only_mutate": [f"src/agir_workflow/{room}.py"], "pytest_add_cli_args_test_selection": tests,
               "pytest_add_cli_args": ["-p", "no:cacheprovider"], "also_copy": [n for n in _COPIED if n not in ("src", "tests")]}  # fmt: skip
    lines = [f"{key}=\n" + "".join(f"    {value}\n" for value in values) for key, values in several.items()]
    (folder / "setup.cfg").write_text("[mutmut]\n" + "".join(lines), encoding="utf-8")
    run = _mutmut(folder, "run")
    told = _mutmut(folder, "results", "--all", "true").stdout
    found = dict(re.findall(r"^\s+(\S+): (.+)$", told, re.M))
    if not found:
        print((run.stdout + run.stderr)[-2000:], file=sys.stderr)
        raise SystemExit(1)
    return found


def _mutmut(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run([Path(sys.executable).with_name("mutmut"), *argv], cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        print("mutmut is not installed here: pip install -r tests/mutation.txt", file=sys.stderr)
        raise SystemExit(1) from None


def main(argv: list[str]) -> int:
    asked, tests = [a for a in argv if not a.endswith(".py")], tuple(a for a in argv if a.endswith(".py"))
    wanted = {room: tests or ROOMS.get(room, ()) for room in asked or ROOMS}
    strange = [room for room, by in wanted.items() if not by or not (HERE / f"src/agir_workflow/{room}.py").is_file()]
    if strange:
        print("no room, or no tests named for it:", *strange, "; known:", *ROOMS, file=sys.stderr)
        return 2
    low = False
    for room, by in wanted.items():
        with tempfile.TemporaryDirectory() as name:
            found = states(room, by, Path(name))
            left = [one for one, state in found.items() if state == "survived"]
            idle = sum(state == "no tests" for state in found.values())
            ran = len(found) - idle
            share = 100 * (ran - len(left)) / max(1, ran)
            low |= share < LEAST
            print(f"{room}: {ran} changes, {ran - len(left)} seen ({share:.0f} %); {idle} more in functions that these tests do not call", flush=True)
            for one in left:
                shown = _mutmut(Path(name), "show", one).stdout.splitlines()
                print("\n".join(line for line in shown if re.match(r"[-+](?![-+])", line)), flush=True)
    return low


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

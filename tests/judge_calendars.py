"""
Lets foreign parsers and validators judge iCalendar files.

    python tests/judge_calendars.py [--judges DIR] FILE_OR_DIR...

Finds every .ics file in what is named, installs the judges (tests/judges) into DIR with up to three
tries while one is missing, and lets all that are installed judge every file. Exit code 1 on any
refusal or disagreement, where there is no file, where neither libical nor ical.js judged, or where fewer than
eight foreign judges did. Only the standard library is used.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
KIT = HERE / "judges"
DEFAULT = HERE.parent / "build" / "judges"
TRIES = 3
ENOUGH = 8
FIRST = ("libical", "icaljs")
"""The two that read the file's own time zones as calendars do: at least one must judge."""
OURS = "bytes"
"""The one judge that is no foreigner: it is asked, but not counted."""

VENVS = ("vobject", "icspy", "hass", "icalendar", "radicale", "khal")
NODE = ("icaljs", "nodeical", "tsics")


def needs(judges: Path) -> dict[str, tuple[Path, ...]]:
    """What must be there for each judge to work; a stamp where a bare folder may be half an installation."""
    stamps = {
        name: next(iter(sorted((judges / f"v-{name}").glob(".ok-*"))), judges / f"v-{name}" / ".ok") for name in VENVS
    }
    libical = judges / "bin" / "j_libical"
    found: dict[str, tuple[Path, ...]] = {"libical": (libical,)}
    found |= {name: (stamps[name],) for name in VENVS}
    found["radicale"] += (libical,)  # reads what the server gives back with libical
    found |= {name: (judges / "node" / ".ok",) for name in NODE}
    found["calcurse"] = (Path("/usr/bin/calcurse"),)
    found["sabre"] = (Path("/usr/share/php/Sabre/VObject/autoload.php"), Path("/usr/bin/php"))
    gems = Path("/usr/share/rubygems-integration/all/gems")
    found["ruby"] = (Path("/usr/bin/ruby"), next(iter(sorted(gems.glob("icalendar-*"))), gems / "icalendar"))
    found["perl"] = (Path("/usr/share/perl5/Data/ICal.pm"), Path("/usr/bin/perl"))
    return found


def missing(judges: Path) -> dict[str, Path]:
    """The judges that are not installed, each with the first thing that it lacks."""
    return {name: lack for name, paths in needs(judges).items() for lack in [p for p in paths if not p.exists()][:1]}


def install(judges: Path) -> None:
    for n in range(1, TRIES + 1):
        subprocess.run(["bash", str(KIT / "setup.sh"), str(judges)], stdin=subprocess.DEVNULL, check=False)
        lacking = missing(judges)
        if not lacking:
            return
        print(f"try {n} of {TRIES}: still missing {' '.join(sorted(lacking))}", flush=True)


def calendars(named: list[Path]) -> list[Path]:
    """Every .ics file once, in order; a file named by itself whatever its ending."""
    found: dict[Path, None] = {}
    for path in named:
        for file in sorted(path.rglob("*.ics")) if path.is_dir() else [path]:
            if file.is_file():
                found[file.resolve()] = None
            else:
                print(f"no such file: {file}")
    return list(found)


def judge(judges: Path, files: list[Path], able: list[str]) -> tuple[set[str], int, bool]:
    """Who judged every file, how many problems they found, and whether the kit itself was content."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "verdict.json"
        env = os.environ | {"JSON": str(out), "QUIET": "1", "ONLY": " ".join([*able, OURS])}
        env.pop("STRICT", None)
        command = ["bash", str(KIT / "judge.sh"), str(judges), *map(str, files)]
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, check=False)
        try:
            verdict = json.loads(out.read_text("utf-8"))
        except (OSError, ValueError) as exc:
            print(f"the judges left no verdict: {exc}")
            return set(), 1, False
    ran = set.intersection(*(set(v["judges"]) for v in verdict.values())) if len(verdict) == len(files) else set()
    refusals = sum(not r["ok"] for v in verdict.values() for r in v["judges"].values())
    disagreements = sum(len(v["disagreements"]) for v in verdict.values())
    return ran, refusals + disagreements, done.returncode == 0


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Foreign judges for iCalendar files.")
    parser.add_argument("--judges", type=Path, default=DEFAULT, help="where the judges are, or shall be, installed")
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_DIR")
    args = parser.parse_args(argv)
    files = calendars(args.paths)
    if not files or any(not p.exists() for p in args.paths):
        print(f"{len(files)} files: nothing to judge, or not all that was named")
        return 1
    judges: Path = args.judges.resolve()
    install(judges)
    lacking = missing(judges)
    for name, lack in sorted(lacking.items()):
        print(f"skipped {name}: {lack} is not there")
    able = [name for name in needs(judges) if name not in lacking]
    ran, problems, content = judge(judges, files, able)
    foreign = sorted(ran - {OURS})
    faults = [] if content and not problems else ["refusal or disagreement"]
    if not ran.intersection(FIRST):
        faults.append(f"neither {' nor '.join(FIRST)} judged")
    if len(foreign) < ENOUGH:
        faults.append(f"fewer than {ENOUGH} foreign judges")
    print(f"judges: {' '.join(foreign)}")
    print(f"{len(files)} files, {len(foreign)} judges ran, {problems} problems" + "".join(f"; {f}" for f in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""
How fast `agir check FOLDER` goes, and how much memory it takes.

    python benchmarks/folder.py 2000 --jobs 2          # whole witnesses: 966 lines, 112 rules
    python benchmarks/folder.py 100000 --jobs 2        # the soak, in one go
    python benchmarks/folder.py 100000 --jobs 2 --piece 5000 --kept soak.txt    # in pieces: stop it when you like, and go on

Writes that many copies of the witness, each with an id and a title of its own and one meeting moved by a day, and one
bad file; judges them to CSV, HTML and SARIF; prints dossiers per second, the peak memory of the command and of its
largest worker, and fails unless every dossier has its row and the exit code is that of the bad file. Of a run in pieces
each piece is judged so, and has a line in the kept file: those are not judged again.
"""

from __future__ import annotations

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WITNESS = (Path(__file__).parents[1] / "examples" / "temoin" / "dossier.toml").read_text(encoding="utf-8")


def fill(folder: Path, numbers: range) -> None:
    for n in numbers:
        place = folder / f"r{n // 500:04d}"
        place.mkdir(parents=True, exist_ok=True)
        text = WITNESS.replace('id = "temoin"', f'id = "t{n}"').replace('title = "Dossier témoin"', f'title = "Territoire {n}"')
        text = text.replace('uid = "8d3e5a8e-', f'uid = "{n:08x}-').replace("on = 2012-05-15", f"on = 2012-05-{15 + n % 7}")
        (place / f"t{n}.toml").write_text(text, encoding="utf-8")
    (folder / "bad.toml").write_text("[dossier]\nstart = 3\n", encoding="utf-8")


def piece(numbers: range, jobs: int) -> tuple[float, int, int]:
    """Seconds, exit code and rows of one folder with the dossiers of these numbers and a bad file."""
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        fill(here / "d", numbers)
        formats = [x for kind in ("csv", "html", "sarif") for x in ("--format", f"{kind}:{here / f'v.{kind}'}")]
        command = [sys.executable, "-m", "agir_workflow.cli", "--at", "2014-01-01", "check", str(here / "d"), "--jobs", str(jobs), *formats]
        begun = time.perf_counter()
        code = subprocess.run(command, stderr=subprocess.DEVNULL).returncode
        took = time.perf_counter() - begun
        with (here / "v.csv").open(encoding="utf-8", newline="") as source:
            return took, code, sum(1 for _ in csv.DictReader(source))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("count", type=int)
    asked.add_argument("--jobs", type=int, default=1)
    asked.add_argument("--piece", type=int, help="so many dossiers at a time")
    asked.add_argument("--kept", type=Path, help="a file with a line for each piece that was judged: it is not judged again")
    args = asked.parse_args()
    size = args.piece or args.count
    done = args.kept.read_text(encoding="utf-8").splitlines() if args.kept and args.kept.exists() else []
    known = {line.split()[0]: float(line.split()[1]) for line in done}
    for first in range(0, args.count, size):
        numbers = range(first, min(first + size, args.count))
        name = f"{numbers.start}-{numbers.stop}"
        if name in known:
            continue
        known[name], code, rows = piece(numbers, args.jobs)
        if (code, rows) != (2, len(numbers) + 1):
            print(f"{name}: exit {code}, {rows} rows")
            return 1
        if args.kept:
            with args.kept.open("a", encoding="utf-8") as file:
                file.write(f"{name} {known[name]:.1f}\n")
        if size < args.count:
            print(f"{name}: {known[name]:.1f} s", flush=True)
    took, peak = sum(known.values()), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{args.count} dossiers, {args.jobs} job(s): {took:.1f} s, {args.count / took:.1f} a second, peak {peak:.0f} MB in one process of this run, every one with its row")
    return 0


if __name__ == "__main__":
    sys.exit(main())

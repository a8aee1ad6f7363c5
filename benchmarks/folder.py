"""
How fast `agir check FOLDER` goes, and how much memory it takes.

    python benchmarks/folder.py 2000 --jobs 2          # whole witnesses: 966 lines, 112 rules
    python benchmarks/folder.py 100000 --jobs 2        # the soak

Writes that many copies of the witness, each with an id and a title of its own and one meeting moved by a day, and one
bad file; judges them to CSV, HTML and SARIF; prints dossiers per second, the peak memory of the command and of its
largest worker, and fails unless every dossier has its row and the exit code is that of the bad file.
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


def fill(folder: Path, count: int) -> None:
    for n in range(count):
        place = folder / f"r{n // 500:04d}"
        place.mkdir(parents=True, exist_ok=True)
        text = WITNESS.replace('id = "temoin"', f'id = "t{n}"').replace('title = "Dossier témoin"', f'title = "Territoire {n}"')
        text = text.replace('uid = "8d3e5a8e-', f'uid = "{n:08x}-').replace("on = 2012-05-15", f"on = 2012-05-{15 + n % 7}")
        (place / f"t{n}.toml").write_text(text, encoding="utf-8")
    (folder / "bad.toml").write_text("[dossier]\nstart = 3\n", encoding="utf-8")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("count", type=int)
    asked.add_argument("--jobs", type=int, default=1)
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        fill(here / "d", args.count)
        formats = [x for kind in ("csv", "html", "sarif") for x in ("--format", f"{kind}:{here / f'v.{kind}'}")]
        command = [sys.executable, "-m", "agir_workflow.cli", "--at", "2014-01-01", "check", str(here / "d"), "--jobs", str(args.jobs), *formats]
        begun = time.perf_counter()
        code = subprocess.run(command, stderr=subprocess.DEVNULL).returncode
        took = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        with (here / "v.csv").open(encoding="utf-8", newline="") as source:
            rows = sum(1 for _ in csv.DictReader(source))
    print(f"{args.count} dossiers, {args.jobs} job(s): {took:.1f} s, {args.count / took:.1f} a second, peak {peak:.0f} MB in one process, exit {code}, {rows} rows")
    return 0 if (code, rows) == (2, args.count + 1) else 1


if __name__ == "__main__":
    sys.exit(main())

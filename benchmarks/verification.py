"""
How long the proof of a method takes.

    python benchmarks/verification.py

The proof reads each lane once, whatever the number of its instances: what it says holds for four themes and four pilots as
for one. Prints the least of 40 rounds, in the processor time of the thread, for each method at hand; fails above the bar.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import agir_workflow as agir
from agir_workflow.method import Method
from agir_workflow.verification import verify

ROUNDS, BAR = 40, 0.100
EXAMPLES = Path(__file__).parents[1] / "examples"
METHODS = ("agir_ensemble", str(EXAMPLES / "overlay" / "territoire.toml"), str(EXAMPLES / "temoin" / "territoire.toml"), str(EXAMPLES / "stage_gate" / "method.toml"))


def once(method: Method) -> float:
    begun = time.thread_time()
    verify(method)
    return time.thread_time() - begun


def main() -> int:
    worst = 0.0
    for name in METHODS:
        method = agir.load_method(name)
        least = min(once(method) for _ in range(ROUNDS))
        worst = max(worst, least)
        print(f"{method.ref:16} {len(method.requirements):4} requirements  {least * 1000:6.1f} ms  {'met' if least <= BAR else 'MISSED'}")
    return 0 if worst <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())

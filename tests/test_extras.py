"""Every module opens with the core and its own extra alone; without it, whoever asks is told which one to install."""

from __future__ import annotations

import subprocess
import sys

BLOCKED = ("click", "rich", "docx", "openpyxl", "xlsxwriter", "pptx", "sqlalchemy", "fastapi", "starlette", "django", "psycopg", "pysat", "dbos", "dask", "holidays",
           "vacances_scolaires_france", "recurring_ical_events", "vobject", "pytest", "hypothesis")  # fmt: skip
OPEN_ALL = """
import importlib, pkgutil, sys
import agir_workflow
own = {name: extra for extra, names in EXTRAS.items() for name in names}
names = sorted(m.name for m in pkgutil.walk_packages(agir_workflow.__path__, "agir_workflow."))
for extra in [None, *EXTRAS]:
    for name in BLOCKED:
        sys.modules[name] = None
    for name in OF.get(extra, ()):
        del sys.modules[name]
    for name in names:
        if next((e for start, e in own.items() if name.startswith(start)), None) == extra:
            importlib.import_module(name)
print(len(names))
"""
EXTRAS = {"cli": ("agir_workflow._commands", "agir_workflow._check_"), "test": ("agir_workflow.testing",)}
"""What each extra is for, among the modules; all others, and what they open on use, need the core alone."""
OF = {"cli": ("click", "rich"), "test": ("pytest", "hypothesis")}


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)


def test_every_module_opens_with_its_own_extra_alone() -> None:
    done = run(f"EXTRAS = {EXTRAS!r}\nOF = {OF!r}\nBLOCKED = {BLOCKED!r}\n{OPEN_ALL}")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60


def test_the_command_without_its_extra_names_it() -> None:
    for missing in ("click", "rich"):
        done = run(f"import sys; sys.modules[{missing!r}] = None; from agir_workflow.cli import main; sys.exit(main(['--help']))")
        assert (done.returncode in (0, 2), "Traceback" in done.stderr) == (True, False)
        assert done.returncode == 0 or "agir_workflow[cli]" in done.stderr
    done = run("import sys; sys.modules['click'] = None; from agir_workflow.cli import main; sys.exit(main(['--help']))")
    assert (done.returncode, done.stdout) == (2, "")

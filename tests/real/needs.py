"""Packages that the README's test command does not install: without them a test says what it needs, and `.ci/run` lets none say so."""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def need(module: str, extra: str) -> ModuleType:
    """The module; where it is not installed, the test is skipped and says why, or fails where `AGIR_REAL` is set."""
    try:
        return importlib.import_module(module)
    except ImportError:
        if os.environ.get("AGIR_REAL"):
            raise
        pytest.skip(f"needs {module}: pip install 'agir_workflow[{extra}]'", allow_module_level=True)


def example(name: str) -> ModuleType:
    """An example as a module, run as a host would."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

"""Two people at one file: nothing that was acknowledged is lost, and nobody waits for ever."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agir_workflow.written import alone

SECOND_MONTH = Path(__file__).parents[1] / "examples" / "second_month" / "dossier.toml"
ALL = """
import sys
from agir_workflow.cli import main
name, *values = sys.argv[1:]
for value in values:
    assert main(["--at", "2011-10-20", "record", name, "fill", "cle_succes", f'value="{value}"']) == 0
"""


def test_what_two_processes_write_into_one_file_is_all_there(tmp_path: Path) -> None:
    file = tmp_path / "d.toml"
    file.write_bytes(before := SECOND_MONTH.read_bytes())
    told = [[f"{who}-{n}" for n in range(4)] for who in ("ana", "bob")]
    started = [subprocess.Popen([sys.executable, "-c", ALL, str(file), *values], stdout=subprocess.DEVNULL, env=os.environ) for values in told]
    assert [p.wait(120) for p in started] == [0, 0]
    after = file.read_text(encoding="utf-8")
    assert after.startswith(before.decode())
    assert all(after.count(f'value = "{value}"') == 1 for values in told for value in values)
    assert [p.name for p in tmp_path.iterdir()] == ["d.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is held there")
def test_who_holds_a_folder_lets_it_go_whatever_happens(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), alone(tmp_path / "a"):
        raise ZeroDivisionError
    with alone(tmp_path / "b"):
        assert list(tmp_path.iterdir()) == []

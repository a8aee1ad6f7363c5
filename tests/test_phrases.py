"""The small words of a sentence: whose text it is, in which language, and how a thing is named that has no name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from edits import EDITS, LATER, WITNESS, In, edited_files, edited_text, judged, named

NAMED = "Emploi {missing} {value} 100 % <b> « {subject} »"


def test_a_name_that_looks_like_a_blank_stays_as_it_was_written() -> None:
    text = WITNESS["dossier.toml"].decode().replace('label = "Insertion des jeunes"', f'label = "{NAMED}"')
    few = In("hold", "gt1/insertion", '"a1", "a2", "a3", "a4", "a5", ', "")
    report = judged(WITNESS | {"dossier.toml": edited_text(text, few).encode()}, LATER)
    told = {f.code: f.text for f in report.findings if f.subject == "gt1/insertion"}
    assert {"EXP006", "EXP008"} <= set(told)
    assert all(NAMED in sentence for text in told.values() for sentence in (text.fr, text.en))


@pytest.mark.parametrize(("edit", "said"), [("CAD006", "thématiques et participants ajoutés"), ("ACT014.2", "Mission locale")])
def test_an_answer_without_a_name_is_called_by_its_first_text(edit: str, said: str) -> None:
    """Not by the first field of the alphabet: the address of a copil, or the college of a seat."""
    of = next(e for e in EDITS if e.name == edit)
    found = named(judged(edited_files(of), of.at), of)
    assert found is not None
    assert said in found.text.fr


def test_a_name_cut_short_ends_the_sentence() -> None:
    of = next(e for e in EDITS if e.name == "CAD012")
    found = named(judged(edited_files(of), of.at), of)
    assert found is not None
    assert found.text.fr.endswith("…")
    assert "…." not in found.text.fr + found.text.en


def test_a_month_is_english_whatever_the_locale_of_the_host(tmp_path: Path) -> None:
    build = shutil.which("localedef")
    if build is None or subprocess.run([build, "-i", "fr_FR", "-f", "UTF-8", str(tmp_path / "fr_FR.UTF-8")], capture_output=True, check=False).returncode:
        pytest.skip("no French locale can be made here")
    said = "import locale; locale.setlocale(locale.LC_ALL, 'fr_FR.UTF-8'); from agir_workflow.readings import _phrases as p; from agir_workflow.when import When; w = When.parse;" \
           "print(p.when_of(w('2012-05-14')).en, p.when_of(w('2012-05')).en, sep='; ')"  # fmt: skip
    out = subprocess.run([sys.executable, "-c", said], env={**os.environ, "LOCPATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "14 May 2012; an unknown day of May 2012"

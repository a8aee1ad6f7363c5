"""What is proposed mends what can be mended, touches nothing past, and nothing smaller mends as much."""

from __future__ import annotations

import datetime as dt
import json
import random
from itertools import combinations
from pathlib import Path

import attrs
import pytest
from edits import CHARENTON, EDITS, LATER, WITNESS, In, edited, edited_text, read
from edits import method as edit_method

from agir_workflow import Dossier, Stamp, check, evolve, facts, load_method
from agir_workflow._commands import run
from agir_workflow.answers import Accepted, Ask, Report
from agir_workflow.arrival import arranged
from agir_workflow.desk import read_file
from agir_workflow.dossier_file import read_dossier
from agir_workflow.engine import decide
from agir_workflow.errors import RefusedError, SittingError
from agir_workflow.facts import Fact, Verb
from agir_workflow.foresee import foresee
from agir_workflow.method import Method
from agir_workflow.method_file import read_method
from agir_workflow.patches import read_patch
from agir_workflow.repair import Repair, repair, violated
from agir_workflow.samples import command_of
from agir_workflow.values import Record
from agir_workflow.view import view_of
from agir_workflow.views.mending import diff, foreseen_markdown
from agir_workflow.when import When
from agir_workflow.words import Curability, FacetId, Severity

ROOT = Path(__file__).parents[1]
LAMP = read_file(str(ROOT / "examples/stage_gate/dossier.toml"))
TODAY = dt.date(2026, 9, 1)


def at(fact: Fact, day: dt.date) -> Fact:
    return fact.stamped(Stamp(on=When(day), by="inventor"))


def life(rng: random.Random) -> Dossier:
    """A life of the lamp with steps left out, exchanged, or ill attended; told, whatever the method thinks of it."""
    method, dossier = LAMP
    crowd = Record.of({"research": rng.choice([0, 2, 3]), "sales": rng.choice([0, 1, 4])})
    steps = [
        facts.fill("budget_case", "42 k"), facts.hold("gate/screening", facts.Hold(attendance=crowd)), facts.decide("gate/screening", rng.choice(["pass", "recycle"])),
        facts.deliver("step/prototype/optics"), facts.deliver("step/prototype/mount"), facts.hold("trial/optics", facts.Hold(attendance=crowd)),
        facts.hold("trial/mount", facts.Hold(attendance=crowd)), facts.deliver("paper/trial_report"), facts.submit("paper/trial_report"),
        facts.approve("paper/trial_report"), facts.hold("gate/market"), facts.decide("gate/market", "pass"), facts.hold("debut"),
    ]  # fmt: skip
    steps = [s for s in steps if rng.random() > 0.2]
    for _ in range(rng.randrange(3)):
        n = rng.randrange(len(steps) - 1)
        steps[n], steps[n + 1] = steps[n + 1], steps[n]
    day = dt.date(2026, 3, 10)
    for step in steps[: rng.randrange(4, len(steps) + 1)]:
        dossier = evolve(method, dossier, at(step, day))
        day += dt.timedelta(days=rng.choice([1, 7, 15]))
    return dossier


def left(method: Method, dossier: Dossier) -> tuple[int, int, int]:
    found = violated(check(method, dossier, at=TODAY))
    return tuple(sum(f.severity is s for f in found) for s in Severity)  # type: ignore[return-value]


def tried(method: Method, dossier: Dossier, steps: tuple[Fact, ...]) -> Dossier:
    for step in steps:
        if isinstance(decide(method, dossier, step), Accepted):
            dossier = evolve(method, dossier, step)
    return dossier


def everything(method: Method, dossier: Dossier) -> list[Fact]:
    """All that the method's words let one write today, whatever is missing; nothing that decides."""
    view = view_of(method, dossier)
    asks = [Ask(Verb.FILL, facts.Address(str(f.id) if not f.scope else f"{f.id}/{i.id}")) for f in method.facets for i in (view.of_kind(f.scope) if f.scope else [None])]  # type: ignore[union-attr, arg-type]
    asks += [Ask(v, facts.Address(d.address)) for d in method.deliverables for v in (Verb.DELIVER, Verb.SUBMIT, Verb.APPROVE)]
    for label in view.position.labels():
        leaf = view.words.leaves[label.leaf]
        asks += [Ask(Verb.HOLD if leaf.is_sitting else Verb.DELIVER, leaf.at(label.inst))]
    return [at(command_of(view, a, TODAY), TODAY) for a in asks]


def test_two_hundred_small_dossiers_are_mended_as_well_as_by_trying_everything() -> None:
    rng, mended = random.Random(7), 0
    for _ in range(200):
        method, dossier = LAMP[0], life(rng)
        found = repair(method, dossier, at=TODAY, by="inventor")
        assert found.least
        cost = (*left(method, tried(method, dossier, found.facts)), len(found.facts))
        mended += bool(found.facts)
        own = {(f.verb, f.address) for f in found.facts}
        universe = [f for f in everything(method, dossier) if isinstance(decide(method, dossier, f), Accepted) or (f.verb, f.address) in own]
        for size in range(min(len(found.facts) + 1, 3)):
            for some in combinations(universe, size):
                copy = tried(method, dossier, some)
                if copy.version == dossier.version + size:
                    assert (*left(method, copy), size) >= cost, (some, found.facts)
    assert mended > 50


def test_the_past_is_kept_as_it_was() -> None:
    rng = random.Random(11)
    for _ in range(50):
        method, dossier = LAMP[0], life(rng)
        found = repair(method, dossier, at=TODAY, by="inventor")
        assert all(f.on == When(TODAY) for f in (*found.facts, *found.derogations, *found.ahead))
        assert not [f for f in found.facts if f.verb in (Verb.CLEAR, Verb.CORRECT, Verb.DECIDE)]
        assert left(method, tried(method, dossier, found.facts)) <= left(method, dossier)


def _broken(report: Report) -> set[str]:
    return {f.key for f in violated(report)}


def _of(folder: str, day: str) -> tuple[Method, Dossier, Repair]:
    method, dossier = read_file(str(ROOT / "examples" / folder / "dossier.toml"))
    return method, dossier, repair(method, dossier, at=dt.date.fromisoformat(day), by="lead")


def test_what_is_past_is_proposed_for_a_derogation_by_a_later_copil() -> None:
    _, _, found = _of("hurried", "2026-09-20")
    past = {f.key for f in violated(found.before) if f.curability is Curability.PERMANENT and f.severity is not Severity.INFO}
    assert past
    past |= {"LIV002 @ copil/cadrage"}  # minutes that are proposed too: by then they are late for good
    assert {f"{d.args.code} @ {d.address}" for d in (*found.derogations, *found.ahead) if isinstance(d.args, facts.Derogate)} == past
    assert not past & {f.key for f in found.left}


def test_no_copil_that_could_not_allow_it_is_named_for_a_derogation() -> None:
    """The last copil sat without a college: its dérogation would count for nothing, and be a fault of its own."""
    few = In("hold", "gt3/handicap", "associations = 4", "associations = 1")
    one_sided = In("hold", "copil/cloture", "associations = 2, ", "")
    text = WITNESS["dossier.toml"].decode()
    for steps, copil in ((few,), "copil/cloture"), ((few, one_sided), "comite_suivi"):
        dossier = read(edited_text(text, *steps))
        found = repair(edit_method(), dossier, at=LATER, by="lead")
        assert [(d.address, d.args.copil) for d in found.derogations if isinstance(d.args, facts.Derogate)] == [("gt3/handicap", copil)]
        assert not _broken(found.after) - _broken(found.before)


def test_a_dossier_without_fault_needs_nothing() -> None:
    _, _, found = _of("temoin", "2013-07-15")
    assert (found.facts, found.derogations, found.ahead, found.left) == ((), (), (), ())


def test_a_meeting_ahead_on_a_closed_day_is_moved_to_the_next_open_one() -> None:
    method, dossier = LAMP
    for step, day in ((facts.deliver("step/brief"), "2026-03-09"), (facts.convene("gate/screening", dt.date(2026, 7, 14)), "2026-06-01")):
        dossier = evolve(method, dossier, at(step, dt.date.fromisoformat(day)))
    found = repair(method, dossier, at=dt.date(2026, 7, 1), by="gatekeeper")
    assert [(f.verb, f.address, f.args) for f in found.facts] == [(Verb.MOVE, "gate/screening", facts.Move(day=dt.date(2026, 7, 15)))]


def test_the_diff_applies_and_the_dossier_it_gives_reads_as_it_was_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import subprocess

    text = (ROOT / "examples/stage_gate/dossier.toml").read_text(encoding="utf-8").replace('"method.toml"', f'"{ROOT / "examples/stage_gate/method.toml"}"')
    text += '\n[[facts]]\nfact = "hold"\naddress = "gate/screening"\non = 2026-03-20\ndecision = "pass"\n\n[[facts]]\nfact = "deliver"\naddress = "step/prototype/optics"\non = 2026-04-01'
    file = tmp_path / "dossier.toml"
    file.write_text(text, encoding="utf-8")
    method, dossier = read_file(str(file))
    assert run(["--at", "2026-04-20", "repair", str(file)]) == 0
    printed = capsys.readouterr()
    assert file.read_text(encoding="utf-8") == text
    subprocess.run(["git", "apply", "--unsafe-paths", "-p1", "-"], input=printed.out.encode(), cwd=tmp_path, check=True)
    found = repair(method, dossier, at=dt.date(2026, 4, 20), by="gatekeeper")
    assert read_file(str(file))[1].facts[dossier.version :] == (*found.facts, *found.derogations)
    assert [f.address for f in found.facts] == ["budget_case"]
    assert run(["--at", "2026-04-20", "repair", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"] == []


@pytest.mark.parametrize(("folder", "day"), [("hurried", "2026-09-20"), ("hurried", "2026-11-26"), ("second_month", "2012-06-01"), ("abandoned", "2013-01-01")])
def test_the_diff_gives_the_verdict_that_was_promised(folder: str, day: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A dérogation that nobody has decided yet is a comment of it: as a fact it would be one fault more."""
    method, dossier, found = _of(folder, day)
    before = (ROOT / "examples" / folder / "dossier.toml").read_bytes()
    assert run(["--at", day, "repair", str(ROOT / "examples" / folder / "dossier.toml")]) == 0
    printed = capsys.readouterr().out
    after = read_patch(printed.encode()).apply({"dossier.toml": before})["dossier.toml"] if printed else before
    mended = read_dossier(after, lambda _: method)[1]
    assert mended.facts[: dossier.version] == dossier.facts
    assert _broken(check(method, mended, at=dt.date.fromisoformat(day))) == _broken(found.after)
    assert len(_broken(found.after)) <= len(_broken(found.before))


def test_of_a_folder_the_diff_names_the_file_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for path in (ROOT / "examples/hurried", ROOT / "examples/hurried/dossier.toml"):
        assert run(["--at", "2026-11-26", "repair", str(path)]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert said[0].startswith("--- a/dossier.toml\n+++ b/dossier.toml\n")


def test_a_line_of_a_diff_ends_where_a_line_of_the_file_does() -> None:
    """A text may hold U+2028, which is no end of a line to TOML nor to `git apply`."""
    before = b"a = 'x\xe2\x80\xa8y'\r\nb = 1\r\n"
    after = before + b"c = 2\r\n"
    found = diff(before.decode(), after.decode(), "d.toml").encode()
    assert b"No newline" not in found
    assert read_patch(found).apply({"d.toml": before}) == {"d.toml": after}


def test_the_words_of_a_dossier_are_no_markdown_in_the_annex() -> None:
    method, dossier = read_file(str(ROOT / "examples/temoin/dossier.toml"))
    seen = attrs.evolve(foresee(method, dossier, "copil/lancement", at=dt.date(2011, 12, 7), by="lead"), title="Un *titre*\n| <b>")
    for lang in ("fr", "en"):
        assert "Un \\*titre\\* \\| \\<b\\>, " in foreseen_markdown(seen, lang)  # type: ignore[arg-type]


def test_a_citation_that_is_incomplete_is_completed_and_nothing_said_is_lost() -> None:
    """What a person wrote stays: the figures of Charenton, their notes, and the year that each lacks."""
    method, dossier = read_file(str(ROOT / "examples/charenton/dossier.toml"))
    day = dt.date(2014, 1, 1)
    found = repair(method, dossier, at=day, by="lead")
    assert "CAD012" in {f.code for f in violated(found.before)} - {f.code for f in violated(found.after)}
    told = [i.value for i in view_of(method, dossier).at(FacetId("chiffre"))]
    again = [f.args.value for f in found.facts if f.address == "chiffre" and isinstance(f.args, facts.Fill)]
    assert [[{k: v for k, v in one if k != "annee"} for one in whole] for whole in again] == [[dict(v) for v in told]]  # type: ignore[union-attr, arg-type]


@pytest.mark.parametrize("name", ["ACT005", "ACT011", "CAD012", "CAD041", "CAD051", "CAL001", "EXP016-unlinked", "ACT014", "CAD006"])
def test_no_answer_is_proposed_for_deletion(name: str) -> None:
    """Of each answer that is withdrawn, all that was said is said again."""
    edit = next(e for e in EDITS if e.name == name)
    found = repair(edit_method(), edited(edit), at=edit.at, by="lead")
    gone = [f.address for f in found.facts if f.verb is Verb.CLEAR]
    assert set(gone) <= {f.address for f in found.facts if f.verb is Verb.FILL}
    assert violated(found.before)


def test_before_a_decision_the_annex_says_what_it_would_make_past() -> None:
    method = load_method("agir_ensemble")
    _, dossier = read_file(str(ROOT / "examples/temoin/dossier.toml"))
    # The day before its launch copil the witness has done all that comes before.
    seen = foresee(method, dossier, "copil/lancement", at=dt.date(2011, 12, 7), by="lead")
    assert seen.opens
    assert seen.permanent == seen.to_allow == ()
    without = Dossier(tuple(f for f in dossier.facts if not f.address.startswith("entretien/elu")))
    worse = foresee(method, without, "copil/lancement", at=dt.date(2011, 12, 7), by="lead")
    assert {"PRE002"} <= {f.code for f in (*worse.permanent, *worse.curable)}
    assert {f.code for f in (*seen.permanent, *seen.curable)}.isdisjoint({"PRE002"})


def test_a_decision_of_an_instance_that_sits_is_taken_in_its_own_sitting() -> None:
    """Not in another, held for that, which of this method would be one at which too many sit."""
    text = (ROOT / "examples/stage_gate/method.toml").read_text(encoding="utf-8").replace('"user_trial", sort = "meeting"', '"user_trial", sort = "decision", decisions = ["pass"]')
    text = text.replace("trial_ok = [3, 8], trial_info = [2, 10], trial_warning = [1, 20]", "trial_ok = [1, 1], trial_info = [1, 2], trial_warning = [1, 3]")
    method = read_method(text.encode(), "m.toml")
    told = (ROOT / "examples/stage_gate/dossier.toml").read_text(encoding="utf-8")
    told += '\n[[facts]]\nfact = "hold"\naddress = "gate/screening"\non = 2026-03-20\ndecision = "pass"\n[[facts]]\nfact = "deliver"\naddress = "step/prototype/optics"\non = 2026-04-01\n'
    told += '[[facts]]\nfact = "hold"\naddress = "trial/optics"\non = 2026-04-10\nattendance = { research = 1 }\n'
    _, dossier = read_dossier(told.encode(), lambda _: method)
    seen = foresee(method, dossier, "trial/optics", at=dt.date(2026, 4, 15), by="gatekeeper")
    assert "SG03" not in {f.code for f in (*seen.permanent, *seen.curable, *seen.to_allow)}


def test_only_a_decision_has_an_annex() -> None:
    method, dossier = LAMP
    with pytest.raises(LookupError) as caught:
        foresee(method, dossier, "trial/optics", at=TODAY, by="gatekeeper")
    assert str(caught.value) == "unknown decision 'trial/optics': did you mean 'gate/screening'?"


def test_a_decision_taken_has_none() -> None:
    method, dossier = read_file(str(ROOT / "examples/temoin/dossier.toml"))
    with pytest.raises(RefusedError):
        foresee(method, dossier, "copil/lancement", at=dt.date(2012, 1, 9), by="lead")


@pytest.mark.parametrize(
    ("address", "on", "said"),
    [
        ("copil/synthese#2", "2012-05-01", "séance « copil/synthese#2 » inconnue : il n'y en a encore aucune ; la prochaine sera copil/synthese"),
        ("copil/lancement#2", "2012-05-01", "séance « copil/lancement#2 » inconnue : il y a copil/lancement"),
    ],
)
def test_a_sitting_that_there_is_not_has_none(address: str, on: str, said: str) -> None:
    method, dossier = read_file(str(ROOT / "examples/temoin/dossier.toml"))
    with pytest.raises(SittingError) as caught:
        foresee(method, dossier, address, at=dt.date.fromisoformat(on), by="lead")
    assert caught.value.to("fr") == said
    assert run(["--at", on, "check", str(ROOT / "examples/temoin"), "--before", address]) == 2


def test_after_a_no_the_next_sitting_has_its_annex_and_no_other() -> None:
    method, dossier = read_file(str(ROOT / "examples/temoin/dossier.toml"))
    refused = [attrs.evolve(f, args=attrs.evolve(f.args, value="no_go")) if f.address == "copil/lancement" and isinstance(f.args, facts.Decide) else f for f in dossier.facts]
    day = dt.date(2011, 12, 20)
    again = Dossier((*refused, at(facts.deliver("activite/reprise_preparation"), day)))
    assert foresee(method, again, "copil/lancement#2", at=day, by="lead").on == day
    with pytest.raises(SittingError) as caught:
        foresee(method, again, "copil/lancement#3", at=day, by="lead")
    assert (caught.value.known, caught.value.following) == (("copil/lancement",), "copil/lancement#2")
    with pytest.raises(RefusedError):
        foresee(method, again, "copil/lancement#1", at=day, by="lead")


def test_what_a_closed_project_lacks_is_proposed_to_be_told_and_no_step_of_its_run() -> None:
    """Every command is refused by then, yet an answer told afterwards mends: the verdict takes it."""
    method, witness = read_file(str(ROOT / "examples/temoin/dossier.toml"))
    closed = dt.date(2014, 1, 1)
    assert view_of(method, witness).state("run", "dossier", closed) == "closed"
    unsaid = Dossier(tuple(f for f in witness.facts if f.address != "perimetre"))
    mended = repair(method, unsaid, at=closed, by="lead")
    assert {f.code for f in violated(mended.before)} >= {"CAD022"}
    assert [(f.verb, f.address, f.on) for f in mended.facts] == [(Verb.FILL, "perimetre", When(closed))]
    assert not violated(mended.after)
    unheld = Dossier(tuple(f for f in witness.facts if (f.verb, f.address) != (Verb.HOLD, "gt3/handicap")))
    assert not [f for f in repair(method, unheld, at=closed, by="lead").facts if f.verb is Verb.HOLD]


def test_what_waits_for_a_copil_is_proposed_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Applied, the diff leaves nothing to propose: neither on that day nor on the next, as long as no copil has decided."""
    file = tmp_path / "dossier.toml"
    file.write_bytes((ROOT / "examples/hurried/dossier.toml").read_bytes())
    assert run(["--at", "2026-09-20", "repair", str(file)]) == 0
    first = capsys.readouterr().out
    assert "\n+# code = " in first
    file.write_bytes(read_patch(first.encode()).apply({"dossier.toml": file.read_bytes()})["dossier.toml"])
    for day in ("2026-09-20", "2026-09-21"):
        assert run(["--at", day, "repair", str(file)]) == 0
        assert "\n+# code = " not in capsys.readouterr().out


def test_a_dossier_that_was_judged_before_is_mended_with_as_little_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a verdict keeps beside a dossier is not noted with what it was read from, and would be of no use to the hundreds that a repair tries."""
    from agir_workflow import carried

    asked: list[object] = []
    plain = carried.kept_anew
    monkeypatch.setattr(carried, "kept_anew", lambda view, key, make, *args, **kw: (asked.append(key), plain(view, key, make, *args, **kw))[1])
    method, numbers = edit_method(), []
    for judged_before in (False, True):
        dossier = Dossier(arranged(edited(next(e for e in EDITS if e.name == "CAD042"))).facts)
        if judged_before:
            check(method, dossier, at=LATER)
        asked.clear()
        repair(method, dossier, at=LATER, by="collectivite")
        numbers.append(len(asked))
    assert numbers[1] <= numbers[0]


def test_where_one_of_many_ways_mends_all_the_others_are_not_tried_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charenton without a document: each of ten reports would do, and every choice of them was judged; now about as often as there are findings."""
    judged: list[object] = []
    monkeypatch.setattr("agir_workflow.repair.check", lambda *args, **kw: (judged.append(args), check(*args, **kw))[1])
    whole = read(CHARENTON)
    bare = Dossier(tuple(f for f in whole.facts if f.verb is not Verb.DELIVER))
    mended = repair(edit_method(), bare, at=dt.date(2012, 9, 1), by="collectivite")
    assert mended.least
    assert len(judged) <= 2 * len(violated(mended.before))

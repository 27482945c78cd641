"""`bench faults` without clusters: what is played, and what is played again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shiftdesk.benches import faults
from shiftdesk.errors import CommandError, UsageProblem
from tests.support.faults import session
from tests.support.faults.schedule import draw
from tests.support.faults.session import Result

Played = list[int]
Bench = Callable[..., dict[str, float]]


class Sessions:
    """In place of clusters: notes which seeds are played."""

    def __init__(self, played: Played) -> None:
        self._played = played

    async def current(self) -> "Sessions":
        return self

    async def run(self, seed: int) -> Result:
        self._played.append(seed)
        told = tuple(map(str, draw(seed)))
        violations = ("never neither: p1 from 7",) if seed == 3 else ()
        return Result(seed, told, 1, violations, float(seed), 2.0 * seed, 10, 4, 1, 5, 1.5)

    async def close(self) -> None: ...


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    seeds: Played = []
    monkeypatch.setattr(session, "FaultSessions", lambda: Sessions(seeds))
    monkeypatch.setattr(faults, "_revision", lambda: "one")
    return seeds


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return lambda **more: faults.run({"kept": str(tmp_path), "schedules": "3"} | more)[1]


def test_what_was_played_is_not_played_again(played: Played, bench: Bench, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    figures = bench(table=str(table))
    assert played == [1, 2, 3]
    assert (figures["schedules"], figures["schedules_with_violations"]) == (3, 1)
    assert (figures["recovered_s_p50"], figures["neither_s_max"]) == (2, 6)
    assert (figures["decisions"], figures["expired"], figures["other_revisions"]) == (30, 12, 0)
    assert figures["faults"] == sum(len(draw(seed)) - 1 for seed in (1, 2, 3))
    assert [row.partition(",")[0] for row in table.read_text().splitlines()[1:]] == ["1", "2", "3"]
    assert bench() == figures
    assert played == [1, 2, 3]


def test_other_code_is_played_anew(
    played: Played, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench()
    monkeypatch.setattr(faults, "_revision", lambda: "two")
    assert bench(revisions="any")["other_revisions"] == 3
    assert played == [1, 2, 3]
    assert bench()["other_revisions"] == 0
    assert played == [1, 2, 3] * 2


def test_another_schedule_and_a_torn_line_are_played_anew(
    played: Played, bench: Bench, tmp_path: Path
) -> None:
    bench()
    kept = tmp_path / "results.jsonl"
    first, second, third = kept.read_text().strip().splitlines()
    changed = json.dumps(json.loads(first) | {"drawn": "otherwise"})
    kept.write_text("\n".join([changed, second, third[:40]]))
    bench(revisions="any")
    assert played == [1, 2, 3, 1, 3]


def test_a_cluster_that_does_not_come_to_work_ends_the_command_in_words(
    played: Played, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Busy(Sessions):
        async def current(self) -> Sessions:
            if self._played:
                raise TimeoutError("every desk trading not within 60 s")
            return self

    with monkeypatch.context() as busy:
        busy.setattr(session, "FaultSessions", lambda: Busy(played))
        with pytest.raises(CommandError, match="every desk trading not within 60 s") as refused:
            bench()
    assert "what was played is kept" in refused.value.fix
    bench()
    assert played == [1, 2, 3]


def test_the_revision_is_the_checkout_s() -> None:
    assert len(faults._revision().removesuffix("-dirty")) >= 12


def test_two_edits_of_the_code_are_two_revisions(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(faults, "ROOT", tmp_path)
    monkeypatch.setattr(faults, "CODE", ("code",))
    path = tmp_path / "code" / "a.py"
    path.parent.mkdir()
    path.write_text("a = 1\n")
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "a")):
        faults._git("-c", "user.name=a", "-c", "user.email=a@b", *command)
    found = [faults._revision()]
    for text in ("a = 2\n", "a = 3\n"):
        path.write_text(text)
        found.append(faults._revision())
    for text in ("b = 2\n", "b = 3\n"):
        path.with_name("b.py").write_text(text)
        found.append(faults._revision())
    assert len(set(found)) == 5
    assert [one.endswith("-dirty") for one in found] == [False] + 4 * [True]


def test_an_unknown_setting_is_refused(bench: Bench) -> None:
    for setting in ({"revisions": "some"}, {"seeds": "3"}):
        with pytest.raises(UsageProblem):
            bench(**setting)

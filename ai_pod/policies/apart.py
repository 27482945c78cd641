"""A strategy that others wrote, in a process of its own: it may raise, print, or never end.

`python -m ai_pod.policies.apart FOLDER` is that process; bars, task and answer are files there.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from ai_pod.policies.errors import PolicyError, StrategyFault
from ai_pod.policies.features import Array
from ai_pod.policies.lookahead import Proof, checked, prove
from ai_pod.policies.strategies import STRATEGIES, plugins, strategy
from market.series import VALUES, Panel

DEADLINE_SECONDS = 60.0
_PARTS = ("end", *VALUES)


@dataclass(frozen=True)
class Named:
    """A strategy by its name, and its settings where they are not the defaults."""

    name: str
    settings: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a strategy said: targets (T, k), and how many parameters it was free to choose."""

    targets: Array
    parameters: int


def targets_of(named: Named, panel: Panel, deadline: float = DEADLINE_SECONDS) -> Answer:
    """The strategy's targets; NaN alone is refused. What is built in runs here, a plugin apart.

    Raises UnknownPolicy, PolicyError.
    """
    if named.name in STRATEGIES:
        found = strategy(named.name, named.settings)
        answer = Answer(checked(found, panel), found.parameters)
    else:
        with tempfile.TemporaryDirectory() as folder:
            _apart(named, panel, deadline, Path(folder), {"task": "targets"})
            said = json.loads((Path(folder) / "answer.json").read_text())
            answer = Answer(np.load(Path(folder) / "targets.npy"), int(said["parameters"]))
    if np.isnan(answer.targets).all():
        raise StrategyFault(f"{named.name} never says a weight: every target is NaN")
    return answer


def proof_of(named: Named, panel: Panel, cuts: int, deadline: float = DEADLINE_SECONDS) -> Proof:
    """`lookahead.prove`, within the deadline. Raises as `targets_of` does."""
    with tempfile.TemporaryDirectory() as folder:
        _apart(named, panel, deadline, Path(folder), {"task": "prove", "cuts": cuts})
        return Proof(**json.loads((Path(folder) / "answer.json").read_text()))


def _apart(
    named: Named, panel: Panel, deadline: float, folder: Path, task: dict[str, object]
) -> None:
    """Run the task in a process of its own, which is ended with all that it started."""
    if named.name not in STRATEGIES and named.name not in plugins():
        strategy(named.name)
    np.savez(folder / "bars.npz", **{name: getattr(panel, name) for name in _PARTS})
    known = {"instruments": panel.instruments, "synthetic": bool(panel.synthetic)}
    (folder / "task.json").write_text(json.dumps({**task, **known, **asdict(named)}))
    with subprocess.Popen(
        [sys.executable, "-m", __name__, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            process.communicate(timeout=deadline)
        except subprocess.TimeoutExpired as error:
            raise StrategyFault(
                f"{named.name} was not done after {deadline:g} s, and was ended"
            ) from error
        finally:
            _end(process)
    refusal = folder / "refusal.txt"
    if refusal.exists():
        raise StrategyFault(refusal.read_text())
    if process.returncode:
        raise StrategyFault(f"{named.name} ended its process ({process.returncode})")


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def work(folder: Path) -> None:
    """The process apart: do the task, leave the answer, or a refusal in words."""
    task = json.loads((folder / "task.json").read_text())
    try:
        answer = _answer(task, folder)
    except PolicyError as error:
        (folder / "refusal.txt").write_text(str(error))
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        (folder / "refusal.txt").write_text(
            f"{task['name']} raised {type(error).__name__}: {error} "
            f"({Path(last.filename).name}, line {last.lineno})"
        )
    else:
        (folder / "answer.json").write_text(json.dumps(answer))


def _answer(task: dict[str, object], folder: Path) -> dict[str, object]:
    found = strategy(str(task["name"]), task["settings"])  # type: ignore[arg-type]  # as written
    with np.load(folder / "bars.npz") as bars:
        panel = Panel(
            instruments=tuple(task["instruments"]),  # type: ignore[arg-type]  # as written
            synthetic=bool(task["synthetic"]),
            **{name: bars[name] for name in _PARTS},
        )
    if task["task"] == "prove":
        return asdict(prove(found, panel, int(str(task["cuts"]))))
    np.save(folder / "targets.npy", checked(found, panel))
    return {"parameters": found.parameters}


if __name__ == "__main__":
    work(Path(sys.argv[1]))

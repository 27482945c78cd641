"""What a pod refuses to start with, and what its agents are told."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from ai_pod.agents.learning import trial
from ai_pod.settings import PodSettings
from ai_pod.telemetry import Telemetry

SECRET = "a secret of sufficient length, which is nowhere else"


def test_in_production_trials_travel_encrypted_or_not_at_all() -> None:
    with pytest.raises(ValidationError, match="must be a tls:// address"):
        PodSettings(environment="production", secret=SECRET, dask="tcp://learning:8786")
    for dask in ("", "tls://learning:8786"):
        settings = PodSettings(environment="production", secret=SECRET, dask=dask)
        assert settings.context().dask == dask


def test_the_full_protocol_is_what_an_agent_is_told_unless_set_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert PodSettings().context().protocol == "full"
    monkeypatch.setenv("SHIFTDESK_PROTOCOL", "small")
    assert PodSettings().context().protocol == "small"
    assert PodSettings().context().device == "cpu"
    monkeypatch.setenv("SHIFTDESK_LEARNING_DEVICE", "auto")
    assert PodSettings().context().device == "auto"


def test_finished_and_moved_trials_are_in_the_pods_metrics() -> None:
    telemetry = Telemetry()
    for metric in (trial.FINISHED, trial.FINISHED, trial.MOVED):
        telemetry.counted(metric, 1)
    text = telemetry.text((), 0).decode()
    assert "learning_trials_finished_total 2.0" in text
    assert "learning_trials_moved_total 1.0" in text

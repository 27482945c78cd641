"""Files of a store: a reader sees one whole version, whoever writes at the same time."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fsspec
import pytest

from market.errors import StoreAway
from market.files import Files

ROUNDS = 100


def test_writers_at_the_same_time_leave_one_whole_version(tmp_path: Path) -> None:
    """Writers in one process, or in containers where every process has the same number."""
    files = Files(str(tmp_path))
    versions = [letter * 100_000 for letter in (b"a", b"b", b"c")]
    files.replace("it", versions[0])

    def write(version: bytes) -> None:
        for _ in range(ROUNDS):
            files.replace("it", version)

    def read() -> None:
        for _ in range(ROUNDS):
            assert files.read("it") in versions

    with ThreadPoolExecutor(4) as threads:
        for done in [*(threads.submit(write, each) for each in versions), threads.submit(read)]:
            done.result()
    assert [path.name for path in tmp_path.iterdir()] == ["it"]


def test_a_store_that_lets_nobody_in_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S3 without credentials: botocore's error is no OSError, and says nothing of the store."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    files = Files("s3://desk/history")
    for act in (
        lambda: files.read_if_there("a"),
        lambda: files.find(".parquet"),
        lambda: files.replace("a", b"1"),
        lambda: files.remove("a"),
    ):
        with pytest.raises(StoreAway, match=r"s3://desk/history cannot be used: .*credentials"):
            act()
    fsspec.get_filesystem_class("s3").clear_instance_cache()

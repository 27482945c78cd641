"""Files of a store: a reader sees one whole version, whoever writes at the same time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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

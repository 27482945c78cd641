"""History and artifacts at s3:// URLs, as pods have them: the same files on an S3 of our own."""

import subprocess
from collections.abc import Iterator

import botocore.session
import pytest

from market.files import Files
from shiftdesk.local.processes import free_port
from tests.support.deploy_tools import tool

pytestmark = pytest.mark.slow

BUCKET = "shiftdesk-tests"
REGION = "eu-central-1"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty bucket."""
    port = free_port()
    server = subprocess.Popen(
        [tool("moto_server"), "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr
    next(line for line in server.stderr if "Running on" in line)
    for name, value in (
        ("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}"),
        ("AWS_ACCESS_KEY_ID", "nobody"),
        ("AWS_SECRET_ACCESS_KEY", "nothing"),
        ("AWS_DEFAULT_REGION", REGION),
    ):
        monkeypatch.setenv(name, value)
    client = botocore.session.get_session().create_client("s3")
    there = {"LocationConstraint": REGION}
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=there)
    client.close()
    try:
        yield f"s3://{BUCKET}"
    finally:
        server.terminate()
        server.communicate()


def test_files_are_replaced_found_and_removed_in_an_object_store(bucket: str) -> None:
    mine, theirs = Files(f"{bucket}/history"), Files(f"{bucket}/history")
    assert mine.find(".parquet") == []
    for data in (b"first", b"second"):
        mine.replace("XNYS_IBM/1d.parquet", data)
        assert theirs.read("XNYS_IBM/1d.parquet") == data
    assert theirs.find(".parquet") == ["XNYS_IBM/1d.parquet"]
    assert theirs.read_if_there("XNYS_IBM/1h.parquet") is None
    mine.remove("XNYS_IBM/1d.parquet")
    assert theirs.find(".parquet") == mine.find(".parquet") == []

"""No secret of a URL is ever shown."""

from __future__ import annotations

import pytest

from dawnwatch.sources.urls import redacted


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("log.csv", "log.csv"),
        ("a?b@c:d.csv", "a?b@c:d.csv"),
        ("https://host/log.csv", "https://host/log.csv"),
        ("https://host/log.csv?X-Amz-Signature=secret", "https://host/log.csv?***"),
        ("https://ann:secret@host:81/log.csv", "https://ann:***@host:81/log.csv"),
        ("https://ann:sec?r@e/t@host/log.csv?sig=secret", "https://ann:***@host/log.csv?***"),
        ("https://host/log.csv?mail=a@b&t=secret", "https://host/log.csv?***"),
        ("s3://bucket/day=?/*.csv", "s3://bucket/day=?/*.csv"),
        ("s3://bucket/log.csv?X-Amz-Signature=secret", "s3://bucket/log.csv?***"),
        ("s3://AKID:secret@bucket/log.csv", "s3://AKID:***@bucket/log.csv"),
        ("postgresql://ann:secret@host/db#SELECT a FROM t WHERE b = 'x@y'", None),
        ("postgresql://host/db?password=secret#log", "postgresql://host/db?***#log"),
    ],
)
def test_secrets_are_starred(written: str, shown: str | None) -> None:
    found = redacted(written)
    assert "secret" not in found
    assert found == (shown or "postgresql://ann:***@host/db#SELECT a FROM t WHERE b = 'x@y'")

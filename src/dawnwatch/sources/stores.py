"""Object stores: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage, through Arrow's own drivers.

Credentials are found by each library's own chain (environment, configuration files, the machine's role) and are
never taken from the URL.

| written | needs | endpoint of a look-alike |
|---|---|---|
| `s3://bucket/key` | the AWS chain; `AWS_REGION` where it is not the bucket's own | `AWS_ENDPOINT_URL` |
| `gs://bucket/key` | the Google chain | `STORAGE_EMULATOR_HOST`, read without credentials |
| `az://container/key` | the account, in `AZURE_STORAGE_ACCOUNT` | `AZURE_STORAGE_CONNECTION_STRING` |
| `abfs://container@account.dfs.core.windows.net/key` | the Azure chain, or a key as `AZURE_STORAGE_KEY` | the same |
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from dawnwatch.errors import DataError
from dawnwatch.sources.storage import reason
from dawnwatch.sources.urls import scheme

__all__ = ["open_store"]

CONNECT_SECONDS = 10
READ_SECONDS = 60


def open_store(url: str, *, shown: str) -> tuple[Any, PurePosixPath, str]:
    """Return the file system a URL lies in, the path within it, and what messages put before such a path.

    Nothing is asked of the store yet, but where a bucket lies.

    Raises
    ------
    DataError
        Where the URL names no bucket, holds credentials, or the driver is missing or refuses.
    """
    kind = scheme(url) or ""
    place = url.partition("://")[2]
    bucket, _, key = place.partition("/")
    if not bucket:
        raise DataError(f"{shown}: no bucket; write {kind}://BUCKET/KEY")
    container, at, account = bucket.partition("@")
    azure = kind in {"az", "abfs", "abfss"}
    if ":" in bucket or (at and not azure):
        raise DataError(
            f"{shown}: credentials are not taken from the URL; leave them out and set them up as for the "
            "provider's own tools, such as in environment variables"
        )
    path = PurePosixPath(container if azure else bucket) / key
    try:
        if azure:
            return _azure(account, shown), path, f"{kind}://"
        return (_s3(bucket) if kind.startswith("s3") else _google()), path, f"{kind}://"
    except (ImportError, AttributeError):
        raise DataError(f"{shown}: this build of pyarrow cannot read {kind}://; install pyarrow from PyPI") from None
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(f"{shown}: cannot be opened: {reason(error)}") from None


def _s3(bucket: str) -> Any:
    from pyarrow import fs

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if region is None and endpoint is None:
        try:
            region = fs.resolve_s3_region(bucket)
        except (OSError, pa.ArrowException):
            region = None  # the driver's own way of finding it then
    options = {"endpoint_override": endpoint} if endpoint else {}
    return fs.S3FileSystem(
        region=region or ("us-east-1" if endpoint else None),
        connect_timeout=CONNECT_SECONDS,
        request_timeout=READ_SECONDS,
        **options,
    )


def _google() -> Any:
    from pyarrow import fs

    emulator = os.environ.get("STORAGE_EMULATOR_HOST")
    limit = timedelta(seconds=READ_SECONDS)  # it would try for a quarter of an hour
    if not emulator:
        return fs.GcsFileSystem(retry_time_limit=limit)
    parts = urlsplit(emulator if "://" in emulator else f"http://{emulator}")
    return fs.GcsFileSystem(anonymous=True, scheme=parts.scheme, endpoint_override=parts.netloc, retry_time_limit=limit)


def _azure(host: str, shown: str) -> Any:
    from pyarrow import fs

    written = os.environ.get("AZURE_STORAGE_CONNECTION_STRING", "")
    settings = dict(part.split("=", 1) for part in written.split(";") if "=" in part)
    account = host.partition(".")[0] or settings.get("AccountName") or os.environ.get("AZURE_STORAGE_ACCOUNT")
    if not account:
        raise DataError(
            f"{shown}: no storage account; set AZURE_STORAGE_ACCOUNT, or write "
            "abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/PATH"
        )
    options: dict[str, Any] = {}
    if endpoint := settings.get("BlobEndpoint"):
        parts = urlsplit(endpoint)
        options = {"blob_storage_scheme": parts.scheme, "blob_storage_authority": parts.netloc}
        options |= {"dfs_storage_scheme": parts.scheme, "dfs_storage_authority": parts.netloc}
    key = settings.get("AccountKey") or os.environ.get("AZURE_STORAGE_KEY")
    token = settings.get("SharedAccessSignature") or os.environ.get("AZURE_STORAGE_SAS_TOKEN")
    if key:
        options["account_key"] = key
    elif token:
        options["sas_token"] = token
    return fs.AzureFileSystem(account, **options)

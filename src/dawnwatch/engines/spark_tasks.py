"""What runs on Spark's executors: the kernel over one partition's Arrow batches, and the adding up of what comes out.

A position is the number of the partition times `STRIDE` plus the row's number in it until all rows of every partition
are counted, so that profiles can be added in any order. Nothing here imports PySpark before a task runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import EXAMPLES, Profile
from dawnwatch.profiling.container import pack, unpack
from dawnwatch.profiling.counting import best
from dawnwatch.profiling.kernel import Tally
from dawnwatch.profiling.keys import KeyStore
from dawnwatch.profiling.plan_file import plan_of
from dawnwatch.profiling.profile_file import profile_facts, profile_of
from dawnwatch.profiling.rows import Rows
from dawnwatch.sources.base import BATCH_ROWS
from dawnwatch.sources.plain import plain_batch

__all__ = [
    "COUNTED",
    "MERGED",
    "STRIDE",
    "added",
    "as_streams",
    "count_rows",
    "find_repeated",
    "larger",
    "merge_counts",
]

STRIDE = 1 << 40
FAN_IN = 64
"""Profiles that one task adds."""
BUCKET_BITS = 6
BLOB_HASHES = 1 << 18
"""Hashes that wait in a task: 64 blobs of about 32 kB, so that an Arrow batch of ten thousand fits in memory."""
KEY_MEMORY = 256 << 20
BATCH_BYTES = 256 << 20
LISTED = 1_000_000 // 32
"""Repeated hashes listed of each bucket, so that a million of them are listed whole, as on one machine."""
KEYS_PER_ROW = 1 << 20
COUNTED = "bucket int, part int, content binary"
MERGED = "kind string, content binary"
_COUNTED = pa.schema([("bucket", pa.int32()), ("part", pa.int32()), ("content", pa.binary())])
_MERGED = pa.schema([("kind", pa.string()), ("content", pa.binary())])
Hashes = NDArray[np.uint64]
Batches = Iterable[pa.RecordBatch]


def count_rows(plan: bytes, schema: pa.Schema, hash_keys: bool, batches: Batches) -> Iterator[pa.RecordBatch]:
    """Count a partition: yield its key hashes by bucket as they come, and at the end its profile.

    Parameters
    ----------
    plan : as `pack(*plan_facts(plan))`
    schema : names and plain types of the columns, which come in this order under any names
    """
    part = partition()
    blobs = _Blobs(part)
    tally = Tally(plan_from(plan), keys=blobs.add if hash_keys else None)
    for batch in larger(batches, schema):
        tally.add(batch, part * STRIDE + tally.rows)
        if blobs.held >= BLOB_HASHES:
            yield blobs.take()
    if blobs.held:
        yield blobs.take()
    if tally.rows:
        content = profile_bytes(tally.profile(), {part: tally.rows})
        # Neighbours go to one task; a bucket below zero holds no hashes.
        yield _row(_COUNTED, -1 - part // FAN_IN, part, content)


def merge_counts(keep_keys: bool, batches: Batches) -> Iterator[pa.RecordBatch]:
    """Add up what `count_rows` yielded for some buckets."""
    profiles: list[tuple[int, bytes]] = []
    with KeyStore(KEY_MEMORY) as store:
        for batch in batches:
            buckets, parts, contents = batch.columns
            for at, bucket in enumerate(buckets.to_pylist()):
                if bucket < 0:
                    profiles.append((parts[at].as_py(), contents[at].as_py()))
                else:
                    store.add(_hashes(contents[at].as_buffer()))
        # In the order of their partitions, so that rounding is the same in every run.
        total = added(content for _, content in sorted(profiles))
        if total is not None:
            yield _row(_MERGED, "profile", profile_bytes(*total))
        if not store.given:
            return
        found, again = store.repeats(keep=keep_keys)
    if found is None:
        return
    facts = {"keyed": found.keyed, "repeats": found.repeats}
    yield _row(_MERGED, "repeats", pack(facts, {"again": _listed(again)}))
    for at in range(0, 0 if found.keys is None else found.keys.size, KEYS_PER_ROW):
        yield _row(_MERGED, "keys", np.asarray(found.keys)[at : at + KEYS_PER_ROW].tobytes())


def find_repeated(
    keys: Sequence[str], shown: Sequence[int], again: Hashes, schema: pa.Schema, batches: Batches
) -> Iterator[pa.RecordBatch]:
    """Yield (hash, position, shown key columns) of rows whose key is among `again`, the sorted repeated hashes.

    Of each key the first row, and the first five rows whose key stood before in this partition. Rows behind these
    five cannot be among the first five of the window, nor can they make others so; reading ends there.
    """
    part, plan, counting = partition(), Plan((), keys=tuple(keys)), best()
    met = np.empty(0, np.uint64)
    start = sure = 0
    for batch in larger(batches, schema):
        hashes = Rows(batch, plan, counting).keys()
        if hashes is not None:
            at = np.flatnonzero(np.isin(hashes, again))
            first = np.zeros(at.size, dtype=bool)
            first[np.unique(hashes[at], return_index=True)[1]] = True
            first &= ~np.isin(hashes[at], met)
            repeated = np.flatnonzero(~first)[: EXAMPLES - sure]
            sure += repeated.size
            if sure == EXAMPLES:
                at, first = at[: repeated[-1] + 1], first[: repeated[-1] + 1]
            kept = at[first | np.isin(np.arange(at.size), repeated)]
            if kept.size:
                taken = batch.take(pa.array(kept))
                columns = [pa.array(hashes[kept].view(np.int64)), pa.array(part * STRIDE + start + kept)]
                columns += [taken.column(i) for i in shown]
                names = ["hash", "at", *(f"c{i}" for i in range(len(shown)))]
                yield pa.RecordBatch.from_arrays(columns, names=names)
            if sure == EXAMPLES:
                return
            met = np.union1d(met, hashes[kept])
        start += batch.num_rows


def as_streams(schema: pa.Schema, batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield each batch as the bytes of an Arrow stream, so that it reaches the driver as it is."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    for batch in larger(batches, schema):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema, options=options) as writer:
            writer.write_batch(batch)
        yield pa.RecordBatch.from_arrays([pa.array([sink.getvalue().to_pybytes()], pa.binary())], names=["content"])


def larger(batches: Batches, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Join Spark's batches, of ten thousand rows by default, to such as NumPy works at full speed with."""
    waiting: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        if batch.num_rows:
            waiting.append(pa.RecordBatch.from_arrays(batch.columns, names=schema.names))
            rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= BATCH_ROWS or size >= BATCH_BYTES:
            yield from _joined(waiting, schema)
            waiting, rows, size = [], 0, 0
    yield from _joined(waiting, schema)


def _joined(waiting: list[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    if waiting:
        for batch in pa.Table.from_batches(waiting).combine_chunks().to_batches():
            yield plain_batch(batch, schema)


class _Blobs:
    """Key hashes by their leading bits, each bucket's as the bytes of one row."""

    def __init__(self, part: int) -> None:
        self._part, self._counting = part, best()
        self._buckets: list[list[Hashes]] = [[] for _ in range(1 << BUCKET_BITS)]
        self.held = 0

    def add(self, hashes: Hashes) -> None:
        ordered, ends = self._counting.partition([hashes], BUCKET_BITS)
        self.held += ordered.size
        for bucket, begin, end in zip(self._buckets, [0, *ends[:-1].tolist()], ends.tolist(), strict=True):
            if end > begin:
                bucket.append(ordered[begin:end])

    def take(self) -> pa.RecordBatch:
        found = [(bucket, np.concatenate(parts)) for bucket, parts in enumerate(self._buckets) if parts]
        self._buckets, self.held = [[] for _ in self._buckets], 0
        arrays = [
            pa.array([bucket for bucket, _ in found], pa.int32()),
            pa.array([self._part] * len(found), pa.int32()),
            pa.array([hashes.tobytes() for _, hashes in found], pa.binary()),
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=_COUNTED)


@lru_cache(maxsize=1)
def plan_from(content: bytes) -> Plan:
    """Return the plan, read once by each worker and not once for each partition."""
    return plan_of(*unpack(content))


def partition() -> int:
    """Return the number of the partition that this task works on."""
    from pyspark import TaskContext

    context = TaskContext.get()
    return 0 if context is None else int(context.partitionId())


def profile_bytes(profile: Profile, parts: Mapping[int, int]) -> bytes:
    """Return a profile, and the rows of every partition in it."""
    facts, arrays = profile_facts(profile)
    return pack({"profile": facts, "parts": list(parts.items())}, arrays)


def profile_from(content: bytes) -> tuple[Profile, dict[int, int]]:
    """Return the profile of its bytes, and the rows of every partition in it."""
    facts, arrays = unpack(content)
    return profile_of(facts["profile"], arrays), dict(facts["parts"])


def added(contents: Iterable[bytes]) -> tuple[Profile, dict[int, int]] | None:
    """Add profiles one by one; None where there are none."""
    total, parts = None, dict[int, int]()
    for content in contents:
        profile, rows = profile_from(content)
        total, parts = profile if total is None else Profile.joined([total, profile]), parts | rows
    return None if total is None else (total, parts)


def _listed(again: Hashes) -> Hashes:
    """Cut the sorted repeated hashes to the first few of each bucket."""
    ends = np.searchsorted(again >> np.uint64(64 - BUCKET_BITS), np.arange(1 << BUCKET_BITS), side="left")
    return np.concatenate([piece[:LISTED] for piece in np.split(again, ends)])


def _hashes(buffer: pa.Buffer) -> Hashes:
    return np.require(np.frombuffer(buffer, np.uint64), requirements="A")


def _row(schema: pa.Schema, *values: Any) -> pa.RecordBatch:
    arrays = [pa.array([value], field.type) for value, field in zip(values, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)

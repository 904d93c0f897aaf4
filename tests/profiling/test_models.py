"""Models as people name them: what loads, what is refused, and in which words."""

from __future__ import annotations

import pickle
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression

from dawnwatch import ConfigError
from dawnwatch.profiling.models import open_model
from dawnwatch.profiling.scoring import ScoredSource
from dawnwatch.sources.base import TableSource

ROWS = pa.table({"x": [0.0, 1.0, 2.0, 3.0], "z": [1, 0, 1, 0]})


def fitted() -> LogisticRegression:
    return LogisticRegression().fit(np.array([[0, 1], [1, 0], [2, 1], [3, 0.0]]), [0, 0, 1, 1])


def scores(model: Any, features: list[str] = ["x", "z"]) -> np.ndarray:  # noqa: B006
    source = ScoredSource(TableSource(ROWS, name="rows", shown="rows"), model, features, "1", "s")
    found = np.concatenate([batch.column("s").to_numpy() for batch in source.batches()])
    assert source.fault(private=False) is None
    return found


def expected() -> np.ndarray:
    return np.asarray(fitted().predict_proba(np.column_stack([c.to_numpy() for c in ROWS.columns]))[:, 1])


def test_a_skops_file_loads(tmp_path: Path) -> None:
    skops.io.dump(fitted(), tmp_path / "may.skops")
    assert scores(open_model("may.skops", folder=tmp_path)) == pytest.approx(expected())


def test_an_import_path_is_a_model_or_a_callable(tmp_path: Path) -> None:
    (tmp_path / "models_here.py").write_text(
        "import pyarrow as pa\n"
        "class Kept:\n"
        "    def __call__(self, rows):\n"
        "        return rows.column(0).to_numpy() / 10\n"
        "class models:\n"
        "    may = Kept()\n"
    )
    path = list(sys.path)
    assert scores(open_model("models_here:models.may", folder=tmp_path)).tolist() == [0.0, 0.1, 0.2, 0.3]
    assert sys.path == path


def test_a_pickle_is_refused_until_it_is_trusted(tmp_path: Path) -> None:
    ran = tmp_path / "ran"

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (ran,)

    (tmp_path / "evil.pkl").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(ConfigError, match="is a pickle, and reading one runs whatever code is in it"):
        open_model("evil.pkl", folder=tmp_path)
    assert not ran.exists()
    (tmp_path / "may.pickle").write_bytes(pickle.dumps(fitted()))
    assert scores(open_model("may.pickle", folder=tmp_path, trust_pickle=True)) == pytest.approx(expected())
    import joblib

    joblib.dump(fitted(), tmp_path / "may.joblib")
    assert scores(open_model("may.joblib", folder=tmp_path, trust_pickle=True)) == pytest.approx(expected())


class Session:
    """What onnxruntime's session does, around an ordinary model."""

    def __init__(self, path: str, providers: list[str]) -> None:
        if Path(path).read_bytes() == b"broken":
            raise RuntimeError("InvalidProtobuf")
        self.kind = Path(path).stem

    def get_inputs(self) -> list[Any]:
        if self.kind == "columns":
            return [types.SimpleNamespace(name=n, type=t) for n, t in (("x", "tensor(float)"), ("z", "tensor(int64)"))]
        return [types.SimpleNamespace(name="input", type="tensor(float)")]

    def run(self, _: None, given: dict[str, Any]) -> list[Any]:
        if self.kind == "columns":
            assert given["x"].shape == given["z"].shape == (4, 1)
            assert (given["x"].dtype, given["z"].dtype) == (np.float32, np.int64)
            matrix = np.hstack([given["x"], given["z"]])
        else:
            matrix = given["input"]
            assert matrix.dtype == np.float32
        chances = fitted().predict_proba(matrix.astype(float))
        if self.kind == "maps":
            return [None, [dict(enumerate(row)) for row in chances]]
        return [None, chances]


@pytest.mark.parametrize("kind", ["matrix", "columns", "maps"])
def test_an_onnx_file_gives_the_chance_of_its_last_class(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", types.SimpleNamespace(InferenceSession=Session))
    (tmp_path / f"{kind}.onnx").write_bytes(b"a model")
    assert scores(open_model(f"{kind}.onnx", folder=tmp_path)) == pytest.approx(expected(), abs=1e-6)


def test_a_real_onnx_file_scores_as_the_model_it_was_made_of(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    skl2onnx = pytest.importorskip("skl2onnx")
    made = skl2onnx.to_onnx(fitted(), np.zeros((1, 2), np.float32))
    (tmp_path / "real.onnx").write_bytes(made.SerializeToString())
    assert scores(open_model("real.onnx", folder=tmp_path)) == pytest.approx(expected(), abs=1e-6)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("nothing", "no such model; name a .skops or .onnx file, or an import path"),
        ("gone.skops", "no such model file"),
        ("gone.onnx", "no such model file"),
        ("gone.pkl", "no such model file"),
        ("text.skops", "not a model saved with skops"),
        ("text.onnx", "loading it needs onnxruntime: pip install 'dawnwatch[onnx]'"),
        ("no_such_module_here:model", "model: no_such_module_here cannot be imported"),
        ("json:no_such", "model: json has no object 'no_such'"),
    ],
)
def test_what_is_no_model_is_one_clear_line(
    spec: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    for name in ("text.skops", "text.onnx"):
        (tmp_path / name).write_text("no model")
    with pytest.raises(ConfigError) as error:
        open_model(spec, folder=tmp_path)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_broken_files_are_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", types.SimpleNamespace(InferenceSession=Session))
    (tmp_path / "a.onnx").write_bytes(b"broken")
    with pytest.raises(ConfigError, match="not an ONNX model: InvalidProtobuf"):
        open_model("a.onnx", folder=tmp_path)
    (tmp_path / "a.pkl").write_bytes(b"broken")
    with pytest.raises(ConfigError, match="cannot be unpickled"):
        open_model("a.pkl", folder=tmp_path, trust_pickle=True)

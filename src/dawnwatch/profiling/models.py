"""A model as a person names it: a skops or ONNX file, an import path, or a pickle where that is trusted."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.errors import ConfigError, one_line
from dawnwatch.profiling.arrow import numbers, type_name
from dawnwatch.profiling.coding import NUMERIC
from dawnwatch.profiling.scoring import load_model

__all__ = ["OnnxModel", "imported", "open_model"]

PICKLES = {".pkl", ".pickle", ".joblib"}


def open_model(spec: str, *, folder: str | Path = ".", trusted: Sequence[str] = (), trust_pickle: bool = False) -> Any:
    """Return the model that `spec` names.

    Parameters
    ----------
    spec : a .skops or .onnx file; `module:object`, which is imported (a model, or a callable from a pyarrow
        RecordBatch to scores); or a .pkl, .pickle or .joblib file
    folder : where relative files and modules may lie
    trusted : type names that a skops file may hold beyond those skops trusts
    trust_pickle : whether a pickle may be read, which runs whatever code is in it

    Raises
    ------
    ConfigError
        Where there is no such model, what reads it is not installed, or it is a pickle that is not trusted.
    """
    path = Path(folder) / Path(spec).expanduser()
    end = path.suffix.lower()
    if end in PICKLES:
        return _unpickled(path, spec, trust_pickle)
    if end == ".onnx":
        return OnnxModel(path)
    if end == ".skops" and not path.is_file():
        raise ConfigError(f"{spec}: no such model file")
    if path.is_file():
        return load_model(str(path), trusted)
    if ":" in spec:
        return imported(spec, folder, what="model")
    raise ConfigError(f"{spec}: no such model; name a .skops or .onnx file, or an import path as module:object")


def imported(spec: str, folder: str | Path, *, what: str, kind: str = "object") -> Any:
    """Return what `module:object` names; the object may be an attribute of one. Raises ConfigError.

    Parameters
    ----------
    folder : where the module may lie, beside wherever Python looks for modules
    what : how messages begin, such as "model.trainer"
    kind : what it is to be, in a word
    """
    module, _, name = spec.partition(":")
    if not module or not name:
        raise ConfigError(f"{what}: {spec!r} is no {kind}; name it as module:{kind}")
    invalidate_caches()  # a module written a moment ago is there, too
    sys.path.insert(0, str(Path(folder).resolve()))
    try:
        found = import_module(module)
    except Exception as error:
        raise ConfigError(f"{what}: {module} cannot be imported: {one_line(error)}") from None
    finally:
        sys.path.remove(str(Path(folder).resolve()))
    for part in name.split("."):
        if not hasattr(found, part):
            raise ConfigError(f"{what}: {module} has no {kind} {name!r}")
        found = getattr(found, part)
    return found


def _unpickled(path: Path, spec: str, trusted: bool) -> Any:
    if not path.is_file():
        raise ConfigError(f"{spec}: no such model file")
    if not trusted:
        raise ConfigError(
            f"{spec}: is a pickle, and reading one runs whatever code is in it; save the model with skops.io.dump, or "
            "give --trust-pickle if you know where it comes from"
        )
    try:
        if path.suffix.lower() == ".joblib":
            import joblib

            return joblib.load(path)
        import pickle

        with path.open("rb") as file:
            return pickle.load(file)  # noqa: S301 - only where the person says that it is trusted
    except ModuleNotFoundError as error:
        raise ConfigError(f"{spec}: reading this pickle needs {error.name!r}, which is not installed") from None
    except Exception as error:
        raise ConfigError(f"{spec}: cannot be unpickled: {one_line(error)}") from None


class OnnxModel:
    """A classifier kept as ONNX, asked as `ScoredSource` asks a callable: a RecordBatch in, scores out.

    Its inputs are either one matrix of all features, or one column each, by name. Its scores are its last output: a
    column of chances, one for each class, the last class's being taken; or a map from class to chance.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise ConfigError(f"{path}: no such model file")
        try:
            import onnxruntime
        except ModuleNotFoundError:
            raise ConfigError(f"{path}: loading it needs onnxruntime: pip install 'dawnwatch[onnx]'") from None
        try:
            self._session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        except Exception as error:
            raise ConfigError(f"{path}: not an ONNX model: {one_line(error)}") from None
        self.__name__ = path.name

    def __call__(self, rows: pa.RecordBatch) -> NDArray[np.float64]:
        """Return one score a row, shape (rows,)."""
        inputs = self._session.get_inputs()
        if len(inputs) == 1:
            given = {inputs[0].name: _typed(rows.columns, inputs[0].type)}
        else:
            given = {each.name: _typed([rows.column(each.name)], each.type) for each in inputs}
        return _last_class(self._session.run(None, given)[-1])


def _typed(columns: Sequence[pa.Array], kind: str) -> Any:
    """Return columns as a matrix of the type that an input asks for, such as "tensor(float)"."""
    if "string" in kind:
        matrix = np.empty((len(columns[0]), len(columns)), dtype=object)
        for i, column in enumerate(columns):
            matrix[:, i] = column.cast(pa.string()).to_pylist()
        return matrix
    texts = [str(column.type) for column in columns if type_name(column.type) not in NUMERIC]
    if texts:
        raise ValueError(f"the ONNX model takes numbers in one matrix, and a feature is of type {texts[0]}")
    type_ = np.float64 if "double" in kind else np.int64 if "int64" in kind else np.float32
    return np.column_stack([numbers(column) for column in columns]).astype(type_)


def _last_class(output: Any) -> NDArray[np.float64]:
    if isinstance(output, list):  # one map from class to chance a row
        return np.array([list(row.values())[-1] for row in output], dtype=np.float64)
    scores = np.asarray(output, dtype=np.float64)
    return scores[:, -1] if scores.ndim == 2 else scores

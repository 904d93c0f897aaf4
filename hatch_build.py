"""Compiles the kernel's inner loops where there is a C compiler; without one the package is pure Python."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
from hashlib import blake2b
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE, LIBRARY = Path("src/dawnwatch/native/kernel.c"), Path("src/dawnwatch/native/kernel.compiled")


class NativeKernel(BuildHookInterface[Any]):
    """Build `kernel.compiled` beside its source; skipped on Windows, or with `DAWNWATCH_NO_NATIVE=1`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and mark the wheel as one for this kind of machine."""
        if self.target_name != "wheel":
            return
        library = Path(self.root, LIBRARY)
        compiler = shlex.split(os.environ.get("CC", "")) or [shutil.which("cc") or shutil.which("gcc") or ""]
        if sys.platform == "win32" or os.environ.get("DAWNWATCH_NO_NATIVE") or not compiler[0]:
            library.unlink(missing_ok=True)
            return
        # No -march: what the wheel is built on is not what it runs on. No contraction: NumPy has none either.
        flags = ["-O3", "-std=c11", "-fPIC", "-shared", "-ffp-contract=off"]
        source = Path(self.root, SOURCE)
        flags.append(f'-DSOURCE="{blake2b(source.read_bytes(), digest_size=16).hexdigest()}"')
        made = library.with_suffix(f".{os.getpid()}.tmp")
        command = [*compiler, *flags, str(source), "-o", str(made), "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError) as error:
            self.app.display_warning(f"the native kernel could not be compiled, NumPy will count: {error}")
            return
        made.replace(library)
        build_data["artifacts"].append(str(LIBRARY))
        build_data["pure_python"] = False
        tag = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{tag}" if platform.python_implementation() == "CPython" else ""

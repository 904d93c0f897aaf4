# make demo   run the worked example to its packet and pictures
# make test   run every test
# make lint   linters, types, layers
# make bench  measure it beside its peers (docs/benchmarks.md): `make bench-peers` first, `W=W1` for one work
# make verify-stats   simulate how often the tests and intervals are right (docs/statistics.md), about a quarter of an hour
# make drill-bench  what it finds of incidents with a known truth (docs/drills.md), about an hour; SEEDS=0-9 to tune
# make estimate-bench  metrics estimated before labels come, against the labels (docs/estimates.md), a quarter of an hour
# make decide-bench  what a replayed decision rests on (docs/decide.md), some minutes; draws docs/images/decide.png anew
# make history-bench  what earlier windows tell that training does not (docs/history.md), some minutes
# make scorecard-demo   play 30 drills, decide as advised, judge by the truth: docs/scorecard.md, some ten minutes
# make noise-bench  what is said of noise, and of columns plainly broken: ours beside Evidently's defaults
# make schema regenerate schemas/
# make example   run the worked example for the packet the explainers ship with
# make screens   draw the pictures of the steered run in docs/images anew
# make clean  remove what the above made, but for results

VENV := .venv
BIN := $(VENV)/bin
# The newest Python 3.11+ on the path; override with `make PYTHON=/path/to/python3.12 demo`.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
UV := $(shell command -v uv 2>/dev/null)
# uv understands the same requirements; without it, pip from the virtual environment.
INSTALL := $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)

.PHONY: demo test lint bench bench-peers bench-smoke bench-tables verify-stats drill-bench drill-smoke estimate-bench history-bench \
	decide-bench noise-bench scorecard-demo schema example screens clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.core
	$(BIN)/dawnwatch demo --no-interactive $(ARGS)

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Goes on where it was stopped. W="W1 W3": these works alone; FRESH=1: measure again; SCALE=trial: a tenth of the rows.
BENCH = PYTHONPATH=src:scenarios $(BIN)/python -m benchmarks
SCALE ?= full

bench: $(VENV)/.dev
	$(BENCH) run $(W) --scale $(SCALE) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(FRESH),--fresh) $(ARGS)

bench-tables: $(VENV)/.dev
	$(BENCH) tables --scale $(SCALE)

bench-peers: $(VENV)/.dev
	$(BENCH) peers $(ARGS)

bench-smoke: $(VENV)/.dev
	$(BENCH) smoke

# Goes on where it was stopped. W="moved": this table alone; FRESH=1: simulate again; TABLES=100: fewer of each.
verify-stats: $(VENV)/.dev
	PYTHONPATH=src:scenarios $(BIN)/python -m benchmarks.verify_stats $(W) $(if $(TABLES),--tables $(TABLES)) $(if $(FRESH),--fresh) $(ARGS)

# Goes on where it was stopped. SEEDS=0-9: others than the reported ones; FRESH=1: measure again.
DRILLS = PYTHONPATH=src:scenarios $(BIN)/python -m benchmarks.drills

drill-bench: $(VENV)/.dev
	$(DRILLS) run $(if $(SEEDS),--seeds $(SEEDS) --out benchmarks/.runs/drills-$(SEEDS).md) $(if $(FRESH),--fresh) $(ARGS)

drill-smoke: $(VENV)/.dev
	$(DRILLS) smoke

estimate-bench: $(VENV)/.dev
	PYTHONPATH=src:scenarios $(BIN)/python -m benchmarks.estimates $(if $(FRESH),--fresh) $(ARGS)

history-bench: $(VENV)/.dev
	PYTHONPATH=src:scenarios $(BIN)/python -m benchmarks.history $(ARGS)

scorecard-demo: $(VENV)/.dev
	PYTHONPATH=src:scenarios $(BIN)/python -m benchmarks.scorecard $(ARGS)

decide-bench: $(VENV)/.dev
	PYTHONPATH=src:scenarios $(BIN)/python -m benchmarks.decide $(ARGS)

noise-bench: $(VENV)/.dev
	PYTHONPATH=src:scenarios $(BIN)/python -m benchmarks.noise $(ARGS)

schema: $(VENV)/.core
	$(BIN)/dawnwatch schema > schemas/triage-packet.schema.json

EXAMPLE := src/dawnwatch/explain/metropulse.json

example: $(VENV)/.core
	@folder=$$(mktemp -d) && $(BIN)/dawnwatch demo --json --no-plot --results $$folder > $$folder/packet && \
	$(BIN)/python -m dawnwatch.explain.example < $$folder/packet > $$folder/stripped && \
	mv $$folder/stripped $(EXAMPLE) && rm -r $$folder
	@$(BIN)/dawnwatch plan --config scenarios/metropulse/dawnwatch.toml --results tests/golden/metropulse \
	  -o docs/monitoring-plan-metropulse.md

screens: $(VENV)/.dev
	PYTHONPATH=. $(BIN)/python -m tests.cli.screens

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis src/dawnwatch/native/kernel.compiled

# The stamps make a second call do no set-up work; a changed pyproject.toml or Makefile makes it anew.
$(VENV)/.venv:
	@test -n "$(PYTHON)" || { echo "dawnwatch needs Python 3.11 or newer, and found none on the path"; exit 2; }
	@echo "Making a virtual environment in $(VENV) with $(if $(UV),uv,$(PYTHON))"
	$(if $(UV),@$(UV) venv --quiet --clear --python $(PYTHON) $(VENV),@$(PYTHON) -m venv --clear $(VENV))
	@touch $@

NATIVE := hatch_build.py src/dawnwatch/native/kernel.c

$(VENV)/.core: $(VENV)/.venv pyproject.toml $(NATIVE)
	@echo "Installing dawnwatch, and what trains the example's model"
	@$(INSTALL) --editable '.[models]'
	@touch $@

$(VENV)/.dev: $(VENV)/.venv pyproject.toml $(NATIVE)
	@echo "Installing dawnwatch and what its tests need"
	@$(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.core

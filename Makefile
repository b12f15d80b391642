# Every target sets up what it needs: a virtual environment in .venv with the project and its tools.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TODAY := 2026-11-24

.PHONY: demo test check lint bench docs clean

demo: $(READY)  ## run the main job on the agency's mesh, before and after
	MESHLINT_FRAMES=always $(BIN)/meshlint check fixtures/hms/before --today $(TODAY); test $$? -eq 1
	MESHLINT_FRAMES=always $(BIN)/meshlint check fixtures/hms/after --today $(TODAY)

test: $(READY)  ## run the tests
	$(BIN)/python -m pytest -n auto

check: $(READY)  ## run all that CI runs
	$(MAKE) lint
	$(BIN)/python -m pytest -n auto --cov --cov-report=term:skip-covered --ignore=tests/conformance
	$(BIN)/python -m pytest -n auto tests/conformance

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(READY)  ## build the documentation site in build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

bench: $(READY)  ## measure every budget; writes benchmarks/README.md
	$(BIN)/python benchmarks/measure.py

$(READY): pyproject.toml hatch_build.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

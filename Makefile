# Each target sets up what it needs: the virtual environment .venv, once, and again when
# pyproject.toml changes. PYTHON names the interpreter that makes it.
PYTHON ?= python3
export PYTHON
# The tests start hundreds of processes: each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

# Processes that run tests; what measures time runs by itself afterwards.
TEST_WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test check format clean
.DEFAULT_GOAL := help

help:
	@echo "make demo     solve the example cluster"
	@echo "make test     run the tests"
	@echo "make check    formatter, linter, types, then the tests"
	@echo "make format   format the sources and apply the linter's safe fixes"
	@echo "make clean    remove the environment, builds and caches"

$(VENV)/installed: pyproject.toml .ci/setup
	@.ci/setup

demo: $(VENV)/installed
	@$(BIN)/shardwright solve --policies examples/policies --cluster examples/cluster.json

test: $(VENV)/installed
	@$(BIN)/python -m pytest --quiet -n $(TEST_WORKERS) --dist worksteal -m "not alone"
	@$(BIN)/python -m pytest --quiet -m alone

check: $(VENV)/installed
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	@$(MAKE) --no-print-directory test

format: $(VENV)/installed
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Two commands: `make demo` and `make test`. Both build what they need.
VENV   ?= .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: install demo test check lint style types stricter imports unit integration bench docs fuzz chaos lock servers clean

install: $(VENV)/.run   ## build the environment: .venv/bin/ringwacht

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ringwacht needs Python 3.11 or newer"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "No venv module: apt-get install python3-venv"; exit 2; }

$(VENV)/.run: requirements/run.txt requirements/build.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/run.txt -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

demo: install           ## a simulated county on loopback, watched
	@exec $(BIN)/ringwacht demo $(ARGS)

servers:                ## Debian's servers for the integration tests, where apt may install them
	@tests/servers.sh

test: $(VENV)/.dev servers lint unit integration   ## everything

check: lint unit

lint: $(VENV)/.dev
	@$(MAKE) --no-print-directory -j 2 style types stricter imports   # two at a time: the type checkers take most of it

style:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

stricter:
	$(BIN)/basedpyright

imports:
	$(BIN)/lint-imports

unit: $(VENV)/.dev
	$(BIN)/pytest -q -m "not integration" -n auto

integration: $(VENV)/.dev
	$(BIN)/pytest -q -m integration -n 3 --dist loadfile   # they mostly wait: three at a time, each file in one process

bench: $(VENV)/.dev servers   ## side by side with the peers; results in docs/benchmarks.md
	$(BIN)/python -P -m tests.bench $(ARGS)

fuzz: $(VENV)/.dev      ## damaged answers and traps, many more than in the tests: COUNT=1000000 SEED=1
	$(BIN)/python -P -m tests.fuzz --count $(or $(COUNT),1000000) --seed $(or $(SEED),1)

chaos: $(VENV)/.dev     ## kill -9 at random moments, far more often than in the tests: RUNS=1000 SEED=1
	$(BIN)/python -P -m tests.chaos --runs $(or $(RUNS),1000) --seed $(or $(SEED),1)

docs: $(VENV)/.dev      ## rewrite what is generated
	$(BIN)/python -P -m tests.generate

lock:                   ## needs uv; names no index host
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q pyproject.toml -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q --group build -o requirements/build.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -c requirements/run.txt --group dev -o requirements/dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

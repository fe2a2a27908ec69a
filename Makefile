# Two commands do everything: `make demo` and `make test`.
# Needs Python 3.11 or later; set PYTHON to choose one. The environment is .venv, made on demand.
# A lock file names all that is installed, so pip need not look for more (--no-deps): it would take
# the newest release of what another package asks for with an extra, and find no hash for it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GRAPH := il7.kg

BUILT := kg/service/pages/static/built/manifest.json

.PHONY: demo test coverage lint ontology-docs lock prefixes wheel clean conformance frontend screenshots

demo: $(VENV)/.installed frontend
	@echo "Building the IL-7 graph (the names are compiled once, in about a minute)"
	@$(BIN)/kg build data/interleukin-7.txt -o $(GRAPH)
	@echo
	@echo "Which papers connect IL-7 to STAT5?"
	@echo
	@$(BIN)/kg query papers-connecting entity_a=IL-7 entity_b=STAT5 -g $(GRAPH)
	@echo
	@echo "More questions:    $(BIN)/kg query"
	@echo "What is in it:     $(BIN)/kg stats -g $(GRAPH)"
	@echo "Your own SPARQL:   $(BIN)/kg sparql -g $(GRAPH) -q 'SELECT * { ?s ?p ?o } LIMIT 10'"
	@echo "In a browser:      $(BIN)/kg serve -g $(GRAPH), then http://127.0.0.1:7878/ (SPARQL at /sparql)"
	@echo "Browse as Turtle:  $(BIN)/kg export -g $(GRAPH) -o il7.ttl"

test: $(VENV)/.installed-dev frontend
	$(BIN)/pytest --numprocesses=logical --dist=loadfile

# The tests, and which lines they run; takes about a fifth longer.
coverage: $(VENV)/.installed-dev frontend
	$(BIN)/pytest --numprocesses=logical --dist=loadfile --cov --cov-report=term

# Style, types, and the floors of the package.
lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# The scripts of pages, by Node.js where that is there; pages are complete without them.
frontend: $(BUILT)

$(BUILT): frontend/package-lock.json frontend/build.mjs $(wildcard frontend/src/*.js)
	@if command -v npm >/dev/null; then \
	    echo "Building the scripts of pages"; \
	    cd frontend && npm ci --silent && npm run --silent build; \
	else \
	    echo "Pages are left without scripts (an editor, drawings): these need Node.js 18 and npm"; \
	fi

# The ontology as a page.
ontology-docs: $(VENV)/.installed
	$(BIN)/python -m kg.reasoning.page docs/ontology.html

# The pictures of the README, by Chromium.
screenshots: $(VENV)/.installed-dev frontend
	@test -d $(GRAPH) || $(MAKE) --no-print-directory demo
	$(BIN)/python docs/screenshots.py $(GRAPH)

# Pins with hashes, and without the address of any package index.
lock: $(VENV)/.installed-dev
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	    --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --group build --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	    --constraint requirements.lock --quiet -o requirements-dev.lock

# The spellings of prefixes and IRIs, from the newest release of the Bioregistry.
prefixes: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet --disable-pip-version-check 'bioregistry>=0.15.6'
	$(BIN)/python data/make_prefix_map.py

# The W3C's tests of SPARQL 1.1, put to a running server: RDF_TESTS is a checkout of w3c/rdf-tests.
conformance: $(VENV)/.installed-dev
	$(BIN)/python -m tests.conformance $(RDF_TESTS)

wheel: $(VENV)/.installed-dev
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or later is needed; say which with: make PYTHON=python3.12 demo"; exit 1; }
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Installing what requirements.lock names (under a minute)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing what the tests need"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) $(GRAPH) il7.ttl dist build frontend/node_modules $(dir $(BUILT)) .coverage .mypy_cache .ruff_cache .pytest_cache \
	    .hypothesis .import_linter_cache
	find kg tests -name __pycache__ -type d -prune -exec rm -rf {} +

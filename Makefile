SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# What may be set from outside: make demo PORT=9000
PYTHON ?= python3
PORT ?= 8000
JOBS ?= auto
ARGS ?=

UV_VERSION := 0.13.9
BIN := .venv/bin
DONE := .venv/.done
VENDOR := src/qunxing/core/static/vendor
CATALOGS := $(wildcard src/qunxing/*/locale/*/LC_MESSAGES/django.po)
export UV_PYTHON_DOWNLOADS := never
# Images for containers often forbid Python to keep what it compiled; a start then takes twice as long, and tests start often.
unexport PYTHONDONTWRITEBYTECODE
export UV_LINK_MODE ?= copy

.PHONY: help setup demo test test-e2e test-postgres browser lint format assets messages migrations screenshots bench lock upgrade clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nVariables: PYTHON=%s PORT=%s JOBS=%s ARGS="%s"\n' "$(PYTHON)" "$(PORT)" "$(JOBS)" "$(ARGS)"

## --- set-up -----------------------------------------------------------------------------------------------------------

setup: $(DONE)/project $(VENDOR)/icons.svg $(DONE)/messages ## Set up everything that the other targets need (again: nothing to do)

$(DONE)/uv: Makefile
	@tools/make_venv.sh "$(PYTHON)"
	@echo "setup: uv $(UV_VERSION)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
	@mkdir -p $(DONE) && touch $@

$(DONE)/packages: requirements.lock | $(DONE)/uv
	@echo "setup: Python packages of requirements.lock"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirements requirements.lock
	@touch $@

# Built with the locked hatchling, so that nothing is fetched; again only when the metadata changes.
$(DONE)/project: pyproject.toml $(DONE)/packages
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline --editable .
	@touch $@

node_modules/.done: package-lock.json package.json .npmrc
	@tools/need_node.sh
	@echo "setup: npm packages of package-lock.json"
	@npm ci --silent --no-progress
	@touch $@

$(VENDOR)/icons.svg: node_modules/.done tools/build_assets.mjs src/qunxing/core/static/src/icons.txt
	@node tools/build_assets.mjs
	@touch $@

$(DONE)/messages: $(CATALOGS) tools/messages.py $(DONE)/packages
	@$(BIN)/python tools/messages.py compile
	@touch $@

## --- run --------------------------------------------------------------------------------------------------------------

demo: setup ## Load the demonstration community into var/ and serve it on PORT
	@$(BIN)/qunxing demo
	@exec $(BIN)/qunxing serve --port $(PORT)

## --- check ------------------------------------------------------------------------------------------------------------

test: setup browser ## Run all tests (ARGS="-k name" for some); browser tests are skipped where there is no chromium
	@$(BIN)/pytest -n $(JOBS) $(ARGS)

test-e2e: setup browser ## Run the browser tests alone
	@$(BIN)/pytest tests/e2e $(ARGS)

# What touches no database is left out (tests/conftest.py), and what is slow by its size, not by its database.
test-postgres: setup browser ## Run the tests that touch a database on a PostgreSQL of their own, started and stopped here
	@tools/postgres.sh run $(BIN)/pytest -n $(JOBS) -m "not slow" $(ARGS)

browser:
	@tools/browser.sh

lint: setup ## Check style, types, layers, templates, translations, migrations and the deployment settings
	@tools/lint.sh

format: setup ## Put Python sources in shape
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

bench: setup ## Run the benchmarks in benchmarks/ (ARGS="pages" for one)
	@tools/bench.sh $(ARGS)

## --- make -------------------------------------------------------------------------------------------------------------

assets: setup ## Build the front-end files again
	@node tools/build_assets.mjs

messages: setup ## Bring the translation catalogs up to date with the sources, list what is to translate, compile
	@$(BIN)/python tools/messages.py update
	@$(BIN)/python tools/messages.py compile
	@$(BIN)/python tools/messages.py check

migrations: setup ## Write the migrations that the models ask for
	@$(BIN)/django-admin makemigrations --settings qunxing.config.settings

screenshots: setup browser ## Take the pictures of docs/pictures from the demonstration (ARGS="home" for one)
	@$(BIN)/python tools/screenshots.py $(ARGS)

lock: setup ## Write requirements.lock and package-lock.json from pyproject.toml and package.json
	@$(BIN)/uv lock --quiet
	@tools/export_lock.sh
	@npm install --package-lock-only --ignore-scripts --silent

upgrade: setup ## Take the newest Python packages that pyproject.toml admits into requirements.lock
	@$(BIN)/uv lock --quiet --upgrade
	@tools/export_lock.sh

clean: ## Remove what setup, tests and builds made; var/ stays
	rm -rf .venv node_modules $(VENDOR) dist test-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete

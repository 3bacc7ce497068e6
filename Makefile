# The commands people type. Recipes longer than a few lines live in .ci/; tools come from .venv/bin.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help install frontend demo demo-reset test lint format bench clean

help: ## list these commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

install: ## create .venv and install everything the portal and its tests need
	@bash .ci/install.sh dev

frontend: ## build the styles and scripts in static/build (with this machine's npm, or one from pip)
	@bash .ci/install.sh runtime
	@bash .ci/frontend.sh

demo: frontend ## run the portal with invented data on http://127.0.0.1:8000 (PORT=… overrides)
	@exec .venv/bin/python .ci/demo.py serve

demo-reset: frontend ## throw the demo's data away and load it anew
	@.venv/bin/python .ci/demo.py reset

test: install frontend ## run everything there is to test, on PostgreSQL, SQLite and in Chromium
	@exec .venv/bin/python -m tests.run

lint: install ## check style, types, templates, the floor plan and the lock files
	@bash .ci/lint.sh

format: install ## put the code into the agreed style
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

bench: install frontend ## measure speed and memory against the agreed budgets
	@exec .venv/bin/python -m tests.bench

clean: ## remove what can be made again (keeps the demo's data in var/)
	@rm -rf .venv node_modules static/build var/static test-results build .pytest_cache .ruff_cache .mypy_cache \
	  .import_linter_cache .hypothesis htmlcov .coverage*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

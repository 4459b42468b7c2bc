# Two commands: `make up` does the main job on the lab, `make test` proves the project. The rest is one command each,
# printed as it runs.
STACK ?= dev
PYTHON ?= python3
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

LINKPROOF := .venv/bin/linkproof
# The engine starts Python for every operation: byte code saves it seconds each time.
unexport PYTHONDONTWRITEBYTECODE

SETUP := .venv/.complete

help:
	@echo "make up        set up, start the lab, pulumi up on stack $(STACK), verify, show what exists"
	@echo "make test      all tests, lint and type checks"
	@echo "make preview   what pulumi up would change         STACK=$(STACK)"
	@echo "make verify    prove from outside                  STACK=$(STACK)"
	@echo "make drift     code = state = cloud = the world?   STACK=$(STACK)"
	@echo "make down      destroy a lab stack, stop the lab   STACK=$(STACK)"
	@echo "make bench     measure                             make clean   remove what was set up"

$(SETUP): requirements.txt pyproject.toml tools/setup.sh
	@tools/setup.sh $(PYTHON)

setup: $(SETUP)
	@tools/pulumi/build.sh >/dev/null

up: setup
	@tools/up.sh $(STACK)

preview: setup
	@tools/run.sh $(STACK) "PULUMI_SKIP_CHECKPOINTS=true pulumi preview -s $(STACK) --diff --suppress-outputs"

verify: setup
	@tools/run.sh $(STACK) "linkproof expectations $(STACK)" "linkproof verify $(STACK)"

drift: setup
	@tools/run.sh $(STACK) "linkproof drift $(STACK)"

down: setup
	@tools/down.sh $(STACK)

test: setup
	@tools/test.sh

bench: setup
	@.venv/bin/python bench/run.py

lock:
	@tools/lock.sh

clean:
	@if [ -x $(LINKPROOF) ]; then $(LINKPROOF) lab down || true; fi
	rm -rf .venv .cache .linkproof .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

.PHONY: help setup up preview verify drift down test bench lock clean

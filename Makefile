# Every target sets up what it needs. Prerequisites: Linux or macOS, make, Python 3.11 or later with venv.

.DEFAULT_GOAL := help
.PHONY: help demo test check chaos bench drill upgrade golden lock images up down chart test-containers rules clean
# A search path of the caller's must not leak into the environment made here.
unexport PYTHONPATH PYTHONHOME

PYTHON ?= python3
UV ?= uv
# Much of the time tests wait for servers, so two at once pay off on two cores already. A NATS server that is given
# (INTERPARES_TEST_NATS_URL) is one for all, and the streams of two tests would meet on it.
WORKERS ?= $(if $(INTERPARES_TEST_NATS_URL),0,2)
# Of the chaos trial; := so that a variable of the caller's shell with this name does not count.
SECONDS := 60
# Of the images: what they stand on, and how they are named.
BASE ?= python:3.13-slim
IMAGES := programme registration console
REGISTRY ?= interpares
VERSION := 0.1.0
DOCKER ?= docker
# The installation of make up, with its secrets and contexts.
COMPOSE = INTERPARES_BASE=$(BASE) $(DOCKER) compose --env-file .interpares/compose/env
ENGINE = $(DOCKER) info >/dev/null 2>&1 || { echo "make $@ needs a running container engine; $(DOCKER) info fails" >&2; exit 1; }
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := libs/common services/programme services/registration services/console
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# The lists are whole, so nothing is resolved: pip would take a newer release for an extra (coverage[toml]) and refuse it.
# What each image carries, and what builds its packages; every version is the one of runtime.txt.
LISTS := programme registration console build
LOCKED := install --require-hashes --no-deps -r
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

help: ## show this help
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## run a programme on real servers; ONCE=1 ends with a summary, STORY=name picks a story
	@$(BIN)/interpares demo $(if $(filter 1,$(ONCE)),--once) $(if $(STORY),--story $(STORY))

test: $(DEV) ## run all tests; ARGS="-k word" or ARGS=path runs some, without the coverage gate
	@$(BIN)/pytest $(if $(ARGS),$(ARGS),--cov --numprocesses $(WORKERS) --dist worksteal)

check: $(DEV) ## formatting, lint, types, layers, generated files
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m interpares.console.generated --check
	$(BIN)/python deploy/helm/generate.py --check

chaos: $(RUNTIME) ## kill, cut and delay everything under load, then compare; SECONDS=60, SEED=n to choose alike again
	@$(BIN)/python -m chaos --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

bench: $(RUNTIME) ## measure against the limits of the parts; SUITE=append measures that only, QUICK=1 only tries it out
	@$(BIN)/python -m bench $(if $(SUITE),--suite $(SUITE)) $(if $(filter 1,$(QUICK)),--quick)

drill: $(RUNTIME) ## lose PostgreSQL and NATS, restore, put one service back alone; tells what was lost and how long it took
	@$(BIN)/python -m drill

upgrade: $(DEV) ## upgrade under load, there and back: to what might follow, or FROM=v0.1.0 (any commit) to what is here
	@set -e; export INTERPARES_TEST_STRETCH=150; $(if $(FROM),earlier=$$(mktemp -d); trap 'rm -rf "$$earlier"' EXIT; git archive "$(FROM)" | tar -x -C "$$earlier"; \
	  INTERPARES_TEST_EARLIER="$$earlier") $(BIN)/pytest -q -s tests/integration/test_upgrade.py

golden: $(DEV) ## add what the golden corpus and the generated files lack; never changes what is there
	@INTERPARES_GOLDEN_ADD=1 $(BIN)/pytest -q -k golden
	$(BIN)/python -m interpares.console.generated
	$(BIN)/python deploy/helm/generate.py

lock: ## pin requirements/*.in with hashes (needs uv); UPGRADE=1 takes the newest versions
	@command -v $(UV) >/dev/null || { echo "make lock needs uv; install it, or name it: make lock UV=path" >&2; exit 1; }
	cd requirements && $(COMPILE) $(if $(filter 1,$(UPGRADE)),--upgrade) runtime.in -o runtime.txt
	cd requirements && for list in $(LISTS); do $(COMPILE) -c runtime.txt $$list.in -o $$list.txt || exit 1; done
	cd requirements && $(COMPILE) $(if $(filter 1,$(UPGRADE)),--upgrade) dev.in -o dev.txt

images: ## build an image per service and the console's; BASE=image stands below, REGISTRY=name before; SBOMs go to dist/
	@$(ENGINE)
	@mkdir -p dist
	@for service in $(IMAGES); do \
	  image=$(REGISTRY)/$$service:$(VERSION); \
	  DOCKER_BUILDKIT=1 $(DOCKER) build --quiet --file deploy/images/Dockerfile --build-arg BASE=$(BASE) --build-arg SERVICE=$$service \
	    --build-arg VERSION=$(VERSION) --build-arg REVISION=$$(git rev-parse HEAD 2>/dev/null || echo unknown) --tag $$image . >/dev/null \
	  && $(DOCKER) run --rm --network none --entrypoint cat $$image /opt/interpares/share/interpares/sbom.cdx.json >dist/$$service.cdx.json \
	  && echo "$$image, SBOM in dist/$$service.cdx.json" || exit 1; \
	done

up: $(RUNTIME) ## run everything with docker compose and a development issuer, NOT FOR PRODUCTION; PULL=never, BASE=image
	@$(ENGINE)
	@$(BIN)/interpares compose --demo
	@$(COMPOSE) up --build $(if $(PULL),--pull $(PULL)) --wait
	@echo "Up. Tell the story on it: $(BIN)/interpares demo --at compose --once; look around: $(BIN)/interpares contexts"

down: ## stop what make up started; VOLUMES=1 deletes what it stored, and its secrets
	@$(ENGINE)
	@test -e .interpares/compose/env || { echo "nothing was started here with make up" >&2; exit 1; }
	@$(COMPOSE) down $(if $(filter 1,$(VOLUMES)),--volumes)
	@$(if $(filter 1,$(VOLUMES)),rm -rf .interpares/compose)

chart: $(DEV) ## lint the chart, render it for each set of values, compare what it says with what the services read
	@$(BIN)/pytest -q tests/deploy/chart

test-containers: $(DEV) ## build the images; test them, docker compose, and the suite on servers in containers; PULL=never ARGS=…
	@$(ENGINE)
	@$(MAKE) --no-print-directory images
	@INTERPARES_TEST_CONTAINERS=1 $(BIN)/pytest -o faulthandler_timeout=3600 $(if $(ARGS),$(ARGS),tests/containers)

rules: $(DEV) ## check and unit-test the alerts (needs promtool, in Debian's package prometheus)
	@command -v promtool >/dev/null || { echo "make rules needs promtool; install the package prometheus" >&2; exit 1; }
	@$(BIN)/pytest -q tests/deploy/test_rules.py

clean: ## remove the environment, caches and reports
	rm -rf $(VENV) .interpares .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements/runtime.txt $(PACKAGES:=/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	  "Python 3.11 or later is needed and $(PYTHON) is none; name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo \
	  "$(PYTHON) can't make a virtual environment; on Debian and Ubuntu install python3-venv" >&2; exit 1; }
	@echo "Installing what the services need into $(VENV) …"
	@$(PIP) $(LOCKED) requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation $(addprefix -e ,$(PACKAGES))
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo "Installing what tests and checks need into $(VENV) …"
	@$(PIP) $(LOCKED) requirements/dev.txt
	@touch $@

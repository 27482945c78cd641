# The project's verbs. `make run` and `make test` are all that a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := $(VENV)/.peers
DEPLOY := $(VENV)/deploy
OVERLAYS := local staging production
IMAGES := frontend backend scheduler market ai-pod
# Where images are built to, and by what: `make images REGISTRY=… TAG=1.2.3 ENGINE=podman`.
REGISTRY ?= local
TAG ?= dev
ENGINE ?= docker
WEB_STAMP := frontend/node_modules/.installed
WEB_DIST := frontend/dist/index.html
WEB_SOURCES := $(shell find frontend/src frontend/build frontend/public -type f 2>/dev/null) \
	frontend/index.html frontend/package.json frontend/vite.config.ts
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help install run test check bench browser openapi lock manifests images clean

help:  ## list the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP) $(WEB_DIST)  ## install what is missing and build the web client

run: install  ## start the demo: local cluster, recorded market, accelerated clock
	@SHIFTDESK_SUPERVISED=1 exec $(BIN)/shiftdesk up --demo

test: install  ## run the whole suite
	@$(BIN)/python -m tests.suite

check: install  ## lint, types, import rules, web client
	$(BIN)/ruff format --check . && $(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd frontend && npm run --silent check

bench: install $(PEERS)  ## run a benchmark: make bench NAME=live
	@$(BIN)/shiftdesk bench $(NAME)

browser: install  ## drive the page in headless Chromium; screenshots go to artifacts/browser
	@$(BIN)/python -m pytest tests/browser

openapi: install  ## write the API's description and the web client's types again
	$(BIN)/python -m backend.openapi > frontend/src/api/openapi.json
	cd frontend && npm run --silent types

lock:  ## resolve the lock files again
	sh requirements/lock.sh

manifests: install $(DEPLOY)/.installed  ## render Kubernetes' objects to artifacts/manifests, and check them
	@mkdir -p artifacts/manifests
	@for overlay in $(OVERLAYS); do kubectl kustomize k8s/overlays/$$overlay > artifacts/manifests/$$overlay.yaml || exit 1; done
	@$(BIN)/python -m pytest tests/deploy/kubernetes -m "slow or not slow"

images: $(IMAGES:%=image-%)  ## build the images: make images REGISTRY=… TAG=…

image-%:
	$(ENGINE) build --file $(subst -,_,$*)/Dockerfile --tag $(REGISTRY)/shiftdesk/$*:$(TAG) \
	  $(if $(TORCH_INDEX),--build-arg TORCH_INDEX=$(TORCH_INDEX)) .

clean:  ## end the local cluster and remove what was built (keeps .shiftdesk)
	-$(BIN)/shiftdesk down
	rm -rf $(VENV) frontend/node_modules frontend/dist

$(STAMP): requirements/dev.lock requirements/install.sh pyproject.toml
	@PYTHON=$(PYTHON) VENV=$(VENV) sh requirements/install.sh
	@touch $@

$(PEERS): requirements/bench.lock | $(STAMP)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps --only-binary :all: -r $<
	@touch $@

# An environment of its own: scanners pin what nobody else can use.
$(DEPLOY)/.installed: requirements/deploy.lock | $(STAMP)
	@$(BIN)/uv venv --quiet --clear $(DEPLOY)
	@$(BIN)/uv pip install --quiet --python $(DEPLOY)/bin/python --require-hashes --no-deps --only-binary :all: -r $<
	@touch $@

$(WEB_STAMP): frontend/package-lock.json | $(STAMP)
	@cd frontend && npm ci --no-audit --no-fund
	@touch $@

$(WEB_DIST): $(WEB_STAMP) $(WEB_SOURCES)
	@echo 'shiftdesk: building the web client'
	@cd frontend && npm run --silent build -- --logLevel warn

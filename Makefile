# Everything that can be done here has a target of its own; `make help` lists them.

# The go command: another one is first in PATH as well, for scripts, tests and tools that call it.
GO := go
ifneq ($(GO),go)
export PATH := $(or $(shell '$(GO)' env GOROOT),$(error $(GO) is no go command))/bin:$(PATH)
endif

# Version and commit of this tree, asked once and only when something is built. The go command would ask git by itself,
# and fail where git refuses (a checkout of another user), so it is told not to.
KIT        = $(eval KIT := $(shell .ci/version))$(KIT)
LDFLAGS    = -s -w -X main.version=$(word 1,$(KIT)) -X main.commit=$(word 2,$(KIT))
BUILD      = CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)'
TOOLS     := build/tools
# On it the kit begins with a look at how many threads it may start, since Go's runtime could end with a trace for want of them.
ENTRY     := linux/amd64
BINARY    ?= bin/loopmatrix
SMOKE_BOX := build/vagrant/debian-smoke.box

# Every platform that the kit is built for (dragonfly and illumos have no arm64; NetBSD is still at home on i386).
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64 \
             freebsd/amd64 freebsd/arm64 openbsd/amd64 openbsd/arm64 netbsd/amd64 netbsd/arm64 netbsd/386 dragonfly/amd64 \
             illumos/amd64

# The largest binary that is still quick to copy to a target over a slow line.
MAX_BINARY_MB := 28

GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT    := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
GORELEASER    := github.com/goreleaser/goreleaser/v2@v2.17.0
SYFT          := github.com/anchore/syft/cmd/syft@v1.57.0

.DEFAULT_GOAL := help

need-go:
	@.ci/go

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: need-go ## write bin/loopmatrix
	@$(BUILD) $(if $(filter $(ENTRY),$(shell go env GOOS)/$(shell go env GOARCH)),-ldflags '$(LDFLAGS) -E main.firstInstruction') -o '$(BINARY)' ./runner/loopmatrix

netstack: need-go ## test and build bin/netstack: gVisor's network stack for run --target stack:bin/netstack
	cd runner/netstack && CGO_ENABLED=0 go test . && CGO_ENABLED=0 go build -trimpath -buildvcs=false -o ../../bin/netstack .

matrix: build ## measure this machine and show its column beside the published ones
	@bin/loopmatrix matrix

test: need-go ## all tests that this machine can run; says at the end what it could not run and why
	@.ci/test

# A program with the race detector sleeps a second before it ends, to hear of late races; the tests start hundreds.
race: need-go ## the same tests with the race detector (needs cgo)
	@GORACE=atexit_sleep_ms=50 .ci/test -race

wine-test: need-go ## all tests of the kit for Windows, under the Wine of `make wine`, in a checkout with core.autocrlf=true
	@.ci/wine-test

cover: need-go ## coverage of the pure packages, at least 90 %
	@.ci/cover

fuzz: need-go ## fuzz the report parser for a minute
	go test -run '^$$' -fuzz FuzzDecode -fuzztime 60s -fuzzminimizetime 20x ./reports/model

lint: need-go ## vet for every system, golangci-lint, actionlint, shellcheck
	@.ci/lint

lint-tools: need-go $(TOOLS)/golangci-lint $(TOOLS)/actionlint

$(TOOLS)/golangci-lint:
	GOBIN="$(CURDIR)/$(TOOLS)" go install $(GOLANGCI_LINT)

$(TOOLS)/actionlint:
	GOBIN="$(CURDIR)/$(TOOLS)" go install $(ACTIONLINT)

cross: need-go ## build for every platform, each as small as MAX_BINARY_MB says
	@PLATFORMS='$(PLATFORMS)' MAX_MB=$(MAX_BINARY_MB) LDFLAGS='$(LDFLAGS)' ENTRY='$(ENTRY)' .ci/cross

size: need-go ## what the bytes of the binary are spent on, by module
	@.ci/size

documents: need-go ## the manual and the completions of four shells, in build/documents
	@rm -rf build/documents
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) go test ./runner/loopmatrix -count=1 -run '^TestDocuments$$' -documents "$(CURDIR)/build/documents"

bench: need-go ## benchmarks; they compare within one run and judge nothing (one writes 5 GB of reports)
	go test -run '^$$' -bench . -benchmem ./...

tables: need-go ## pack the published reports and write the tables that are made of them (CHECK=1 only says whether that was done)
ifdef CHECK
	go test ./reports/published -count=1 -run TestArchive -current
else
	go generate ./reports/published ./reports/readme
endif

generate: need-go ## write schemas, golden files and generated tables anew
	go generate ./...

vagrant-smoke: build $(SMOKE_BOX) ## run the kit in a Vagrant machine that is built and emulated here (root, Debian)
	@vagrant/smoke

vagrant-box: $(SMOKE_BOX)

$(SMOKE_BOX): vagrant/box/build vagrant/box/Vagrantfile
	vagrant/box/build $@

kernels: ## Debian's Linux 5.10 to 7.x in build/kernels, for --target kernel:build/kernels/VERSION (RELEASES=trixie: only 6.12)
	@runner/targets/kernels.sh build/kernels $(RELEASES)

runsc: need-go ## two releases of gVisor in build/runsc, for --target runsc:PATH
	@runner/targets/runsc.sh build/runsc

wine: ## Debian 13 with Wine 10 in build/wine, for --target wine:build/wine (root, debootstrap)
	@runner/targets/wine.sh build/wine

columns: ## measure every published column that a Debian machine can, and publish them (root; CHECK=1 only compares; CLAIMS=new adds what the reports lack)
	@$(if $(filter-out new,$(CLAIMS)),$(error CLAIMS is "new" or nothing))reports/columns $(if $(CHECK),--check,$(if $(CLAIMS),--new))

plan: ## the targets that hosted runners measure, as matrices for a workflow (ONLY=EXPRESSION: some of them; jq)
	@.github/scripts/plan "$${ONLY:-}"

measure: build ## measure this machine as its user and as root, as far as that takes no password, into build/measured
	@.github/scripts/measure bin/loopmatrix build/measured

newest: ## the id of the last run of conformance.yml, as table.yml takes it (GITHUB_REPOSITORY, GITHUB_TOKEN, BRANCH)
	@.github/scripts/newest conformance.yml "$${BRANCH:-main}"

previous: ## what the branch data of origin holds, in build/previous
	@.github/scripts/previous build/previous

combine: build ## the table of build/measured beside what was published, in build/public; fails if something got worse
	@.github/scripts/combine build/measured build/public

summary: ## what changed and the headline questions, as combine left them
	@cat build/public/summary.md 2>/dev/null || echo "There is no table: nothing was combined."

pages: ## whether GitHub Pages takes the page from workflows (GITHUB_REPOSITORY, GITHUB_TOKEN)
	@.github/scripts/pages

publish: ## build/public on the branch data of origin
	@.github/scripts/publish build/public

submission: build ## check the reports that a pull request (PULL=NUMBER) or a branch (HEAD=NAME) brings
	@.github/scripts/submission

release: release-tools ## publish the tag that is checked out: binaries, archives, packages, images, sums, SBOM
	PATH="$(CURDIR)/$(TOOLS):$$PATH" $(TOOLS)/goreleaser release --clean

release-check: release-tools ## the same without publishing, in dist/
	$(TOOLS)/goreleaser check
	PATH="$(CURDIR)/$(TOOLS):$$PATH" $(TOOLS)/goreleaser release --clean --snapshot

release-tools: need-go $(TOOLS)/goreleaser $(TOOLS)/syft

$(TOOLS)/goreleaser:
	GOBIN="$(CURDIR)/$(TOOLS)" go install $(GORELEASER)

$(TOOLS)/syft:
	GOBIN="$(CURDIR)/$(TOOLS)" go install $(SYFT)

renderings: need-go ## whether this tree makes the same of all published reports as the commit BASE does
	@.ci/renderings '$(or $(BASE),$(error say BASE=COMMIT))'

axe: ## the accessibility checker of the browser tests, in build/axe (npm)
	@reports/site/axe.sh build/axe

sentences: need-go ## whether the RFCs say what reports/sentences has them say, in Debian's texts of them (apt, jq; 450 MB)
	@reports/sentences/texts.sh build/rfc
	go test ./reports/sentences -count=1 -texts "$(CURDIR)/build/rfc"

ci: ## everything, after installing what a Debian machine lacks; a test that could not run counts as failed
	@.ci/all

nightly: ## what takes longer, once before an issue is closed: release, all columns, benchmarks (root, Debian)
	@.ci/nightly

clean: ## remove what was built
	rm -rf bin build dist

.PHONY: need-go help build netstack matrix test race wine-test cover fuzz lint lint-tools cross size documents bench tables generate vagrant-smoke vagrant-box kernels runsc wine axe columns sentences renderings plan measure newest previous combine summary pages publish submission release release-check release-tools ci nightly clean

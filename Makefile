# SPDX-License-Identifier: BSD-2-Clause
#
# mailprobe. `make help` lists the targets. Everything that is made goes to build/; build/bin has the
# programs. STATIC=1 builds statically, SAN=address,undefined with sanitizers; each has a folder of its own.

VERSION = 0.1.0

CC ?= cc
CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla
# Warnings are errors where there is a repository, that is, in development; never in a release tarball.
ifneq ($(wildcard .git),)
WARNINGS += -Werror
endif
HARDENING = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
LINK_HARDENING = -pie -Wl,-z,relro
prefix ?= /usr/local
bindir ?= $(prefix)/bin
plugindir ?= $(prefix)/lib/nagios/plugins
unitdir ?= $(prefix)/lib/systemd/system
mandir ?= $(prefix)/share/man
datadir ?= $(prefix)/share/mailprobe

BUILD = build
# Half of a plain check's time is the dynamic linker's. In this order it looks into the fewest libraries for
# each symbol. libidn, which only passwords that are not ASCII need, comes from its archive: LIBIDN=-lidn for
# the shared one, at 0.07 ms a start.
LIBIDN = -l:libidn.a
LIBCARES = -l:libcares.a
LIBS = -lcrypto -lc -lssl $(LIBCARES) $(LIBIDN)
# What keeps a ledger links this besides, and nothing else does: it is 0.2 ms of a start.
LEDGER_LIBS = -lsqlite3
ifdef STATIC
BUILD = build/static
LEDGER_LIBS = -lsqlite3 -lm
LIBS = -lssl -lcrypto $(LIBCARES) $(LIBIDN)
# Not position-independent: relocating itself costs a static check a third of its start.
HARDENING = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fno-pie
LINK_HARDENING = -static -no-pie -Wl,-z,relro
# What would load a library when it is first needed has to say that it cannot.
DEFINES = -DSTATIC
endif
ifdef SAN
BUILD = build/san-$(subst $(comma),-,$(SAN))
HARDENING = -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=undefined
LINK_HARDENING = -fsanitize=$(SAN)
LEAKS = $(if $(findstring address,$(SAN)),$(BUILD)/obj/tests/exporter/leaks.o)
endif
comma = ,

PLAIN_CFLAGS = -std=gnu11 $(WARNINGS) $(HARDENING) $(CPPFLAGS) $(CFLAGS)
ALL_CFLAGS = -D_GNU_SOURCE $(DEFINES) -DVERSION='"$(VERSION)"' -Icommon -Iprobes -Iplugins -Iexporter $(PLAIN_CFLAGS)
ALL_LDFLAGS = $(LINK_HARDENING) -Wl,--as-needed $(LDFLAGS)

KINDS := $(shell sed -n 's/^PROBE(\(.*\))$$/\1/p' probes/probes.def)
CHECKS = $(addprefix check_mail_,$(KINDS))
COMMON = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard common/*.c))
PROBES = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard probes/*.c))
LIBRARY = $(BUILD)/libmailprobe.a
# All of the exporter but its main, so that tests can have it.
EXPORTER_SOURCES = $(filter-out exporter/main.c,$(wildcard exporter/*.c))
EXPORTER = $(patsubst %.c,$(BUILD)/obj/%.o,$(EXPORTER_SOURCES))
EXPORTER_LIBS = -lmicrohttpd -lgnutls -lyaml -lz -lcrypt $(LEDGER_LIBS)
SANDBOX = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/sandbox/*.c))
PLAYER = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/player/*.c))
UNITS = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
PROGRAMS = $(addprefix $(BUILD)/bin/,$(CHECKS))
# GnuTLS, and so the exporter, cannot be linked statically.
ifndef STATIC
SERVICE = $(BUILD)/bin/mailprobe-exporter
endif

# V=1 shows the commands.
Q = $(if $(V),,@)
SAY = @$(if $(V),:,echo)

.PHONY: all
all: $(PROGRAMS) $(SERVICE) ## build the programs into build/bin (STATIC=1, SAN=address,undefined, V=1)

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(SAY) "  CC    $<"
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The sandbox and the player share no code with what they test, header files included.
$(SANDBOX) $(PLAYER): ALL_CFLAGS = $(PLAIN_CFLAGS)

# An archive, so that each program has what it uses and nothing else: what it has must be relocated at its start.
$(LIBRARY): $(PROBES) $(COMMON)
	$(SAY) "  AR    $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

link = $(SAY) "  LINK  $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^

$(BUILD)/bin/check_mail_roundtrip: LIBS := $(LEDGER_LIBS) $(LIBS)

$(PROGRAMS): $(BUILD)/bin/%: $(BUILD)/obj/plugins/%.o $(BUILD)/obj/plugins/plugin.o $(LIBRARY)
	@mkdir -p $(@D)
	$(link) $(LIBS)

# What the page consists of is part of the program.
$(BUILD)/obj/exporter/assets.o: $(wildcard exporter/page/*)

$(BUILD)/bin/mailprobe-exporter: $(BUILD)/obj/exporter/main.o $(LEAKS) $(BUILD)/libexporter.a $(LIBRARY)
	@mkdir -p $(@D)
	$(link) $(EXPORTER_LIBS) $(LIBS)

$(BUILD)/bin/mailprobe-sandbox: $(SANDBOX)
	@mkdir -p $(@D)
	$(link) -lssl -lcrypto

$(BUILD)/tests/player: $(PLAYER)
	@mkdir -p $(@D)
	$(link) -lssl -lcrypto

$(BUILD)/tests/golden: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/golden/*.c)) $(LIBRARY)
	@mkdir -p $(@D)
	$(link) $(LIBS)

$(BUILD)/tests/dns_ask: $(BUILD)/obj/tests/live/dns_ask.o $(LIBRARY)
	@mkdir -p $(@D)
	$(link) $(LIBS)

$(UNITS): $(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(link) $(LIBS) -lcmocka -lm

# Those of the exporter's parts.
UNITS_OF_EXPORTER = $(addprefix $(BUILD)/tests/test_,allowed gate pool tree web)
$(UNITS_OF_EXPORTER): $(BUILD)/libexporter.a
$(UNITS_OF_EXPORTER): LIBS := $(BUILD)/libexporter.a $(LIBRARY) $(EXPORTER_LIBS) $(LIBS)

$(addprefix $(BUILD)/tests/test_,ledger ledger_faults ledger_files ledger_kills): LIBS := $(LEDGER_LIBS) $(LIBS)

$(BUILD)/libexporter.a: $(EXPORTER)
	$(SAY) "  AR    $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/gen/generate: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard docs/*.c)) $(BUILD)/libexporter.a $(LIBRARY)
	@mkdir -p $(@D)
	$(link) -lyaml $(LEDGER_LIBS) $(LIBS)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# Packages of Debian, installed when they are missing; by sudo only for those who are not root.
BUILD_PACKAGES = gcc libc6-dev libssl-dev libc-ares-dev libidn-dev libunbound-dev libcurl4-openssl-dev \
	libmicrohttpd-dev libgnutls28-dev libyaml-dev zlib1g-dev libcrypt-dev libsqlite3-dev
CHECK_PACKAGES = libcmocka-dev python3 openssl binutils git man-db groff curl systemd \
	python3-selenium chromium chromium-driver fonts-dejavu-core
DEMO_PACKAGES = curl
BENCH_PACKAGES = python3 openssl strace curl swaks libnet-ssleay-perl monitoring-plugins-basic zlib1g-dev \
	monitoring-plugins-contrib libmail-imapclient-perl libio-socket-ssl-perl libnet-smtp-tls-perl
# Where tests/live/fetch unpacks what is not installed.
ROOTS = build/live/root
FUZZ_PACKAGES = clang libclang-rt-14-dev python3 openssl

install_packages = @for p in $(1); do dpkg-query -W -f '$${db:Status-Status}\n' $$p 2>/dev/null \
		| grep -qx installed || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
		echo "installing:$$missing"; \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		export DEBIAN_FRONTEND=noninteractive; \
		$$sudo apt-get -qq update && $$sudo apt-get -qq -y --no-install-recommends install $$missing >/dev/null; \
	fi

.PHONY: deps check-deps
deps: ## install what building needs (Debian)
	$(call install_packages,$(BUILD_PACKAGES))

check-deps: deps
	$(call install_packages,$(CHECK_PACKAGES))
	@tests/live/fetch

.PHONY: demo
demo: deps ## build, start a sandbox mail server, run the checks and the exporter against it (DEMO=stay: for a look)
	$(call install_packages,$(DEMO_PACKAGES))
	@$(MAKE) --no-print-directory all $(BUILD)/bin/mailprobe-sandbox
	@tests/live/fetch $(dir $(ROOTS)) prometheus
	@tests/sandbox/demo $(BUILD)/bin $(ROOTS)/prometheus/usr/bin/promtool

.PHONY: programs-for-tests
programs-for-tests: all $(BUILD)/tests/golden $(UNITS)

# Preloaded into what is tested, whatever that was compiled with: never sanitized itself.
build/tests/fail.so: tests/torture/fail.c tests/torture/own.h
	@mkdir -p $(@D)
	$(SAY) "  LINK  $@"
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) -shared -fPIC -o $@ $<

build/tests/measure: bench/measure.c
	@mkdir -p $(@D)
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(WARNINGS) $(CFLAGS) -static -o $@ $<

.PHONY: tools-for-tests
tools-for-tests: build/bin/mailprobe-sandbox build/tests/player build/tests/fail.so build/tests/measure build/gen/generate \
	build/tests/dns_ask

# With a sanitizer or STATIC=1 what is compiled is tested; without, everything, and the session scripts
# again with the sanitizers and with the static build, the exporter with that for threads as well.
.PHONY: check
check: check-deps ## install what the tests need, and run them all (SAN=, STATIC=1: with that build only)
ifneq ($(SAN)$(STATIC),)
	@$(MAKE) --no-print-directory programs-for-tests
	@$(MAKE) --no-print-directory SAN= STATIC= all tools-for-tests
	@tests/run $(BUILD) unit golden sessions oauth delivery $(if $(SERVICE),exporter)
else
	@$(MAKE) --no-print-directory programs-for-tests tools-for-tests
	@$(MAKE) --no-print-directory SAN=address,undefined programs-for-tests
	@$(MAKE) --no-print-directory SAN=thread programs-for-tests
	@$(MAKE) --no-print-directory STATIC=1 all
	@tests/run build/san-address-undefined unit golden sessions oauth torture delivery exporter \
		+ build/san-thread unit exporter \
		+ build/static sessions oauth \
		+ build lint layers documents rules units unit golden hardening player sandbox demo sessions oauth roundtrips \
			delivery memory exporter page live
endif

.PHONY: torture fuzz
torture: check-deps ## every session again, failing each allocation, read and write in turn (hours; check has a selection)
	@$(MAKE) --no-print-directory tools-for-tests
	@$(MAKE) --no-print-directory SAN=address,undefined all
	@tests/torture/run --bin=build/san-address-undefined/bin --player=build/tests/player --fail=build/tests/fail.so --all

COUNT = 10000
.PHONY: soak
soak: deps ## round trips by the thousand through the sandbox, killed again and again: the books must balance (COUNT=10000)
	$(call install_packages,python3 openssl)
	@$(MAKE) --no-print-directory all $(BUILD)/bin/mailprobe-sandbox
	@tests/soak/run --build=$(BUILD) --count=$(COUNT)

SECONDS = 60
fuzz: deps ## every parser and whole sessions under libFuzzer (SECONDS=60 in all)
	$(call install_packages,$(FUZZ_PACKAGES))
	@tests/fuzz/run $(SECONDS)

.PHONY: lint layers
lint: all ## the rules of the house that a machine can check
	@tests/lint $(BUILD)/obj

layers: ## fail on an include that points up
	@tests/layers | grep -v '^ok' || true
	@tests/layers >/dev/null

.PHONY: bench
bench: deps ## measure the checks against their peers and the floor, side by side (as root: at Dovecot too)
	$(call install_packages,$(BENCH_PACKAGES))
	@$(MAKE) --no-print-directory all $(BUILD)/bin/mailprobe-sandbox
	@$(MAKE) --no-print-directory STATIC=1 all
	@bench/run
	@bench/roundtrip
	@bench/accuracy
	@tests/live/fetch
	@bench/exporter --blackbox=$(CURDIR)/$(ROOTS)/prometheus/usr/bin/prometheus-blackbox-exporter

.PHONY: docs
docs: $(BUILD)/gen/generate ## make manual pages and command definitions anew from the option tables
	$(BUILD)/gen/generate . $(VERSION)

.PHONY: install
install: all ## install programs, manual pages, units, definitions (DESTDIR, prefix, bindir, plugindir, unitdir, mandir, datadir)
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(plugindir) $(DESTDIR)$(unitdir) $(DESTDIR)$(mandir)/man5 \
		$(DESTDIR)$(mandir)/man8 $(addprefix $(DESTDIR)$(datadir)/,nagios icinga2 prometheus/rules)
	install $(PROGRAMS) $(DESTDIR)$(plugindir)
	$(if $(SERVICE),install $(SERVICE) $(DESTDIR)$(bindir))
	for unit in systemd/*; do sed 's|/usr/bin/mailprobe-exporter|$(bindir)/mailprobe-exporter|' $$unit \
		>$(DESTDIR)$(unitdir)/$${unit#*/}; done
	install -m 644 docs/man/*.8 $(DESTDIR)$(mandir)/man8
	install -m 644 docs/man/*.5 $(DESTDIR)$(mandir)/man5
	install -m 644 contrib/mailprobe.yml docs/metrics.md $(DESTDIR)$(datadir)
	install -m 644 contrib/prometheus/*.yml $(DESTDIR)$(datadir)/prometheus
	install -m 644 contrib/prometheus/rules/*.yml $(DESTDIR)$(datadir)/prometheus/rules
	install -m 644 plugins/nagios/*.cfg $(DESTDIR)$(datadir)/nagios
	install -m 644 plugins/icinga2/*.conf $(DESTDIR)$(datadir)/icinga2

.PHONY: clean help
clean: ## remove everything that was made
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

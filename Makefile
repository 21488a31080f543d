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
plugindir ?= $(prefix)/lib/nagios/plugins
mandir ?= $(prefix)/share/man

BUILD = build
LIBS = -lssl -lcrypto -lcares -lidn
ifdef STATIC
BUILD = build/static
LINK_HARDENING = -static-pie -Wl,-z,relro
HARDENING += -static-pie
endif
ifdef SAN
BUILD = build/san-$(subst $(comma),-,$(SAN))
HARDENING = -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=undefined
LINK_HARDENING = -fsanitize=$(SAN)
endif
comma = ,

PLAIN_CFLAGS = -std=gnu11 $(WARNINGS) $(HARDENING) $(CPPFLAGS) $(CFLAGS)
ALL_CFLAGS = -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Icommon -Iprobes -Iplugins $(PLAIN_CFLAGS)
ALL_LDFLAGS = $(LINK_HARDENING) -Wl,--as-needed $(LDFLAGS)

CHECKS = check_mail_smtp
COMMON = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard common/*.c))
PROBES = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard probes/*.c))
SANDBOX = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/sandbox/*.c))
PLAYER = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/player/*.c))
UNITS = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
PROGRAMS = $(addprefix $(BUILD)/bin/,$(CHECKS))

# V=1 shows the commands.
Q = $(if $(V),,@)
SAY = @$(if $(V),:,echo)

.PHONY: all
all: $(PROGRAMS)

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(SAY) "  CC    $<"
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The sandbox and the player share no code with what they test, header files included.
$(SANDBOX) $(PLAYER): ALL_CFLAGS = $(PLAIN_CFLAGS)

$(PROGRAMS): $(BUILD)/bin/%: $(BUILD)/obj/plugins/%.o $(BUILD)/obj/plugins/plugin.o $(PROBES) $(COMMON)
	@mkdir -p $(@D)
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/bin/mailprobe-sandbox: $(SANDBOX)
	@mkdir -p $(@D)
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lssl -lcrypto

$(BUILD)/tests/player: $(PLAYER)
	@mkdir -p $(@D)
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lssl -lcrypto

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

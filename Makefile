# SPDX-License-Identifier: GPL-2.0
#
# pageflags-bench. 'make' builds build/pfbench; 'make help' lists the rest.

# no built-in rules: "%: %.o" would try to link the dependency files
MAKEFLAGS += -r

VERSION := 1.0
B := build

ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2
CXXFLAGS ?= -O2

# GNU directory variables
prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libexecdir ?= $(exec_prefix)/libexec
datarootdir ?= $(prefix)/share
datadir ?= $(datarootdir)
mandir ?= $(datarootdir)/man
pkgdatadir = $(datadir)/pageflags-bench
pkglibexecdir = $(libexecdir)/pageflags-bench
INSTALL ?= install

ARCH := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
# In the tarball of 'make dist', git has written the commit into the file.
COMMIT := $(shell grep -soE '^[0-9a-f]{12}' .commit || \
	git describe --always --dirty --abbrev=12 2>/dev/null || echo "n/a (no git)")

# The kernel's optimisation flags (Makefile and arch/*/Makefile, v6.12) that
# affect the code of an accessor. User space is linked at a fixed address, like
# the kernel. Only function entries are aligned: padding inside a function would
# execute nops.
KERNEL_CFLAGS_COMMON := -std=gnu11 -O2 -fno-strict-aliasing -fno-common \
	-fwrapv -fno-delete-null-pointer-checks -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fno-pie -fomit-frame-pointer \
	-falign-functions=64 -falign-loops=1 -falign-jumps=1
KERNEL_CFLAGS_x86_64 := -mno-red-zone -mgeneral-regs-only -fcf-protection=none
# the kernel patches in LSE atomics if the CPU has them
LSE_aarch64 := -march=armv8-a+lse
KERNEL_CFLAGS_aarch64 := -mgeneral-regs-only -mno-outline-atomics \
	$(if $(shell grep -sw atomics /proc/cpuinfo),$(LSE_aarch64))
# as in modules: without relaxation, the object has the final branches
KERNEL_CFLAGS_riscv64 := -mno-relax
KERNEL_CFLAGS_powerpc64le := -mno-altivec -mno-vsx -msoft-float
KERNEL_CFLAGS_s390x := -msoft-float -march=z196
# pfbench codegen compiles for all machines
MACHINES := x86_64 aarch64 riscv64 powerpc64le s390x
KERNEL_CFLAGS := $(KERNEL_CFLAGS_COMMON) $(KERNEL_CFLAGS_$(ARCH))

WARN := -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers
# option FLAG: the flag, if the compiler has it; clang has not
option = $(shell $(CC) -Werror $1 -E -x c /dev/null >/dev/null 2>&1 && echo $1)
INCLUDES := -Iinclude -Ibench -I$(B)
# PF_CATALOG_EXTERN: the driver fills in a slot of the catalog at run time
DEFINES := -D_GNU_SOURCE -DPF_CATALOG_EXTERN

# libperf of the system, else built from the kernel's source
ifneq ($(shell $(PKG_CONFIG) --exists libperf 2>/dev/null && echo yes),)
LIBPERF_CFLAGS := $(shell $(PKG_CONFIG) --cflags libperf)
LIBPERF_LIBS := $(shell $(PKG_CONFIG) --libs libperf)
else
LIBPERF := $(B)/libperf/stamp
LIBPERF_CFLAGS := -I$(B)/libperf/include
LIBPERF_LIBS := $(B)/libperf/lib/libperf.a $(B)/libperf/lib/libapi.a
endif

# Guests do not run pfbench census: their driver has no reader of debug
# information, and none of compressed files.
ifeq ($(WITHOUT_CENSUS),)
PKGS := hwloc jansson libdw libelf zlib
else
PKGS := hwloc jansson
DEFINES += -DPFBENCH_WITHOUT_CENSUS
CENSUS_LEFT_OUT := $(wildcard bench/census/*.c) bench/cmd/census.c \
	$(addprefix bench/,$(addsuffix .c,cmd/workload_map cmd/workload_run \
	workload/lookups workload/result workload/sampled \
	workload/sequence_file))
endif
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null) $(LIBPERF_CFLAGS)
LIBS := $(LIBPERF_LIBS) -lpfm $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null) \
	-lm -lpthread -ldl

HASH := \#

# One object per generation, with the ids of the catalog
GENERATIONS := $(shell printf '%s\n' '$(HASH)include "pageflags/catalog.h"' \
	'$(HASH)define X(id, ...) @id' 'PF_REPLICAS(X)' | \
	$(CC) -E -P -Iinclude -x c - 2>/dev/null | tr ' ' '\n' | sed -n 's/^@//p')

LOOP_OBJECTS := $(GENERATIONS:%=$(B)/loops-%.o)
# All loops four times, at unlike offsets in a page: see the copies in
# bench/measure/loop_copies.h
LOOPS := $(patsubst %,$(B)/loops.copy%.o,0 1 2 3)
OBJCOPY := $(shell $(CC) -print-prog-name=objcopy)
USES := $(GENERATIONS:%=$(B)/uses-%.o)
# The rooms that pfbench and the tests share
ROOMS := lib data machine measure code census workload race report
LIB := $(patsubst bench/%.c,$(B)/%.o,$(filter-out $(CENSUS_LEFT_OUT), \
	$(wildcard $(ROOMS:%=bench/%/*.c))))
COMMANDS := $(patsubst bench/%.c,$(B)/%.o,$(filter-out \
	$(CENSUS_LEFT_OUT),$(wildcard bench/cmd/*.c)))
GBENCH := $(patsubst bench/%.cc,$(B)/%.o,$(wildcard bench/gbench/*.cc))
UNDER_TEST := $(patsubst %,$(B)/target/%.o,race_lookups \
	race_lookups_delayed retry_loops)
OBJDIRS := $(addprefix $(B)/,$(ROOMS) cmd gbench target)

CTESTS := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/*_test.c))
CTESTS += $(B)/tests/fuzz-replay
# Tests that need guests, root, the network or the guests' root, or take
# minutes; the other tests need user space only.
GUEST_TESTS := $(wildcard tests/kmod-*.t) $(addprefix tests/,arches.t \
	census-big.t census-counts.t code-size.t codegen-files.t \
	compare-kernels-guests.t count.t \
	guest.t lab-guest.t lab-ssh.t lab-slurm.t model.t race.t verify.t \
	workload-guests.t workload-perf-guests.t)
# The page of pfbench html in Chromium
HTML_TESTS := tests/html-chromium.t
# Tests of scripts/check-debug, in kernels that it builds
DEBUG_TESTS := $(wildcard tests/debug-*.t)
USER_TESTS := $(filter-out $(GUEST_TESTS) $(DEBUG_TESTS) $(HTML_TESTS), \
	$(wildcard tests/*.t))
JOBS := $(shell nproc)

# Programs that tests run in guests, static: the initramfs lacks their libraries
GUESTTESTS := $(patsubst tests/guest/%.c,$(B)/tests/guest-%, \
	$(wildcard tests/guest/*.c))
ifneq ($(ARCH),x86_64)
GUESTTESTS := $(filter-out %-compat32,$(GUESTTESTS))
endif

.PHONY: all uses workloads plugin counted code-size run run-kmod kmod install-dkms guests guest-tests \
	arches accept-counts check check-guests check-debug check-html bench-precision \
	install uninstall dist deb check-dist clean help shellcheck check-fresh \
	verify fuzz mutants FORCE
.DELETE_ON_ERROR:

# the loops first: they take longest to compile
all: $(LOOP_OBJECTS) $(B)/pfbench $(B)/pfbench-gbench

$(B)/pfbench: $(COMMANDS) $(LIB) $(UNDER_TEST) $(LOOPS)
	$(CC) -no-pie $(LDFLAGS) -o $@ $^ $(LIBS)

# A program of its own, for its licence: see docs/licence.md
$(B)/pfbench-gbench: $(GBENCH)
	$(CXX) $(LDFLAGS) -o $@ $^ -lbenchmark -lpthread

# Files that are all macros: gcc need not know where each token is from.
STAMP_FLAGS := -Wno-sign-compare -Iinclude \
	$(call option,-ftrack-macro-expansion=0)

$(B)/loops-%.o: bench/target/loops.c Makefile | $(B)
	$(CC) $(KERNEL_CFLAGS) $(WARN) $(STAMP_FLAGS) \
		-DPF_STAMP_GEN=$* -MMD -MP -c -o $@ $<

# Copy 0 keeps the names pf_loops_ID, the others have pf_loops_ID_1 and so on.
$(B)/loops.copy%.o: $(LOOP_OBJECTS)
	printf '%s\n' 'asm(".text\n\t.skip 64 + 1088 * $*");' | \
		$(CC) $(KERNEL_CFLAGS) -x c -c -o $@.pad -
	$(CC) -nostdlib -r -o $@.all $@.pad $^
	$(OBJCOPY) --set-section-alignment .text=4096 $(if $(filter-out 0,$*), \
		$(foreach g,$(GENERATIONS),--redefine-sym pf_loops_$(g)=pf_loops_$(g)_$*)) \
		$@.all $@
	rm -f $@.pad $@.all

$(B)/uses-%.o: bench/target/use_stubs.c Makefile | $(B)
	$(CC) $(KERNEL_CFLAGS) $(WARN) $(STAMP_FLAGS) \
		-DPF_STAMP_GEN=$* -MMD -MP -c -o $@ $<

# The race look-ups and the loops that count, with the kernel's flags
$(UNDER_TEST): $(B)/target/%.o: bench/target/%.c Makefile | $(OBJDIRS)
	$(CC) $(KERNEL_CFLAGS) $(WARN) -Wno-sign-compare -Iinclude -MMD -MP -c \
		-o $@ $<

# Reading and printing files need not be fast, and most of the sources do that.
ifeq ($(origin CFLAGS),file)
$(B)/cmd/%.o $(B)/report/%.o: CFLAGS := -O1
endif

$(B)/%.o: bench/%.c $(B)/build.h $(LIBPERF) Makefile | $(OBJDIRS)
	$(CC) -std=gnu11 -fno-pie $(CFLAGS) $(WARN) $(INCLUDES) $(DEFINES) \
		$(PKG_CFLAGS) -include $(B)/build.h -MMD -MP -c -o $@ $<

# The page, its style and its scripts are in the program.
$(B)/report/html_page.o $(B)/fuzz/report/html_page.o: $(wildcard bench/report/html/*) COPYING

$(GBENCH): $(B)/%.o: bench/%.cc Makefile | $(OBJDIRS)
	$(CXX) -std=gnu++17 $(CXXFLAGS) $(WARN) -Ibench -MMD -MP -c -o $@ $<

# version, commit, flags and directories, rewritten only if they change
$(B)/build.h: FORCE | $(B)
	@printf '#define PFBENCH_%s "%s"\n' VERSION '$(VERSION)' \
		COMMIT '$(COMMIT)' CFLAGS '$(strip $(KERNEL_CFLAGS))' \
		DATADIR '$(pkgdatadir)/plots' LIBEXECDIR '$(pkglibexecdir)' \
		SRCDIR '$(pkgdatadir)/src' \
		KERNEL_CFLAGS '$(strip $(KERNEL_CFLAGS_COMMON))' \
		$(foreach m,$(MACHINES),KERNEL_CFLAGS_$m \
			'$(strip $(KERNEL_CFLAGS_$m) $(LSE_$m))') > $@.tmp
	@cmp -s $@.tmp $@ && rm $@.tmp || mv $@.tmp $@

$(B)/libperf/stamp:
	CC='$(CC)' scripts/build-libperf $(B)/libperf

$(B) $(B)/tests $(OBJDIRS):
	mkdir -p $@

# Tests: one program per tests/NAME_test.c, linked with everything except the
# main program and the commands.
$(B)/tests/%_test: tests/%_test.c $(LIB) $(UNDER_TEST) $(LOOPS) $(USES) | $(B)/tests
	$(CC) -std=gnu11 -fno-pie $(CFLAGS) $(WARN) $(INCLUDES) $(DEFINES) \
		$(PKG_CFLAGS) -MMD -MP -MT $@ -c -o $@.o $<
	$(CC) -no-pie $(LDFLAGS) -o $@ $@.o $(LIB) $(UNDER_TEST) $(LOOPS) \
		$(USES) $(LIBS) -lcmocka

# The commands on hostile files: each file of the corpora once, with the normal
# compiler, in make check; with libFuzzer and the sanitizers of clang in make fuzz.
FUZZ_SOURCES := tests/fuzz/targets.c tests/fuzz/main.c
FUZZ_FLAGS := -std=gnu11 -fno-pie $(WARN) $(INCLUDES) -Itests \
	$(DEFINES) $(PKG_CFLAGS) -include $(B)/build.h
FUZZ_SHARED := $(UNDER_TEST) $(LOOPS)

$(B)/tests/fuzz-replay: tests/fuzz/replay.c $(FUZZ_SOURCES) tests/fuzz/fuzz.h \
		$(COMMANDS) $(LIB) $(FUZZ_SHARED) | $(B)/tests
	$(CC) $(FUZZ_FLAGS) $(CFLAGS) $(LDFLAGS) -no-pie -o $@ \
		$(filter %.c,$^) \
		$(filter-out %/main.o,$(filter %.o,$^)) $(LIBS)

CLANG ?= clang
FUZZERS := result counts race code-table sequence elf
SANITIZE := address,undefined
FUZZ_OBJECTS := $(patsubst $(B)/%,$(B)/fuzz/%, \
	$(filter-out %/main.o,$(COMMANDS)) $(LIB))

$(B)/fuzz/%.o: bench/%.c $(B)/build.h $(LIBPERF) Makefile
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_FLAGS) -g -O1 -fsanitize=fuzzer-no-link,$(SANITIZE) \
		-MMD -MP -c -o $@ $<

$(B)/fuzz/fuzz: tests/fuzz/libfuzzer.c $(FUZZ_SOURCES) tests/fuzz/fuzz.h \
		$(FUZZ_OBJECTS) $(FUZZ_SHARED)
	$(CLANG) $(FUZZ_FLAGS) -g -O1 -fsanitize=fuzzer,$(SANITIZE) \
		-no-pie -o $@ \
		$(filter %.c %.o,$^) $(LIBS)

# One target after the other; FUZZ_TIME is in seconds.
FUZZ_TIME ?= 60

fuzz: $(FUZZERS:%=fuzz-%)
$(FUZZERS:%=fuzz-%): fuzz-%: $(B)/fuzz/fuzz
	scripts/fuzz -t $(FUZZ_TIME) $*

# N random changes of FILES, which tests should find; see scripts/mutants -h.
N ?= 60
SEED ?= 1
FILES ?= $(wildcard bench/census/*.c bench/data/*.c bench/report/*.c)

mutants: all
	scripts/mutants -n $(N) -s $(SEED) $(FILES)

# The module: built in a copy of its sources, one copy per kernel. Without BTF,
# the build needs no pahole.
KDIR ?= /lib/modules/$(shell uname -r)/build
KMOD ?= $(B)/kmod/$(notdir $(KDIR:%/build=%))/kmod

kmod:
	@test -e $(KDIR)/Makefile || { echo "make kmod: no $(KDIR): install the \
headers of this kernel (on Debian linux-headers-$$(uname -r)), or set KDIR to \
the headers of another kernel" | tr -s ' \t' ' ' >&2; exit 1; }
	@mkdir -p $(KMOD)
	@cp -pu kmod/*.[ch] kmod/Kbuild $(KMOD)
	@cp -Rpu include bench/target $(KMOD)/..
	$(MAKE) -C $(KDIR) M=$(abspath $(KMOD)) \
		PFBENCH_VERSION='$(VERSION)' PFBENCH_COMMIT='$(COMMIT)' \
		CONFIG_DEBUG_INFO_BTF_MODULES= $(KMAKE) modules

# Installs the sources for dkms: dkms install pageflags-bench/VERSION
DKMS := $(DESTDIR)/usr/src/pageflags-bench-$(VERSION)

install-dkms:
	$(INSTALL) -d $(DKMS)/kmod
	$(INSTALL) -m 644 kmod/*.[ch] kmod/Kbuild $(DKMS)/kmod
	cp -R include bench/target $(DKMS)
	sed -e 's|@VERSION@|$(VERSION)|' -e 's|@COMMIT@|$(COMMIT)|' kmod/dkms.conf \
		>$(DKMS)/dkms.conf

run-kmod: all
	scripts/run-kmod

guest-tests: $(GUESTTESTS)

# Programs whose look-ups pfbench workload counts in guests, and the plugin of
# QEMU that counts. scripts/workload makes both in the guests' root, which has
# the header of that QEMU.
WORKLOADS := $(patsubst bench/workloads/%.c,$(B)/workloads/%, \
	$(wildcard bench/workloads/*.c))
PLUGIN_INCLUDE ?= /usr/include

workloads: $(WORKLOADS)
plugin: $(B)/lookups.so

$(B)/workloads/%: bench/workloads/%.c $(wildcard bench/workloads/*.h)
	@mkdir -p $(@D)
	$(CC) -static -std=gnu11 -O2 $(WARN) -D_GNU_SOURCE -o $@ $<

$(B)/lookups.so: bench/plugin/lookups.c bench/workloads/mark.h | $(B)
	$(CC) -std=gnu11 -O2 $(WARN) -fPIC -shared -fvisibility=hidden \
		-Ibench/workloads -isystem $(PLUGIN_INCLUDE) -o $@ $<

# one use per accessor, for the listings
uses: $(USES)

$(B)/tests/guest-compat32: tests/guest/compat32.c include/uapi/pfbench.h \
		| $(B)/tests
	$(CC) -m32 -nostdlib -static -ffreestanding -fno-stack-protector \
		-fno-pie -no-pie -std=gnu11 $(CFLAGS) $(WARN) -Iinclude -o $@ $<

$(B)/tests/guest-%: tests/guest/%.c tests/guest/guest.h \
		include/uapi/pfbench.h | $(B)/tests
	$(CC) -static -pthread -std=gnu11 $(CFLAGS) $(WARN) -D_GNU_SOURCE -Iinclude \
		-o $@ $<

# Downloads and builds the guests. Tests of unavailable guests are skipped; a
# build that fails is an error.
guests:
	scripts/guest-fetch || echo 'make guests: tests of the missing guests are skipped' >&2
	scripts/guest-build -f

# Counts every point on five architectures, and compares with the kept counts.
arches: all
	scripts/arches
	scripts/run-tests tests/arches.t

# Accepts the latest counts as the baseline in results/.
accept-counts:
	@ls build/arches/qemu-*/counts-*.txt >/dev/null 2>&1 || { \
		echo "make accept-counts: no counts: run make arches" >&2; exit 1; }
	cd build/arches && for f in qemu-*/counts-*.txt; do \
		mkdir -p ../../results/$${f%/*} && \
		gzip -9cn $$f >../../results/$$f.gz || exit 1; \
	done && cp --parents code-*/*.txt ../../results

# Synthetic code modelled on mm/, with and without the look-ups of each
# generation.
code-size:
	scripts/code-size -o results/code-size

# For the tests, which report missing counts themselves.
counted: all guests
	-scripts/arches

run: all
	scripts/run-default

check: all $(CTESTS) $(USES)
	scripts/run-tests -j $(JOBS) $(CTESTS) $(USER_TESTS)

check-guests: all $(USES) guests counted
	scripts/run-tests -j $(JOBS) -t 1200 $(GUEST_TESTS)

check-html: all
	scripts/run-tests -d $(B)/tap-html -t 1200 $(HTML_TESTS)

# Kernels that look for mistakes, and the module's tests in them.
check-debug:
	scripts/check-debug -j $(JOBS) -k kasan -k kcsan

check-fresh:
	scripts/check-fresh

bench-precision: $(B)/precision
	scripts/bench-precision

# Google Benchmark in the same process: for this test only
$(B)/precision: tests/precision.c tests/precision_google.cc \
		tests/precision_google.h $(LIB) $(UNDER_TEST) $(LOOPS)
	$(CC) -std=gnu11 -fno-pie $(CFLAGS) $(WARN) $(INCLUDES) $(DEFINES) \
		$(PKG_CFLAGS) -MMD -MP -c -o $@.o $<
	$(CXX) -std=gnu++17 -no-pie $(CXXFLAGS) $(WARN) $(LDFLAGS) -o $@ $@.o \
		$(filter %.cc %.o,$^) $(LIBS) -lbenchmark

# proofs of the race; they need no build
verify:
	@CC='$(CC)' scripts/verify

shellcheck:
	shellcheck $$(git ls-files scripts .ci 'tests/*.t' \
		':!scripts/guest-kernels' ':!scripts/*.config' ':!scripts/*.awk')

# man/NAME.SECTION goes to SECTION; completion comes from the options themselves
COMPLETIONS := bash-completion/completions/pfbench zsh/site-functions/_pfbench

install: all
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(pkglibexecdir) \
		$(DESTDIR)$(pkgdatadir)/plots \
		$(DESTDIR)$(pkgdatadir)/src/bench/target \
		$(DESTDIR)$(pkgdatadir)/src/include/pageflags \
		$(DESTDIR)$(pkgdatadir)/src/scripts \
		$(DESTDIR)$(pkgdatadir)/src/tests/verify \
		$(DESTDIR)$(pkgdatadir)/src/tests/code_size \
		$(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man5 \
		$(DESTDIR)$(mandir)/man7 \
		$(dir $(COMPLETIONS:%=$(DESTDIR)$(datarootdir)/%))
	$(INSTALL) -m 755 $(B)/pfbench $(DESTDIR)$(bindir)
	$(INSTALL) -m 755 $(B)/pfbench-gbench $(DESTDIR)$(pkglibexecdir)
	$(INSTALL) -m 644 plots/*.gp $(DESTDIR)$(pkgdatadir)/plots
	$(INSTALL) -m 644 bench/target/*.[ch] $(DESTDIR)$(pkgdatadir)/src/bench/target
	$(INSTALL) -m 644 include/pageflags/*.h \
		$(DESTDIR)$(pkgdatadir)/src/include/pageflags
	$(INSTALL) -m 755 scripts/verify $(DESTDIR)$(pkgdatadir)/src/scripts
	$(INSTALL) -m 644 scripts/guest-common.sh scripts/guest-kernels \
		$(DESTDIR)$(pkgdatadir)/src/scripts
	$(INSTALL) -m 644 tests/verify/* $(DESTDIR)$(pkgdatadir)/src/tests/verify
	$(INSTALL) -m 644 tests/code_size/*.[ch] \
		$(DESTDIR)$(pkgdatadir)/src/tests/code_size
	for s in 1 5 7; do \
		$(INSTALL) -m 644 man/*.$$s $(DESTDIR)$(mandir)/man$$s || exit; done
	for f in $(COMPLETIONS); do \
		$(B)/pfbench --completion=$${f%%[-/]*} >$(B)/completion || exit; \
		$(INSTALL) -m 644 $(B)/completion \
			$(DESTDIR)$(datarootdir)/$$f || exit; \
	done

uninstall:
	rm -f $(DESTDIR)$(bindir)/pfbench \
		$(COMPLETIONS:%=$(DESTDIR)$(datarootdir)/%) \
		$(foreach s,1 5 7,$(patsubst man/%,$(DESTDIR)$(mandir)/man$s/%, \
			$(wildcard man/*.$s)))
	rm -rf $(DESTDIR)$(pkgdatadir) $(DESTDIR)$(pkglibexecdir)

# The tarball of HEAD: the same bytes for the same commit.
DIST := pageflags-bench-$(VERSION)

dist: | $(B)
	@git rev-parse -q --verify HEAD >/dev/null || { \
		echo 'make dist: no git checkout: there is no commit to pack' >&2; exit 1; }
	@git diff --quiet HEAD || \
		echo 'make dist: note: changes that are not committed are left out' >&2
	git archive --format=tar --prefix=$(DIST)/ HEAD | \
		gzip -n >$(B)/$(DIST).tar.gz.new
	mv $(B)/$(DIST).tar.gz.new $(B)/$(DIST).tar.gz

# Builds, installs and removes what is in the tarball: a minute and more.
check-dist: dist
	scripts/check-dist $(B)/$(DIST).tar.gz

deb: dist
	scripts/build-deb $(B)/$(DIST).tar.gz $(B)/deb

clean:
	rm -rf $(B)

help:
	@echo 'make                 build build/pfbench'
	@echo 'make run             measure the default set, report and plot it'
	@echo 'make kmod            build the module for the running kernel or KDIR=DIR'
	@echo 'make run-kmod        build and load the module, measure, unload (root)'
	@echo 'make guests          build what tests boot under QEMU (downloads; root)'
	@echo 'make arches          count every point on five architectures, compare'
	@echo 'make accept-counts   accept the latest counts as the baseline'
	@echo 'make code-size       measure the bytes that look-ups add, by generation'
	@echo 'make install-dkms    install the sources of the module for dkms'
	@echo 'make check           run the tests that need user space only'
	@echo 'make check-guests    run the other tests: guests, downloads, root'
	@echo 'make check-debug     test the module in kernels with KASAN, KCSAN and more (root)'
	@echo 'make check-html      test the page of pfbench html in headless Chromium'
	@echo 'make check-fresh     test both README commands on a bare Debian (root)'
	@echo 'make fuzz            fuzz the readers of files with libFuzzer (clang)'
	@echo 'make mutants         change operators in the sources, report what no test finds'
	@echo 'make bench-precision compare the spread with that of Google Benchmark'
	@echo 'make verify          prove or refute each compound_head() (cbmc)'
	@echo 'make shellcheck      check the shell scripts'
	@echo 'make install         install to $$(DESTDIR)$$(prefix) (/usr/local)'
	@echo 'make dist            pack the sources of HEAD into build/'
	@echo 'make check-dist      build and install what make dist packs'
	@echo 'make deb             build Debian packages in build/deb'
	@echo 'make clean           remove build/'

# a source that was renamed, in dependencies of an older build
bench/%.cc: ;

-include $(wildcard $(B)/*.d $(B)/*/*.d $(B)/fuzz/*/*.d)

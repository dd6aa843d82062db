# SPDX-License-Identifier: GPL-2.0-or-later
# What a user types; "make help" lists it. The objects are in Kbuild and
# kmod/Kbuild (module) and in user/Makefile.

KDIR	?= /lib/modules/$(shell uname -r)/build
PREFIX	?= /usr/local
KERNEL	?=

# Debian's headers do not always have the name of the release that they are of.
KDIR_OF_RELEASE = $(filter /lib/modules/%/build,$(KDIR))

.PHONY: all modules user install uninstall clean lint check demo bench fuzz deb matrix help

all: modules user

modules:
	@if [ ! -e "$(KDIR)/Makefile" ]; then \
		echo "make: no kernel headers at $(KDIR): install them" \
		     "(Debian: linux-headers-$(shell uname -r)) or give KDIR=" >&2; \
		exit 1; \
	fi
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

user:
	$(MAKE) -C user all

install: all
	$(MAKE) -C $(KDIR) M=$(CURDIR) \
		$(if $(DESTDIR),INSTALL_MOD_PATH=$(abspath $(DESTDIR))) \
		modules_install
	$(MAKE) -C user install PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)
	@[ -n "$(DESTDIR)" ] || depmod -a $(patsubst /lib/modules/%/build,%,$(KDIR_OF_RELEASE))

# The modules of all kernels that "make install" was for, not that of DKMS. Kernels
# call the folder for what is not theirs by two names.
uninstall:
	$(MAKE) -C user uninstall PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)
	@for module in $(DESTDIR)/lib/modules/*/extra/kmod/dmvpn.ko* \
		$(DESTDIR)/lib/modules/*/updates/kmod/dmvpn.ko*; do \
		[ -e "$$module" ] || continue; \
		rm -f "$$module"; \
		rmdir --ignore-fail-on-non-empty "$${module%/*}"; \
		release=$${module#$(DESTDIR)/lib/modules/}; \
		[ -n "$(DESTDIR)" ] || depmod -a "$${release%%/*}"; \
	done

clean:
	@[ ! -e "$(KDIR)/Makefile" ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
	$(MAKE) -C user clean
	rm -rf selftests/bin dist

lint:
	selftests/lint.sh

check:
	selftests/check.sh $(KERNEL)

demo:
	selftests/lab/demo.sh

bench:
	selftests/bench/bench.sh

fuzz:
	selftests/vm/deps.sh user
	$(MAKE) -C user fuzz

deb:
	selftests/vm/deps.sh user deb
	debian/build.sh

matrix:
	selftests/matrix/matrix.sh

help:
	@echo "make              module for the running kernel (or KDIR=) and userspace"
	@echo "make modules      the module only"
	@echo "make user         dmvpnd and dmvpn only"
	@echo "make install      both, below PREFIX ($(PREFIX)); DESTDIR for packagers"
	@echo "make uninstall    removes what install has put there; /etc/dmvpn if it is empty"
	@echo "make demo         the three routers of the classic lab, live"
	@echo "make check        all tests; KERNEL=6.1|6.12|7.3|debug for one kernel"
	@echo "make bench        what dmvpn costs, see docs/performance.md"
	@echo "make lint         style, layering, generated files"
	@echo "make fuzz         every parser, ten million runs each"
	@echo "make deb          Debian packages, into dist/"
	@echo "make matrix       the packages on clean Debian 12 and 13, four kernels; hours"
	@echo "make clean        what was built"

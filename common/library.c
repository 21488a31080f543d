/* SPDX-License-Identifier: BSD-2-Clause */
#include "library.h"

#include <dlfcn.h>

#ifdef STATIC

bool
library_open(
    const char *file, const char *package, const struct library_symbol *symbols, struct str *error)
{
	(void)symbols;
	str_addf(error, "this build is linked statically and cannot load %s (%s)", file, package);
	return false;
}

#else

bool
library_open(
    const char *file, const char *package, const struct library_symbol *symbols, struct str *error)
{
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);

	if (!library) {
		str_addf(error, "cannot load %s: %s: install %s", file, dlerror(), package);
		return false;
	}
	for (; symbols->name; symbols++) {
		void *function = dlsym(library, symbols->name);

		if (!function) {
			str_addf(error, "%s has no %s: install %s as Debian has it", file,
			    symbols->name, package);
			return false;
		}
		*(void **)symbols->to = function;
	}
	return true;
}

#endif

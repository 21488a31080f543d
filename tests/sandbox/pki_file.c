/* SPDX-License-Identifier: BSD-2-Clause */

/* The files of the state directory: see pki_file.h. */
#include "pki_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>

bool
write_certificate(FILE *out, void *x)
{
	return PEM_write_X509(out, x);
}

bool
write_crl(FILE *out, void *crl)
{
	return PEM_write_X509_CRL(out, crl);
}

bool
write_key(FILE *out, void *key)
{
	return PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
}

bool
write_file(const char *folder, const char *name, unsigned mode,
    bool (*writer)(FILE *out, void *what), void *what)
{
	char part[4096], whole[4096];
	FILE *out;
	bool ok;
	int fd;

	if (snprintf(whole, sizeof(whole), "%s/%s", folder, name) >= (int)sizeof(whole)
	    || snprintf(part, sizeof(part), "%s/.%s", folder, name) >= (int)sizeof(part)) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!out) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	ok = writer(out, what);
	return !fclose(out) && ok && !rename(part, whole);
}

/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The files of the state directory, written under another name and renamed, so that no reader sees
 * half of one.
 */
#ifndef SANDBOX_PKI_FILE_H
#define SANDBOX_PKI_FILE_H

#include <stdbool.h>
#include <stdio.h>

bool write_certificate(FILE *out, void *x);
bool write_crl(FILE *out, void *crl);
bool write_key(FILE *out, void *key);
bool write_file(const char *folder, const char *name, unsigned mode,
    bool (*writer)(FILE *out, void *what), void *what);

#endif

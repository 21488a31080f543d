/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TORTURE_OWN_H
#define TORTURE_OWN_H

/*
 * Which code is the program's own: of its executable segment all that is in front of c-ares, which
 * is linked from its archive and so behind everything of ours. To see that the program must not be
 * stripped. Included once, in fail.c, which is all of the preload library.
 */

#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct code {
	uintptr_t from, to;
};

/* The first of c-ares's functions; what is cold of them stands apart. */
static uintptr_t
archive(const char *image, uintptr_t loaded, uintptr_t end)
{
	const ElfW(Ehdr) *header = (const void *)image;
	const ElfW(Shdr) *sections = (const void *)(image + header->e_shoff);

	for (int i = 0; i < header->e_shnum; i++) {
		const ElfW(Sym) *symbols = (const void *)(image + sections[i].sh_offset);
		const char *names = image + sections[sections[i].sh_link].sh_offset;

		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		for (size_t k = 0; k < sections[i].sh_size / sizeof *symbols; k++) {
			const char *name = names + symbols[k].st_name;
			uintptr_t at = loaded + symbols[k].st_value;

			if (ELF64_ST_TYPE(symbols[k].st_info) == STT_FUNC && at < end
			    && symbols[k].st_value > 0 && strncmp(name, "ares", 4) == 0
			    && !strstr(name, ".cold"))
				end = at;
		}
	}
	return end;
}

static uintptr_t
without_archives(uintptr_t loaded, uintptr_t end)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/exe", O_RDONLY | O_CLOEXEC, 0);
	struct stat st;
	void *image = fd >= 0 && fstat(fd, &st) == 0
	    ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
	    : MAP_FAILED;

	if (image == MAP_FAILED)
		abort();
	end = archive(image, loaded, end);
	munmap(image, (size_t)st.st_size);
	close(fd);
	return end;
}

/* The first object is the program. */
static int
first_object(struct dl_phdr_info *info, size_t size, void *data)
{
	struct code *own = data;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X) {
			own->from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
			own->to = own->from + info->dlpi_phdr[i].p_memsz;
		}
	own->to = without_archives(info->dlpi_addr, own->to);
	return 1;
}

static struct code
own_code(void)
{
	struct code own = { 0, 0 };

	dl_iterate_phdr(first_object, &own);
	return own;
}

#endif

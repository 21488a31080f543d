/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A library to be preloaded into a check: it counts the calls of each kind that the program makes
 * between the beginning and the end of main(), and makes the Nth of one kind fail.
 *
 * FAIL=KIND:HOW:N  HOW is an errno name of the table below, or "short" for one byte only; "N+"
 *                  means the Nth and all that follow. Without FAIL nothing fails, all is counted.
 * FAIL_LOG=FILE    gets a line when the call fails, with the stack that made it, and one when
 *                  main() returns, with its status and the counts. Without it the run died.
 * FAIL_SITES=1     logs the number of each allocation of a library that is the first from its
 *                  stack: ten thousand of them are made in a thousand ways.
 *
 * A connection that is to fail is shut down besides, so that what the kernel says afterwards agrees
 * with what the program was told. The surprise: a sanitizer's malloc() must be beneath ours, not
 * above, for which ASAN_OPTIONS=verify_asan_link_order=0 is needed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "own.h"

enum kind {
	OWN,     /* an allocation by the program itself */
	LIBRARY, /* one by a library for it */
	SOCKET,
	CONNECT,
	RECV, /* from a stream socket */
	PEEK, /* a look at what is there, which may find nothing */
	SEND, /* to a stream socket */
	POLL,
	RANDOM,
	FILES,  /* opening and reading */
	OUTPUT, /* writing elsewhere than to a socket */
	KINDS
};

static const char *const kinds[KINDS] = {
	[OWN] = "own",
	[LIBRARY] = "library",
	[SOCKET] = "socket",
	[CONNECT] = "connect",
	[RECV] = "recv",
	[PEEK] = "peek",
	[SEND] = "send",
	[POLL] = "poll",
	[RANDOM] = "random",
	[FILES] = "files",
	[OUTPUT] = "output",
};

enum { SHORT = -1 };

static const struct {
	const char *name;
	int number;
} hows[] = {
	{ "short", SHORT },
	{ "ENOMEM", ENOMEM },
	{ "EINTR", EINTR },
	{ "EAGAIN", EAGAIN },
	{ "EIO", EIO },
	{ "EPIPE", EPIPE },
	{ "ECONNRESET", ECONNRESET },
	{ "ECONNREFUSED", ECONNREFUSED },
	{ "ENETUNREACH", ENETUNREACH },
	{ "EMFILE", EMFILE },
	{ "ENOSPC", ENOSPC },
};

/*
 * How far the goodbye is: failures behind it change no verdict, unless QUIT is what deletes.
 * TIDYING is RSET, or what removes a mailbox of the program's own.
 */
enum stage { TALKING, QUIT_BEHIND_CONTENT, TIDYING, QUIT_SAID, QUIT_ANSWERED };

static struct {
	bool running; /* main() has begun */
	enum kind kind;
	int how; /* 0: nothing fails */
	unsigned long at, counts[KINDS];
	bool ever;
	unsigned long hit; /* calls that were made to fail */
	enum stage stage, hit_stage;
	int log;
	struct code own; /* the program's own */
	bool want_sites;
	uint64_t sites[8192]; /* hashes of stacks that were met, open addressing */
	size_t written;       /* to standard output */
	char first[400];      /* the beginning of that */
	int (*main)(int, char **, char **);
} state = { .log = -1 };

static void *
next(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);

	if (!function)
		abort();
	return function;
}

/* NEXT(recv)(...) is the recv() that would have been called without us. */
#define NEXT(function) \
	({ \
		static __typeof__(function) *next_; \
		if (!next_) \
			next_ = (__typeof__(function) *)next(#function); \
		next_; \
	})

/* Logs the call that was just counted when its stack is a new one. */
static void
site(enum kind kind)
{
	void *stack[16];
	uint64_t hash = 1469598103934665603u;
	size_t at, tries = 0;

	state.running = false;
	for (int n = backtrace(stack, 16); n > 0; n--)
		hash = (hash ^ (uintptr_t)stack[n - 1]) * 1099511628211u;
	at = hash % (sizeof state.sites / sizeof state.sites[0]);
	while (state.sites[at] && state.sites[at] != hash && ++tries < 8000)
		at = (at + 1) % (sizeof state.sites / sizeof state.sites[0]);
	if (!state.sites[at]) {
		state.sites[at] = hash;
		dprintf(state.log, "site %lu\n", state.counts[kind]);
	}
	state.running = true;
}

/* Counts a call, and says how it shall fail: 0 not at all, SHORT, or an errno, which is set. */
static int
fate(enum kind kind)
{
	void *stack[24];
	unsigned long n;

	if (!state.running)
		return 0;
	n = ++state.counts[kind];
	if (kind == LIBRARY && state.want_sites)
		site(kind);
	if (!state.how || kind != state.kind || n < state.at || (n > state.at && !state.ever))
		return 0;
	if (!state.hit++) {
		state.hit_stage = state.stage;
		state.running = false; /* what the report itself calls does not count */
		dprintf(state.log, "hit stage=%d\n", state.stage);
		backtrace_symbols_fd(stack, backtrace(stack, 24), state.log);
		state.running = true;
	}
	if (state.how != SHORT)
		errno = state.how;
	return state.how;
}

static enum kind
caller(const void *address)
{
	return (uintptr_t)address >= state.own.from && (uintptr_t)address < state.own.to ? OWN
	                                                                                 : LIBRARY;
}

static bool
stream(int fd)
{
	int type = 0, before = errno;
	socklen_t size = sizeof type;
	bool is = getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;

	errno = before;
	return is;
}

static bool
descriptor_of_socket(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* Ends a connection for which a failure was reported that a connection does not survive. */
static void
sever(int fd, int how)
{
	if (how != ECONNRESET && how != EPIPE)
		return;
	shutdown(fd, SHUT_RDWR);
	errno = how;
}

static bool
ends_with(const void *bytes, size_t n, const char *end)
{
	size_t m = strlen(end);

	return n >= m && memcmp((const char *)bytes + n - m, end, m) == 0;
}

static void
overheard(const void *bytes, size_t n)
{
	if ((n == 6 && ends_with(bytes, n, "QUIT\r\n"))
	    || (n < 16 && ends_with(bytes, n, " LOGOUT\r\n")))
		state.stage = QUIT_SAID;
	else if ((n == 6 && ends_with(bytes, n, "RSET\r\n"))
	    || (n < 16 && ends_with(bytes, n, " CLOSE\r\n")) || memmem(bytes, n, " DELETE \"", 9))
		state.stage = TIDYING;
	else if (ends_with(bytes, n, ".\r\nQUIT\r\n"))
		state.stage = QUIT_BEHIND_CONTENT;
}

static ssize_t
heard(ssize_t n)
{
	if (n > 0 && state.stage == QUIT_SAID)
		state.stage = QUIT_ANSWERED;
	else if (n > 0 && state.stage == QUIT_BEHIND_CONTENT)
		state.stage = QUIT_SAID;
	return n;
}

/* Preloaded too, for what is said under TLS. */
int SSL_write(void *tls, const void *bytes, int n);

int
SSL_write(void *tls, const void *bytes, int n)
{
	if (n > 0)
		overheard(bytes, (size_t)n);
	return NEXT(SSL_write)(tls, bytes, n);
}

void *
malloc(size_t n)
{
	return fate(caller(__builtin_return_address(0))) ? NULL : NEXT(malloc)(n);
}

void *
calloc(size_t count, size_t n)
{
	return fate(caller(__builtin_return_address(0))) ? NULL : NEXT(calloc)(count, n);
}

void *
realloc(void *old, size_t n)
{
	return fate(caller(__builtin_return_address(0))) ? NULL : NEXT(realloc)(old, n);
}

int
socket(int domain, int type, int protocol)
{
	return fate(SOCKET) ? -1 : NEXT(socket)(domain, type, protocol);
}

int
connect(int fd, const struct sockaddr *address, socklen_t size)
{
	return fate(CONNECT) ? -1 : NEXT(connect)(fd, address, size);
}

ssize_t
recv(int fd, void *buffer, size_t n, int flags)
{
	int how = stream(fd) ? fate(flags & MSG_PEEK ? PEEK : RECV) : 0;

	if (how > 0) {
		sever(fd, how);
		return -1;
	}
	return heard(NEXT(recv)(fd, buffer, how == SHORT && n > 1 ? 1 : n, flags));
}

ssize_t
read(int fd, void *buffer, size_t n)
{
	bool is_stream = stream(fd);
	int how = is_stream ? fate(RECV) : descriptor_of_socket(fd) ? 0 : fate(FILES);

	if (how > 0) {
		if (is_stream)
			sever(fd, how);
		return -1;
	}
	n = how == SHORT && n > 1 ? 1 : n;
	return is_stream ? heard(NEXT(read)(fd, buffer, n)) : NEXT(read)(fd, buffer, n);
}

ssize_t
send(int fd, const void *bytes, size_t n, int flags)
{
	int how;

	if (!stream(fd))
		return NEXT(send)(fd, bytes, n, flags);
	overheard(bytes, n);
	how = fate(SEND);
	if (how > 0) {
		sever(fd, how);
		return -1;
	}
	return NEXT(send)(fd, bytes, how == SHORT && n > 1 ? 1 : n, flags);
}

/* The first line of what the program says, for the log. */
static void
noted(const void *bytes, ssize_t n)
{
	size_t last = sizeof state.first - 1,
	       room = last - (state.written < last ? state.written : last);

	if (n <= 0)
		return;
	memcpy(state.first + last - room, bytes, (size_t)n < room ? (size_t)n : room);
	state.written += (size_t)n;
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
	bool is_stream = stream(fd);
	int how = fate(is_stream ? SEND : OUTPUT);
	ssize_t done;

	if (how > 0) {
		if (is_stream)
			sever(fd, how);
		return -1;
	}
	done = NEXT(write)(fd, bytes, how == SHORT && n > 1 ? 1 : n);
	if (fd == STDOUT_FILENO)
		noted(bytes, done);
	return done;
}

int
poll(struct pollfd *fds, nfds_t n, int timeout)
{
	return fate(POLL) ? -1 : NEXT(poll)(fds, n, timeout);
}

int
ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *signals)
{
	return fate(POLL) ? -1 : NEXT(ppoll)(fds, n, timeout, signals);
}

ssize_t
getrandom(void *bytes, size_t n, unsigned flags)
{
	return fate(RANDOM) ? -1 : NEXT(getrandom)(bytes, n, flags);
}

int
getentropy(void *bytes, size_t n)
{
	return fate(RANDOM) ? -1 : NEXT(getentropy)(bytes, n);
}

static int
open_file(int folder, const char *path, int flags, va_list arguments)
{
	mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
	bool random = strcmp(path, "/dev/urandom") == 0 || strcmp(path, "/dev/random") == 0;

	return fate(random ? RANDOM : FILES) ? -1
	                                     : (int)syscall(SYS_openat, folder, path, flags, mode);
}

int
open(const char *path, int flags, ...)
{
	va_list arguments;
	int fd;

	va_start(arguments, flags);
	fd = open_file(AT_FDCWD, path, flags, arguments);
	va_end(arguments);
	return fd;
}

int
openat(int folder, const char *path, int flags, ...)
{
	va_list arguments;
	int fd;

	va_start(arguments, flags);
	fd = open_file(folder, path, flags, arguments);
	va_end(arguments);
	return fd;
}

FILE *
fopen(const char *path, const char *mode)
{
	bool random = strcmp(path, "/dev/urandom") == 0;

	return fate(random ? RANDOM : FILES) ? NULL : NEXT(fopen)(path, mode);
}

static bool
configure(const char *text)
{
	char kind[16], how[16], ever = 0;

	if (sscanf(text, "%15[a-z]:%15[A-Za-z]:%lu%c", kind, how, &state.at, &ever) < 3)
		return false;
	state.ever = ever == '+';
	state.kind = KINDS;
	for (int i = 0; i < KINDS; i++)
		if (strcmp(kinds[i], kind) == 0)
			state.kind = (enum kind)i;
	for (size_t i = 0; i < sizeof hows / sizeof hows[0]; i++)
		if (strcmp(hows[i].name, how) == 0)
			state.how = hows[i].number;
	return state.kind < KINDS && state.how != 0 && state.at > 0;
}

static void
prepare(void)
{
	const char *fail = getenv("FAIL"), *log = getenv("FAIL_LOG");
	void *stack[1];

	if (log)
		state.log = (int)syscall(
		    SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (state.log < 0 || (fail && !configure(fail))) {
		dprintf(STDERR_FILENO, "fail.so: FAIL=%s FAIL_LOG=%s cannot be\n", fail ? fail : "",
		    log ? log : "");
		_exit(99);
	}
	state.want_sites = getenv("FAIL_SITES") != NULL;
	state.own = own_code();
	backtrace(stack, 1); /* loads what it needs */
}

static int
counted_main(int argc, char **argv, char **envp)
{
	int status;

	prepare();
	state.running = true;
	status = state.main(argc, argv, envp);
	state.running = false;
	dprintf(state.log, "end status=%d hit=%lu stage=%d written=%zu", status, state.hit,
	    state.hit_stage, state.written);
	for (int i = 0; i < KINDS; i++)
		dprintf(state.log, " %s=%lu", kinds[i], state.counts[i]);
	state.first[strcspn(state.first, "\n")] = '\0';
	dprintf(state.log, "\nsaid %s\n", state.first);
	return status;
}

int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
    void (*init)(void), void (*fini)(void), void (*linker)(void), void *stack);

int
__libc_start_main(int (*program)(int, char **, char **), int argc, char **argv, void (*init)(void),
    void (*fini)(void), void (*linker)(void), void *stack)
{
	state.main = program;
	return NEXT(__libc_start_main)(counted_main, argc, argv, init, fini, linker, stack);
}

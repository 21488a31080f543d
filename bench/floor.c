/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The floor of the benchmark: what one check costs when it does nothing but the exchange. It says
 * what the table of exchanges has, by RFC 5321, 3207 and 4954 to a server of SMTP, by RFC 9051 and
 * 4959 to one of IMAP, by RFC 1939 and 5034 to one of POP3, verifies chain and name, and measures
 * and reports nothing; of a reply it looks at what tells its end and whether it is the right one. A
 * check cannot cost less than this with the same library; how much more it costs is its own doing.
 *
 * It stands on a blocking socket and has no deadline: whoever starts it bounds it. What might
 * surprise is TCP_QUICKACK after each receive, the read-ahead, and the configuration file
 * and error texts that are not loaded:
 * they are what a programmer who has measured would write, and a floor without them would flatter
 * the program that is compared with it. It shares no code with the checks.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define REPLY_MAX 4096          /* a whole reply, RFC 5321 section 4.5.3.1.5 being 512 a line */
#define SECRET_MAX 255          /* RFC 4616 section 2: each part of the PLAIN message */
#define PLAIN_MAX (2 * SECRET_MAX + 2)
#define CODED_MAX (4 * ((PLAIN_MAX + 2) / 3) + 1)
#define STEPS_MAX 7

/* What the command line and the environment say; user and password may be NULL. */
struct target {
	const char *ca;
	const char *name;
	const char *user;
	const char *password;
};

struct peer {
	int fd;
	SSL *ssl;               /* NULL before STARTTLS */
	char in[REPLY_MAX];
	size_t held;            /* bytes of in[] */
	size_t used;            /* of these, the lines that were taken */
};

static int
dial(const char *address, const char *port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr *to = (struct sockaddr *)&four;
	socklen_t size = sizeof four;
	in_port_t number = htons((in_port_t)strtoul(port, NULL, 10));
	int on = 1;
	int fd;

	four.sin_port = six.sin6_port = number;
	if (inet_pton(AF_INET6, address, &six.sin6_addr) == 1) {
		to = (struct sockaddr *)&six;
		size = sizeof six;
	} else if (inet_pton(AF_INET, address, &four.sin_addr) != 1) {
		errx(2, "HOST must be an address: %s", address);
	}
	fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, to, size) < 0)
		err(1, "connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static void
quick(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static void
more(struct peer *p)
{
	size_t room = sizeof p->in - p->held;
	ssize_t got;

	if (room == 0)
		errx(1, "the reply is too long");
	got = p->ssl ? SSL_read(p->ssl, p->in + p->held, (int)room)
	    : recv(p->fd, p->in + p->held, room, 0);
	if (got <= 0)
		errx(1, "the server ended the session");
	quick(p->fd);
	p->held += (size_t)got;
}

/* The next line, with its line end; it is valid until the next call. */
static const char *
line(struct peer *p, size_t *length)
{
	char *start, *end;

	while (!(end = memchr(p->in + p->used, '\n', p->held - p->used)))
		more(p);
	start = p->in + p->used;
	*length = (size_t)(end - start) + 1;
	p->used += *length;
	return start;
}

static bool
begins(const char *text, size_t length, const char *with)
{
	return length >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

static void
want(const char *text, size_t length, const char *start)
{
	if (!begins(text, length, start))
		errx(1, "wanted %s, got %.*s", start, (int)length, text);
}

/* RFC 5321 section 4.2.1: a reply ends with the line that has no hyphen behind its code. */
static void
smtp_reply(struct peer *p, const char *code)
{
	const char *text;
	size_t length;

	do {
		text = line(p, &length);
		want(text, length, code);
	} while (length > 3 && text[3] == '-');
}

/* RFC 9051 section 2.2.2: untagged lines, then the one with the tag. */
static void
imap_reply(struct peer *p, const char *completion)
{
	const char *text;
	size_t length;

	do
		text = line(p, &length);
	while (begins(text, length, "* "));
	want(text, length, completion);
}

/* The greeting of IMAP, and of POP3 (RFC 1939 section 3) what is no list. */
static void
one_line(struct peer *p, const char *start)
{
	size_t length;
	const char *text = line(p, &length);

	want(text, length, start);
}

/* RFC 1939 section 3: lines behind the first, up to a dot on a line of its own. */
static void
pop3_list(struct peer *p, const char *start)
{
	const char *text;
	size_t length;

	one_line(p, start);
	do
		text = line(p, &length);
	while (!begins(text, length, ".\r\n"));
}

static void
command(struct peer *p, const char *words, const char *message)
{
	char text[CODED_MAX + 64];
	int length = snprintf(text, sizeof text, "%s%s\r\n", words, message);
	ssize_t sent;

	sent = p->ssl ? SSL_write(p->ssl, text, length)
	    : send(p->fd, text, (size_t)length, MSG_NOSIGNAL);
	if (sent != length)
		errx(1, "cannot send");
}

/* The file or hashed directory is all that is trusted: the system's bundle is never read. */
static SSL_CTX *
trust(const char *ca)
{
	SSL_CTX *ctx;
	struct stat st;
	int ok;

	OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS
	    | OPENSSL_INIT_NO_LOAD_SSL_STRINGS, NULL);
	ctx = SSL_CTX_new(TLS_client_method());
	if (!ctx || stat(ca, &st) < 0)
		errx(1, "cannot prepare TLS with %s", ca);
	ok = S_ISDIR(st.st_mode) ? SSL_CTX_load_verify_dir(ctx, ca)
	    : SSL_CTX_load_verify_file(ctx, ca);
	if (!ok)
		errx(1, "no CA certificates in %s", ca);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_read_ahead(ctx, 1);
	return ctx;
}

static void
encrypt(struct peer *p, const char *ca, const char *name)
{
	SSL_CTX *ctx = trust(ca);
	SSL *ssl = SSL_new(ctx);

	SSL_CTX_free(ctx);
	if (!ssl || !SSL_set_fd(ssl, p->fd) || !SSL_set_tlsext_host_name(ssl, name))
		errx(1, "cannot prepare TLS");
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
	    | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	if (!SSL_set1_host(ssl, name))
		errx(1, "cannot use the name %s", name);
	if (SSL_connect(ssl) != 1)
		errx(1, "TLS: error %lx: %s", ERR_peek_last_error(),
		    X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
	quick(p->fd);
	p->ssl = ssl;
}

/* RFC 4616: an empty authorization identity, the user, the password, NUL between them. */
static void
plain_message(const struct target *t, char *coded)
{
	char plain[PLAIN_MAX];
	size_t u, w;

	if (!t->user || !t->password)
		errx(2, "a login wants USER, and BENCH_PASSWORD in the environment");
	u = strlen(t->user);
	w = strlen(t->password);
	if (u > SECRET_MAX || w > SECRET_MAX)
		errx(2, "user or password is too long");
	plain[0] = plain[u + 1] = '\0';
	memcpy(plain + 1, t->user, u);
	memcpy(plain + u + 2, t->password, w);
	EVP_EncodeBlock((unsigned char *)coded, (unsigned char *)plain, (int)(u + w + 2));
}

struct step {
	const char *say;
	bool login;             /* with the PLAIN message behind it */
	void (*await)(struct peer *, const char *);
	const char *reply;      /* how it must begin */
	bool tls;               /* begins behind the reply, or at once where there is none */
};

/* clang-format off: a table */
static const struct exchange {
	const char *name;
	struct step steps[STEPS_MAX + 1];
} exchanges[] = {
	{ .name = "plain", .steps = {
	    { .await = smtp_reply, .reply = "220" },
	    { .say = "EHLO floor.test", .await = smtp_reply, .reply = "250" },
	    { .say = "QUIT", .await = smtp_reply, .reply = "221" } } },
	{ .name = "starttls", .steps = {
	    { .await = smtp_reply, .reply = "220" },
	    { .say = "EHLO floor.test", .await = smtp_reply, .reply = "250" },
	    { .say = "STARTTLS", .await = smtp_reply, .reply = "220", .tls = true },
	    { .say = "EHLO floor.test", .await = smtp_reply, .reply = "250" },
	    { .say = "QUIT", .await = smtp_reply, .reply = "221" } } },
	{ .name = "auth", .steps = {
	    { .await = smtp_reply, .reply = "220" },
	    { .say = "EHLO floor.test", .await = smtp_reply, .reply = "250" },
	    { .say = "STARTTLS", .await = smtp_reply, .reply = "220", .tls = true },
	    { .say = "EHLO floor.test", .await = smtp_reply, .reply = "250" },
	    { .say = "AUTH PLAIN ", .login = true, .await = smtp_reply, .reply = "235" },
	    { .say = "QUIT", .await = smtp_reply, .reply = "221" } } },
	{ .name = "imaps", .steps = {
	    { .tls = true },
	    { .await = one_line, .reply = "* OK" },
	    { .say = "a1 AUTHENTICATE PLAIN ", .login = true,
	        .await = imap_reply, .reply = "a1 OK" },
	    { .say = "a2 EXAMINE INBOX", .await = imap_reply, .reply = "a2 OK" },
	    { .say = "a3 LOGOUT", .await = imap_reply, .reply = "a3 OK" } } },
	{ .name = "pop3s", .steps = {
	    { .tls = true },
	    { .await = one_line, .reply = "+OK" },
	    { .say = "AUTH PLAIN ", .login = true, .await = one_line, .reply = "+OK" },
	    { .say = "LIST", .await = pop3_list, .reply = "+OK" },
	    { .say = "QUIT", .await = one_line, .reply = "+OK" } } },
	{ .name = NULL },
};
/* clang-format on */

static const struct exchange *
exchange_named(const char *name)
{
	const struct exchange *e = exchanges;

	while (e->name && strcmp(e->name, name) != 0)
		e++;
	return e->name ? e : NULL;
}

static void
run(struct peer *p, const struct step *step, const struct target *t)
{
	char message[CODED_MAX] = "";

	if (step->login)
		plain_message(t, message);
	if (step->say)
		command(p, step->say, message);
	if (step->await) {
		step->await(p, step->reply);
		if (p->used != p->held)
			errx(1, "bytes behind the reply");
		p->used = p->held = 0;
	}
	if (step->tls)
		encrypt(p, t->ca, t->name);
}

static void
close_peer(struct peer *p)
{
	if (p->ssl) {
		SSL_shutdown(p->ssl);
		SSL_free(p->ssl);
	}
	close(p->fd);
}

int
main(int argc, char **argv)
{
	static const char usage[] = "usage: floor ADDRESS PORT EXCHANGE CA NAME [USER]\n"
	    "EXCHANGE is plain, starttls, auth, imaps or pop3s; CA a file or a hashed directory;\n"
	    "the password is in BENCH_PASSWORD.\n";
	const struct exchange *e = argc == 6 || argc == 7 ? exchange_named(argv[3]) : NULL;
	struct peer p = { .ssl = NULL };
	struct target t;

	if (!e)
		return fputs(usage, stderr), 2;
	t = (struct target){ .ca = argv[4], .name = argv[5], .user = argv[6],
		.password = getenv("BENCH_PASSWORD") };
	p.fd = dial(argv[1], argv[2]);
	for (const struct step *step = e->steps; step->await || step->tls; step++)
		run(&p, step, &t);
	close_peer(&p);
	return 0;
}

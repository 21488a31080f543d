/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The floor of the benchmark: what one check costs when it does nothing but the exchange. It says
 * EHLO, STARTTLS, AUTH and QUIT as RFC 5321, 3207 and 4954 have them, verifies chain and name, and
 * measures, parses and reports nothing. A check cannot cost less than this with the same library;
 * how much more it costs is its own doing.
 *
 * It stands on a blocking socket and has no deadline: whoever starts it bounds it. What might
 * surprise is TCP_QUICKACK after each receive, the read-ahead and the skipped configuration file:
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

/* RFC 5321 section 4.2.1: a reply ends with the line that has no hyphen behind its code. */
static void
expect(struct peer *p, const char *code)
{
	const char *text;
	size_t length;

	do {
		text = line(p, &length);
		if (length < 4 || memcmp(text, code, 3) != 0)
			errx(1, "wanted %s, got %.*s", code, (int)length, text);
	} while (text[3] == '-');

	if (p->used != p->held)
		errx(1, "bytes behind the reply");
	p->used = p->held = 0;
}

static void
command(struct peer *p, const char *text, const char *code)
{
	size_t length = strlen(text);
	ssize_t sent;

	sent = p->ssl ? SSL_write(p->ssl, text, (int)length)
	    : send(p->fd, text, length, MSG_NOSIGNAL);
	if (sent != (ssize_t)length)
		errx(1, "cannot send");
	expect(p, code);
}

/* The file or hashed directory is all that is trusted: the system's bundle is never read. */
static SSL_CTX *
trust(const char *ca)
{
	SSL_CTX *ctx;
	struct stat st;
	int ok;

	OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
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
encrypt(struct peer *p, SSL_CTX *ctx, const char *name)
{
	SSL *ssl = SSL_new(ctx);

	if (!ssl || !SSL_set_fd(ssl, p->fd) || !SSL_set_tlsext_host_name(ssl, name))
		errx(1, "cannot prepare TLS");
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
	    | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	if (!SSL_set1_host(ssl, name))
		errx(1, "cannot use the name %s", name);
	if (SSL_connect(ssl) != 1)
		errx(1, "TLS: %s: %s", ERR_reason_error_string(ERR_peek_last_error()),
		    X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
	quick(p->fd);
	p->ssl = ssl;
}

/* RFC 4616: an empty authorization identity, the user, the password, NUL between them. */
static void
login(struct peer *p, const char *user, const char *password)
{
	char plain[2 * SECRET_MAX + 2];
	unsigned char coded[4 * ((sizeof plain + 2) / 3) + 1];
	char text[sizeof coded + sizeof "AUTH PLAIN \r\n"];
	size_t u = strlen(user), w = strlen(password);

	if (u > SECRET_MAX || w > SECRET_MAX)
		errx(2, "user or password is too long");
	plain[0] = plain[u + 1] = '\0';
	memcpy(plain + 1, user, u);
	memcpy(plain + u + 2, password, w);
	EVP_EncodeBlock(coded, (unsigned char *)plain, (int)(u + w + 2));
	snprintf(text, sizeof text, "AUTH PLAIN %s\r\n", coded);
	command(p, text, "235");
}

static void
close_peer(struct peer *p)
{
	command(p, "QUIT\r\n", "221");
	if (p->ssl) {
		SSL_shutdown(p->ssl);
		SSL_free(p->ssl);
	}
	close(p->fd);
}

int
main(int argc, char **argv)
{
	static const char usage[] = "usage: floor ADDRESS PORT plain|starttls|auth CA NAME [USER]\n"
	    "CA is a file or a hashed directory; the password is in FLOOR_PASSWORD.\n";
	const char *password = getenv("FLOOR_PASSWORD");
	struct peer p = { .ssl = NULL };
	bool tls, auth;

	if (argc < 6)
		return fputs(usage, stderr), 2;
	auth = strcmp(argv[3], "auth") == 0;
	tls = auth || strcmp(argv[3], "starttls") == 0;
	if ((!tls && strcmp(argv[3], "plain") != 0) || (auth && (argc < 7 || !password)))
		return fputs(usage, stderr), 2;

	p.fd = dial(argv[1], argv[2]);
	expect(&p, "220");
	command(&p, "EHLO floor.test\r\n", "250");
	if (tls) {
		SSL_CTX *ctx = trust(argv[4]);

		command(&p, "STARTTLS\r\n", "220");
		encrypt(&p, ctx, argv[5]);
		command(&p, "EHLO floor.test\r\n", "250");
		if (auth)
			login(&p, argv[6], password);
		close_peer(&p);
		SSL_CTX_free(ctx);
	} else {
		close_peer(&p);
	}
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What becomes of a message that was accepted: the trace of this server on top of it (RFC 5321
 * section 4.4), as Postfix writes it, and then it is in the mailboxes before the 250 goes out.
 */
#include "smtp.h"

#include <string.h>
#include <time.h>

#include "delivery.h"
#include "mail.h"

static const char *
protocol_used(const struct conn *c, const struct smtp *s)
{
	static const char *const smtp[] = { "ESMTP", "ESMTPA", "ESMTPS", "ESMTPSA" };
	static const char *const lmtp[] = { "LMTP", "LMTPA", "LMTPS", "LMTPSA" };
	int index = (s->user ? 1 : 0) | (conn_secure(c) ? 2 : 0);

	if (c->listener->protocol->lmtp)
		return lmtp[index];
	return s->extended ? smtp[index] : "SMTP";
}

static void
trace_tls(const struct conn *c, struct bytes *text)
{
	char name[256];
	int of, bits = SSL_CIPHER_get_bits(SSL_get_current_cipher(c->ssl), &of);

	bytes_format(text, "\t(using %s with cipher %s (%d/%d bits))\r\n", SSL_get_version(c->ssl),
	    SSL_get_cipher_name(c->ssl), bits, of);
	if (conn_certified(c, name, sizeof(name)))
		bytes_format(text, "\t(Client CN \"%s\" (verified OK))\r\n", name);
	else
		bytes_text(text, "\t(Client did not present a certificate)\r\n");
}

static void
received(const struct conn *c, const struct smtp *s, const char *id, struct bytes *text)
{
	char peer[INET6_ADDRSTRLEN], date[MAIL_DATE];

	address_text(&c->peer, peer, sizeof(peer));
	mail_date(time(NULL), date);
	bytes_format(text, "Received: from %s ([%s%s])\r\n", s->hello,
	    c->peer.any.sa_family == AF_INET6 ? "IPv6:" : "", peer);
	if (conn_secure(c))
		trace_tls(c, text);
	bytes_format(text, "\tby %s (mailprobe sandbox) with %s id %s", c->server->hostname,
	    protocol_used(c, s), id);
	/* Of several, none is to learn of the others (RFC 5321 section 7.2). */
	if (s->envelope->rcpt_count == 1)
		bytes_format(text, "\r\n\tfor <%s>", s->envelope->rcpts[0]);
	bytes_format(text, "; %s\r\n", date);
}

/* How many of the recipients are told that it was accepted for them. */
static size_t
accepted(const struct conn *c, const struct smtp *s)
{
	return c->listener->protocol->lmtp && conn_faulty(c, FAULT_SEND_PARTIAL)
	    ? 1
	    : s->envelope->rcpt_count;
}

static void
send_on(struct conn *c, struct message *m, size_t count)
{
	const struct envelope *e = ((const struct smtp *)c->session)->envelope;
	const char *status = fault_text(&c->listener->faults, FAULT_DELIVER_BOUNCE);
	struct report failed = {
		.subject = "Undelivered mail comes back",
		.prose = "Your message could not be delivered.",
		.action = "failed",
		.status = status ? status : "5.1.1",
		.text = "The sandbox was asked for this",
	};
	static const struct report delayed = {
		.subject = "Delayed mail, which is still tried",
		.prose = "Your message could not be delivered yet. You need not send it again.",
		.action = "delayed",
		.status = "4.4.1",
		.text = "No answer from the sandbox",
		.retries = true,
	};

	if (conn_faulty(c, FAULT_DELIVER_BOUNCE)) {
		smtp_report(c->server, e, &failed, m);
		return;
	}
	if (conn_faulty(c, FAULT_DELIVER_DELAYED_REPORT))
		smtp_report(c->server, e, &delayed, m);
	delivery_send(c->listener, m, e->rcpts, count);
}

bool
smtp_deliver(struct conn *c, const char *id)
{
	struct smtp *s = c->session;
	struct mail *mail = c->server->mail;
	struct bytes text = { 0 };
	struct message *m;
	size_t count = accepted(c, s), own;
	bool ok = true;

	bytes_format(&text, "Return-Path: <%s>\r\n", s->envelope->from);
	smtp_hops(c, id, &text);
	received(c, s, id, &text);
	smtp_auth_results(c, &text);
	own = text.len;
	bytes_add(&text, s->text.at, s->text.len);
	smtp_alter(c, id, &text, own);
	m = mail_message(mail, id, &text);
	if (!m)
		return false;
	for (size_t i = 0; i < count; i++)
		ok &= mail_spool(mail, s->envelope->rcpts[i], m);
	if (ok)
		send_on(c, m, count);
	mail_done(mail, m);
	return ok;
}

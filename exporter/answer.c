/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers: what a client takes (RFC 9110 section 12.5), and texts that go to the socket from where
 * they stand.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "escape.h"
#include "render.h"
#include "request.h"

enum { WORTH_PACKING = 512, ERROR_CEILING = 1 << 16 };

/* What a page may do: nothing but with files of ours. */
static const char POLICY[] = "default-src 'none'; script-src 'self'; style-src 'self'; "
                             "connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
                             "form-action 'self'; frame-ancestors 'none'";

/* The weight, in thousandths, that one of a list of preferences has; -1 where it is not named. */
static int
weight(slice list, slice name)
{
	while (list.at) {
		slice parameters = slice_trim(slice_cut(&list, ','));
		slice its = slice_trim(slice_cut(&parameters, ';'));
		int thousandths = 1000;

		if (!slice_eqi(its, name))
			continue;
		while (parameters.at) {
			slice q = slice_trim(slice_cut(&parameters, ';'));

			if (!slice_startsi(q, S("q=")))
				continue;
			q = slice_skip(q, 2);
			thousandths = q.n > 0 && q.at[0] == '1' ? 1000 : 0;
			for (size_t i = 2, unit = 100; i < q.n && i < 5; i++, unit /= 10)
				if (q.at[i] >= '0' && q.at[i] <= '9' && thousandths < 1000)
					thousandths += (q.at[i] - '0') * (int)unit;
		}
		return thousandths;
	}
	return -1;
}

slice
request_header(const struct request *request, const char *name)
{
	return slice_z(MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name));
}

void
request_negotiate(struct request *request)
{
	slice accept = request_header(request, "Accept"),
	      encoding = request_header(request, "Accept-Encoding");
	int openmetrics = weight(accept, S("application/openmetrics-text"));
	int text = weight(accept, S("text/plain"));

	if (text < 0)
		text = weight(accept, S("text/*"));
	if (text < 0)
		text = weight(accept, S("*/*"));
	request->openmetrics = openmetrics > 0 && openmetrics >= text;
	request->gzip = weight(encoding, S("gzip")) > 0
	    || (weight(encoding, S("gzip")) < 0 && weight(encoding, S("*")) > 0);
}

void
add_header(struct request *request, const char *name, const char *value)
{
	if (request->response)
		MHD_add_response_header(request->response, name, value);
}

/* What nobody needs any more once all of it has been sent. */
struct owned {
	void (*release)(void *);
	void *what;
};

static void
let_go(void *data)
{
	struct owned *owned = data;

	owned->release(owned->what);
	free(owned);
}

static struct MHD_Response *
packed(const slice *pieces, size_t n)
{
	struct buffer body = { 0 };

	if (buffer_gzip(&body, pieces, n))
		return MHD_create_response_from_buffer(body.n, body.at, MHD_RESPMEM_MUST_FREE);
	buffer_free(&body);
	return NULL;
}

/* The pieces as they are; `release` is theirs from now on. */
static struct MHD_Response *
as_is(const slice *pieces, size_t n, void (*release)(void *), void *what)
{
	struct MHD_IoVec *vector = calloc(n, sizeof *vector);
	struct owned *owned = malloc(sizeof *owned);
	struct MHD_Response *response = NULL;

	if (vector && owned) {
		*owned = (struct owned){ release, what };
		for (size_t i = 0; i < n; i++)
			vector[i] = (struct MHD_IoVec){ pieces[i].at, pieces[i].n };
		response = MHD_create_response_from_iovec(vector, (unsigned)n, let_go, owned);
	}
	if (!response) {
		release(what);
		free(owned);
	}
	free(vector);
	return response;
}

void
answer(struct request *request, unsigned status, const char *type, const slice *pieces, size_t n,
    void (*release)(void *), void *owned)
{
	size_t total = 0;
	bool pack;

	for (size_t i = 0; i < n; i++)
		total += pieces[i].n;
	pack = request->gzip && total >= WORTH_PACKING;
	request->status = status;
	if (pack) {
		request->response = packed(pieces, n);
		release(owned);
	} else
		request->response = as_is(pieces, n, release, owned);
	if (!request->response) {
		request->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
		request->response = MHD_create_response_from_buffer(
		    10, (void *)"no memory\n", MHD_RESPMEM_PERSISTENT);
		type = "text/plain; charset=utf-8";
		pack = false;
	}
	add_header(request, "Content-Type", type);
	add_header(request, "X-Content-Type-Options", "nosniff");
	if (pack)
		add_header(request, "Content-Encoding", "gzip");
	if (request->handler == HANDLER_METRICS || request->handler == HANDLER_PROBE)
		return;
	add_header(request, "Vary", "Accept-Encoding");
	add_header(request, "Cache-Control", "no-cache");
	add_header(request, "Content-Security-Policy", POLICY);
	add_header(request, "Referrer-Policy", "no-referrer");
}

static void
release_arena(void *arena)
{
	arena_free(arena);
}

void
answer_arena(struct request *request, unsigned status, const char *type, struct str *text)
{
	slice piece = str_slice(text);

	if (arena_failed(text->arena)) {
		arena_free(text->arena);
		answer_static(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8",
		    "no memory\n");
		return;
	}
	answer(request, status, type, &piece, 1, release_arena, text->arena);
}

void
answer_copy(struct request *request, unsigned status, const char *type, struct str *text)
{
	slice piece = str_slice(text);
	char *copy = arena_failed(text->arena) ? NULL : malloc(piece.n);

	if (!copy) {
		answer_static(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8",
		    "no memory\n");
		return;
	}
	piece.at = memcpy(copy, piece.at, piece.n);
	answer(request, status, type, &piece, 1, free, copy);
}

static void
release_nothing(void *nothing)
{
	(void)nothing;
}

void
answer_static(struct request *request, unsigned status, const char *type, const char *text)
{
	slice piece = slice_z(text);

	answer(request, status, type, &piece, 1, release_nothing, NULL);
}

void
answer_error(struct request *request, unsigned status, const char *format, ...)
{
	struct arena *arena = arena_new(ERROR_CEILING);
	bool json = request->handler == HANDLER_STATUS || request->handler == HANDLER_TARGET
	    || request->handler == HANDLER_API_PROBE;
	struct str sentence = str_in(arena), text = str_in(arena);
	va_list arguments;

	if (!arena) {
		answer_static(request, status, "text/plain; charset=utf-8", "no memory\n");
		return;
	}
	va_start(arguments, format);
	str_addv(&sentence, format, arguments);
	va_end(arguments);
	if (json) {
		str_addz(&text, "{\"error\":");
		escape_json(&text, str_slice(&sentence));
		str_addz(&text, "}\n");
	} else {
		escape_text(&text, str_slice(&sentence));
		str_addc(&text, '\n');
	}
	answer_arena(
	    request, status, json ? "application/json" : "text/plain; charset=utf-8", &text);
}

struct pieces {
	struct buffer *buffers;
	size_t n;
};

static void
release_pieces(void *data)
{
	struct pieces *pieces = data;

	for (size_t i = 0; i < pieces->n; i++)
		buffer_free(&pieces->buffers[i]);
	free(pieces->buffers);
	free(pieces);
}

void
answer_pieces(struct request *request, const char *type, struct buffer *buffers, size_t n)
{
	struct pieces *pieces = malloc(sizeof *pieces);
	slice *slices = calloc(n, sizeof *slices);
	bool failed = !pieces || !buffers || !slices;
	size_t used = 0;

	for (size_t i = 0; i < n && !failed; i++) {
		failed = buffers[i].failed;
		if (buffers[i].n > 0)
			slices[used++] = buffer_slice(&buffers[i]);
	}
	if (failed) {
		for (size_t i = 0; buffers && i < n; i++)
			buffer_free(&buffers[i]);
		free(buffers);
		free(pieces);
		answer_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory");
	} else {
		*pieces = (struct pieces){ buffers, n };
		answer(request, MHD_HTTP_OK, type, slices, used, release_pieces, pieces);
	}
	free(slices);
}

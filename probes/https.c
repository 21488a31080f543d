/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcurl's multi interface by its socket callbacks: it says what to wait for, conn_wait() waits,
 * and so an answer that drips is late like any other. (Its own wait would not know our deadline,
 * and the sets of select end at descriptor 1023, which an exporter reaches.) Names are resolved by
 * our own resolver and handed over: libcurl's would start a thread that outlives the deadline.
 *
 * The library is opened anew for each request, which for one that is there already only counts: so
 * nothing has to be kept between runs, and nothing is ever unloaded.
 */
#include "https.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/x509.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "https_url.h"

enum { SOCKETS_MAX = 16 };

#define FUNCTIONS(X) \
	X(global_init) \
	X(easy_init) \
	X(easy_setopt) \
	X(easy_getinfo) \
	X(easy_cleanup) \
	X(easy_strerror) \
	X(slist_append) \
	X(slist_free_all) \
	X(multi_init) \
	X(multi_setopt) \
	X(multi_add_handle) \
	X(multi_remove_handle) \
	X(multi_socket_action) \
	X(multi_info_read) \
	X(multi_cleanup)

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

struct library {
#define POINTER(name) typeof(curl_##name) *name;
	FUNCTIONS(POINTER)
#undef POINTER
};

struct transfer {
	struct session *s;
	struct library curl;
	CURL *easy;
	CURLM *multi;
	struct curl_slist *fields, *addresses;
	struct pollfd fds[SOCKETS_MAX]; /* what libcurl wants to be waited for */
	nfds_t n;
	bool timed; /* and at most until then */
	instant due;
	struct str body;
	size_t field_count, field_bytes;
	bool framed;        /* a field says where the body ends */
	const char *excess; /* the limit that the reply went over; NULL for none */
	char error[CURL_ERROR_SIZE];
};

#ifdef STATIC
static bool
load(struct session *s, struct library *curl)
{
	(void)curl;
	return fail(s, CAUSE_LOCAL, "this build cannot use HTTPS: it is static");
}
#else
/* As POSIX has it for dlsym(): a pointer to a function by way of a pointer to an object. */
static bool
find(void *handle, const char *name, void *pointer)
{
	return (*(void **)pointer = dlsym(handle, name)) != NULL;
}

static bool
load(struct session *s, struct library *curl)
{
	void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		return fail(
		    s, CAUSE_LOCAL, "HTTPS needs libcurl (Debian: libcurl4): %s", dlerror());
#define FIND(name) \
	if (!find(handle, "curl_" #name, &curl->name)) \
		return fail(s, CAUSE_LOCAL, "libcurl is too old: it has no curl_" #name "()");
	FUNCTIONS(FIND)
#undef FIND
	/* Counted, and safe from several threads since libcurl 7.84. */
	return curl->global_init(CURL_GLOBAL_DEFAULT) == 0
	    || fail(s, CAUSE_LOCAL, "libcurl cannot be initialized");
}
#endif

static int
socket_changed(CURL *easy, curl_socket_t fd, int what, void *data, void *own)
{
	struct transfer *t = data;
	nfds_t i = 0;

	(void)easy;
	(void)own;
	while (i < t->n && t->fds[i].fd != fd)
		i++;
	if (what == CURL_POLL_REMOVE) {
		if (i < t->n)
			t->fds[i] = t->fds[--t->n];
		return 0;
	}
	if (i == SOCKETS_MAX)
		return -1;
	if (i == t->n)
		t->n++;
	t->fds[i] = (struct pollfd){ .fd = fd };
	if (what & CURL_POLL_IN)
		t->fds[i].events |= POLLIN;
	if (what & CURL_POLL_OUT)
		t->fds[i].events |= POLLOUT;
	return 0;
}

static int
timer_changed(CURLM *multi, long ms, void *data)
{
	struct transfer *t = data;

	(void)multi;
	t->timed = ms >= 0;
	t->due = instant_after(clock_now(), span_ms(ms));
	return 0;
}

static size_t
body_came(char *bytes, size_t one, size_t n, void *data)
{
	struct transfer *t = data;

	(void)one;
	if (n > HTTPS_BODY_MAX - t->body.n) {
		t->excess = "its reply is larger than 64 KiB";
		return 0;
	}
	str_add(&t->body, (slice){ bytes, n });
	return n;
}

static size_t
field_came(char *bytes, size_t one, size_t n, void *data)
{
	struct transfer *t = data;
	slice field = { bytes, n };

	(void)one;
	if (slice_startsi(field, S("HTTP/")))
		t->framed = false;
	t->framed |= slice_startsi(field, S("Content-Length:"))
	    || slice_startsi(field, S("Transfer-Encoding:"));
	t->field_bytes += n;
	if (++t->field_count <= HTTPS_FIELDS_MAX && t->field_bytes <= HTTPS_HEADER_MAX)
		return n;
	t->excess = "its reply has too many header fields";
	return 0;
}

static bool
append(struct transfer *t, struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = text ? t->curl.slist_append(*list, text) : NULL;

	if (longer)
		*list = longer;
	return longer != NULL;
}

/* "HOST:PORT:ADDRESS,[ADDRESS]" for CURLOPT_RESOLVE. False with a finding, or with `why`. */
static bool
resolve(struct transfer *t, const struct https_url *url, struct str *why)
{
	struct session *s = t->s;
	size_t before = s->result->finding_count;
	struct list addresses = { 0 };
	struct str line = str_in(s->arena);

	if (url->bracketed)
		return true;
	if (!conn_resolve(s, url->host, &addresses)) {
		const struct finding *last = &s->result->findings[s->result->finding_count - 1];

		/* Of whom the name is asked is the caller's to say. */
		if (s->result->finding_count > before
		    && (last->cause == CAUSE_DNS_NOT_FOUND || last->cause == CAUSE_DNS_FAILURE)) {
			str_add(why, last->text);
			result_take_back(s->result, before);
		}
		return false;
	}
	str_addf(&line, "%s:%u:", url->host, url->port);
	for (size_t i = 0; i < addresses.n; i++) {
		bool six = memchr(addresses.items[i].at, ':', addresses.items[i].n);

		str_addf(&line, "%s%s%s%s", i ? "," : "", six ? "[" : "", addresses.items[i].at,
		    six ? "]" : "");
	}
	return append(t, &t->addresses, line.at) || fail(s, CAUSE_LOCAL, "no memory for HTTPS");
}

/* The CAs as common/tls.c has them. */
static bool
trust(struct transfer *t)
{
	const struct probe_opts *opts = t->s->common;
	const char *file = opts->ca_file, *path = opts->ca_path;

	if (!file && !path) {
		file = secure_getenv(X509_get_default_cert_file_env());
		path = secure_getenv(X509_get_default_cert_dir_env());
		path = path ? path : X509_get_default_cert_dir();
	}
	return !t->curl.easy_setopt(t->easy, CURLOPT_CAINFO, file)
	    && !t->curl.easy_setopt(t->easy, CURLOPT_CAPATH, path);
}

static bool
fields(struct transfer *t, const struct https_request *request)
{
	for (size_t i = 0; i < request->fields.n; i++)
		if (!append(t, &t->fields, request->fields.items[i].at))
			return false;
	return !t->curl.easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->fields);
}

static bool
body(struct transfer *t, const struct https_request *request)
{
	return !t->curl.easy_setopt(t->easy, CURLOPT_POST, 1L)
	    && !t->curl.easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE, (long)request->form.n)
	    && !t->curl.easy_setopt(t->easy, CURLOPT_POSTFIELDS, request->form.at);
}

static bool
set_up(struct transfer *t, const struct https_request *request)
{
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
		{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	};
	const struct {
		CURLoption option;
		const void *value;
	} others[] = {
		{ CURLOPT_PROTOCOLS_STR, "https" },
		{ CURLOPT_PROXY, "" },
		{ CURLOPT_USERAGENT, "mailprobe/" VERSION },
		{ CURLOPT_URL, request->url },
		{ CURLOPT_RESOLVE, t->addresses },
		{ CURLOPT_ERRORBUFFER, t->error },
		{ CURLOPT_WRITEFUNCTION, body_came },
		{ CURLOPT_WRITEDATA, t },
		{ CURLOPT_HEADERFUNCTION, field_came },
		{ CURLOPT_HEADERDATA, t },
	};

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (t->curl.easy_setopt(t->easy, numbers[i].option, numbers[i].value))
			return false;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (t->curl.easy_setopt(t->easy, others[i].option, others[i].value))
			return false;
	return trust(t) && fields(t, request)
	    && !t->curl.multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, socket_changed)
	    && !t->curl.multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t)
	    && !t->curl.multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, timer_changed)
	    && !t->curl.multi_setopt(t->multi, CURLMOPT_TIMERDATA, t);
}

/* One round: waits for what libcurl wants, and lets it work. */
static bool
turn(struct transfer *t, int *running)
{
	struct pollfd fds[SOCKETS_MAX]; /* a copy, for libcurl changes its own as it works */
	nfds_t n = t->n;
	int ready;

	memcpy(fds, t->fds, n * sizeof fds[0]);
	ready = conn_wait(t->s, fds, n, t->timed ? &t->due : NULL);
	if (ready < 0)
		return false;
	if (ready == 0) {
		/* It does not tell again of a timer for which it was woken too early. */
		t->due = instant_after(clock_now(), span_ms(1));
		t->curl.multi_socket_action(t->multi, CURL_SOCKET_TIMEOUT, 0, running);
		return true;
	}
	for (nfds_t i = 0; i < n; i++) {
		int what = (fds[i].revents & POLLIN ? CURL_CSELECT_IN : 0)
		    | (fds[i].revents & POLLOUT ? CURL_CSELECT_OUT : 0)
		    | (fds[i].revents & (POLLERR | POLLHUP) ? CURL_CSELECT_ERR : 0);

		if (what)
			t->curl.multi_socket_action(t->multi, fds[i].fd, what, running);
	}
	return true;
}

static bool
failed(struct transfer *t, CURLcode code, struct str *why)
{
	long number = 0;

	t->curl.easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &number);
	if (code == CURLE_COULDNT_CONNECT && number > 0) {
		str_addz(why, strerror((int)number));
		return false;
	}
	if (code == CURLE_OUT_OF_MEMORY || code == CURLE_SSL_CACERT_BADFILE)
		return fail(
		    t->s, CAUSE_LOCAL, "%s", *t->error ? t->error : t->curl.easy_strerror(code));
	str_addz(why, t->excess ? t->excess : *t->error ? t->error : t->curl.easy_strerror(code));
	return false;
}

static bool
answered(struct transfer *t, struct https_reply *reply, struct str *why)
{
	const char *type = NULL;
	long status = 0;

	/* libcurl takes a connection that was cut for one that has ended, and half for all. */
	if (!t->framed && t->body.n > 0) {
		str_addz(why, "its reply does not say where it ends");
		return false;
	}
	t->curl.easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->curl.easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &type);
	*reply = (struct https_reply){
		.status = (unsigned)status,
		.type = type ? arena_copy(t->s->arena, slice_z(type)) : (slice){ NULL, 0 },
		.body = str_slice(&t->body),
	};
	return !arena_failed(t->s->arena);
}

static bool
perform(struct transfer *t, struct https_reply *reply, struct str *why)
{
	int running = 1, left;
	CURLMsg *message;

	if (t->curl.multi_add_handle(t->multi, t->easy))
		return fail(t->s, CAUSE_LOCAL, "no memory for HTTPS");
	t->curl.multi_socket_action(t->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	while (running > 0)
		if (!turn(t, &running))
			return false;
	message = t->curl.multi_info_read(t->multi, &left);
	if (!message)
		return fail(t->s, CAUSE_LOCAL, "libcurl has ended without a word");
	return message->data.result == CURLE_OK ? answered(t, reply, why)
	                                        : failed(t, message->data.result, why);
}

static void
let_go(struct transfer *t)
{
	if (t->multi && t->easy)
		t->curl.multi_remove_handle(t->multi, t->easy);
	if (t->easy)
		t->curl.easy_cleanup(t->easy);
	if (t->multi)
		t->curl.multi_cleanup(t->multi);
	if (t->curl.slist_free_all) {
		t->curl.slist_free_all(t->fields);
		t->curl.slist_free_all(t->addresses);
	}
}

static bool
fetch(struct session *s, const struct https_request *request, bool post, struct https_reply *reply,
    struct str *why)
{
	struct transfer t = { .s = s, .body = str_in(s->arena) };
	struct https_url url;
	bool done = false;

	if (!https_url_parse(s->arena, request->url, &url, why))
		return false;
	if (load(s, &t.curl) && resolve(&t, &url, why)) {
		t.easy = t.curl.easy_init();
		t.multi = t.curl.multi_init();
		if (t.easy && t.multi && set_up(&t, request) && (!post || body(&t, request)))
			done = perform(&t, reply, why);
		else
			fail(
			    s, CAUSE_LOCAL, "libcurl has no memory, or is too old: 7.85 is needed");
	}
	let_go(&t);
	return done;
}

bool
https_get(struct session *s, const struct https_request *request, struct https_reply *reply,
    struct str *why)
{
	return fetch(s, request, false, reply, why);
}

bool
https_post(struct session *s, const struct https_request *request, struct https_reply *reply,
    struct str *why)
{
	return fetch(s, request, true, reply, why);
}

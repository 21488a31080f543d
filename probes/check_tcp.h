/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CHECK_TCP_H
#define CHECK_TCP_H

/*
 * The options of check_imap, check_simap, check_pop and check_spop, which are all check_tcp of the
 * Monitoring Plugins under other names: for configurations that were written for those.
 */

#include "conn.h"

struct check_tcp {
	struct list send;          /* -s; once complete, the lines in them, escapes resolved */
	struct list quit;          /* -q; likewise */
	bool escape;               /* -E */
	bool all;                  /* -A */
	unsigned refuse, mismatch; /* -r, -M: 1 + the state, 0 where not given */
	const char *max_bytes;     /* -m */
	const char *delay;         /* -d */
	uint64_t most;             /* once complete: octets that --expect is looked for in */
};

extern const struct opt_word check_tcp_states[];

/* Their rows, for a probe's table; `type` has a member `tcp` and one `common`. */
#define CHECK_TCP_OPTIONS(type) \
	OPT(type, tcp.send, .name = "send", .letter = 's', .arg = "LINE", .secret = true, \
	    .help = "say this line, behind the login if there is one; repeatable. --expect is " \
	            "looked for in the answer too."), \
	    OPT(type, common.tls, .name = "ssl", .letter = 'S', .set = "implicit", \
	        .words = tls_words, .compat = true, .help = "--tls=implicit"), \
	    OPT(type, tcp.escape, .name = "escape", .letter = 'E', .compat = true, \
	        .help = "\\n, \\r, \\t and \\\\ mean what they mean in C in --send and --quit"), \
	    OPT(type, tcp.quit, .name = "quit", .letter = 'q', .arg = "LINE", .compat = true, \
	        .help = "say this line at the end, instead of the protocol's own"), \
	    OPT(type, tcp.all, .name = "all", .letter = 'A', .compat = true, \
	        .help = "all texts of --expect must occur, not just one of them"), \
	    OPT(type, tcp.refuse, .name = "refuse", .letter = 'r', .arg = "ok|warn|crit", \
	        .words = check_tcp_states, .compat = true, \
	        .help = "the state when the host refuses the connection"), \
	    OPT(type, tcp.mismatch, .name = "mismatch", .letter = 'M', .arg = "ok|warn|crit", \
	        .words = check_tcp_states, .compat = true, .help = "--unexpected=STATE"), \
	    OPT(type, tcp.max_bytes, .name = "maxbytes", .letter = 'm', .arg = "BYTES", \
	        .compat = true, .help = "look for --expect in so many bytes only"), \
	    OPT(type, tcp.delay, .name = "delay", .letter = 'd', .arg = "SECONDS", .compat = true, \
	        .help = "changes nothing: the answer to --send is awaited"), \
	    OPT(type, common.jail, .name = "jail", .letter = 'j', .compat = true, \
	        .help = "show nothing that the server said"), \
	    OPT(type, common.server_name, .name = "sni", .arg = "NAME", .compat = true, \
	        .help = "--server-name=NAME")

/*
 * Makes of them what they mean for the common options, and the lines to say. `port` is the
 * protocol's own for clear text. For a probe's `complete`, in front of everything else, with its
 * contract.
 */
bool check_tcp_complete(struct check_tcp *tcp, struct probe_opts *common, unsigned port,
    struct arena *arena, enum cause *cause, struct str *error);

/*
 * What of a line of --send may be seen: all but what follows a command that logs in, whose words
 * are made secrets of.
 */
slice check_tcp_shown(struct session *s, slice line);

/*
 * Looks for --expect in `heard`. A finding stands in the lap `lap` with the `greeting` as reply;
 * LAP_NONE: there was none, and nothing is looked for.
 */
void check_tcp_expect(
    struct session *s, const struct check_tcp *tcp, slice heard, int lap, slice greeting);

#endif

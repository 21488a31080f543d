/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One probe's metrics in OpenMetrics 1.0 text. The probe_* names and their meaning are
 * blackbox_exporter's, so that its dashboards and alerts go on working: what it always exports is
 * always here, as 0 where there is nothing. Of our own, what was not measured is absent. WARNING
 * counts as success: a service that is slow or whose certificate ends next month is not down, and
 * mailprobe_state tells it apart.
 *
 * The *_info metrics are gauges, as in blackbox_exporter, and not of OpenMetrics' type info: the
 * text is also read by node_exporter's textfile collector, whose parser of format 0.0.4 refuses a
 * whole file for one type that it does not know. UNIT and EOF are mere comments to it.
 */
#include "render_parts.h"

static void
family(struct str *out, const char *name, const char *unit, const char *help)
{
	str_addf(out, "# TYPE %s gauge\n", name);
	if (unit)
		str_addf(out, "# UNIT %s %s\n", name, unit);
	str_addf(out, "# HELP %s %s\n", name, help);
}

/* `{name="value"`, or `,name="value"` behind another. */
static void
add_label(struct str *out, char before, const char *name, slice value)
{
	str_addf(out, "%c%s=\"", before, name);
	escape_label(out, value);
	str_addc(out, '"');
}

static void
gauge(struct str *out, const char *name, double number, const char *help)
{
	family(out, name, NULL, help);
	str_addf(out, "%s ", name);
	escape_number(out, number);
	str_addc(out, '\n');
}

static void
seconds(struct str *out, const char *name, span value, const char *help)
{
	family(out, name, "seconds", help);
	str_addf(out, "%s ", name);
	escape_seconds(out, value, 6);
	str_addc(out, '\n');
}

static unsigned
ip_protocol(slice address)
{
	if (address.n == 0)
		return 0;
	return slice_find(address, S(":")) < address.n ? 6 : 4;
}

/* OpenSSL says "TLSv1.3" and "TLSv1" where blackbox_exporter has "TLS 1.3" and "TLS 1.0". */
static slice
blackbox_version(struct arena *arena, slice version)
{
	struct str text = str_in(arena);

	if (!slice_starts(version, S("TLSv")))
		return version;
	str_addz(&text, "TLS ");
	str_add(&text, slice_skip(version, 4));
	if (version.n == 5)
		str_addz(&text, ".0");
	return str_slice(&text);
}

static void
blackbox(struct str *out, const struct result *result)
{
	const struct lap *dns = result_lap(result, slice_z(phase_infos[PHASE_DNS].name));
	const struct fact_value *end = &result->facts[FACT_CERT_NOT_AFTER];
	slice version = part_known(result, FACT_TLS_VERSION);
	enum state state = result->verdict.state;

	gauge(out, "probe_success", state == STATE_OK || state == STATE_WARNING,
	    "1 when the service works: the state is OK or WARNING.");
	seconds(out, "probe_duration_seconds", result->total,
	    "Time of the whole probe up to the goodbye.");
	seconds(out, "probe_dns_lookup_time_seconds", dns && dns->ran ? dns->length : span_ms(0),
	    "Time of resolving the name.");
	gauge(out, "probe_ip_protocol", ip_protocol(result->address),
	    "4 or 6, the IP version that was used, 0 without a connection.");
	if (end->known)
		gauge(out, "probe_ssl_earliest_cert_expiry", (double)end->time,
		    "Earliest end of any certificate of the chain, in Unix time.");
	if (!version.at)
		return;
	family(out, "probe_tls_version_info", NULL, "TLS protocol version.");
	str_addz(out, "probe_tls_version_info");
	add_label(out, '{', "version", blackbox_version(out->arena, version));
	str_addz(out, "} 1\n");
}

static void
failure(struct str *out, const struct result *result)
{
	const struct verdict *v = &result->verdict;

	gauge(out, "mailprobe_state", v->state, "0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.");
	if (v->cause == CAUSE_NONE)
		return;
	family(out, "mailprobe_failure_info", NULL,
	    "Where and why the probe is not OK; no phase for wrong options and local trouble.");
	str_addz(out, "mailprobe_failure_info");
	add_label(out, '{', "phase", v->phase);
	add_label(out, ',', "cause", slice_z(cause_infos[v->cause].name));
	str_addz(out, "} 1\n");
}

static void
phases(struct str *out, const struct result *result)
{
	bool begun = false;

	for (size_t i = 0; i < result->lap_count; i++) {
		const struct lap *lap = &result->laps[i];

		if (!lap->ran)
			continue;
		if (!begun)
			family(out, "mailprobe_phase_duration_seconds", "seconds",
			    "Time of each phase that ran.");
		begun = true;
		str_addz(out, "mailprobe_phase_duration_seconds");
		add_label(out, '{', "phase", lap_name(out->arena, lap));
		str_addz(out, "} ");
		escape_seconds(out, lap->length, 6);
		str_addc(out, '\n');
	}
}

static void
value(struct str *out, slice name, double number)
{
	str_addz(out, "mailprobe_value");
	add_label(out, '{', "name", name);
	str_addz(out, "} ");
	escape_number(out, number);
	str_addc(out, '\n');
}

static void
values(struct str *out, const struct result *result)
{
	bool begun = false;

	for (enum fact fact = 0; fact < FACTS; fact++) {
		if (!fact_infos[fact].value || !result->facts[fact].known)
			continue;
		if (!begun)
			family(out, "mailprobe_value", NULL,
			    "Counted values, by the names that thresholds use.");
		begun = true;
		value(out, slice_z(fact_infos[fact].value), result->facts[fact].number);
	}
	for (size_t i = 0; i < result->value_count; i++) /* behind those of the first mailbox */
		value(out, result->values[i].name, result->values[i].number);
}

static void
connection(struct str *out, const struct result *result)
{
	const struct fact_value *rtt = &result->facts[FACT_TCP_RTT];
	slice version = part_known(result, FACT_TLS_VERSION);
	slice mechanism = part_known(result, FACT_AUTH_MECHANISM);

	if (rtt->known) {
		family(out, "mailprobe_tcp_rtt_seconds", "seconds",
		    "The network's round-trip time, measured by TCP at connect.");
		str_addz(out, "mailprobe_tcp_rtt_seconds ");
		escape_number(out, rtt->number);
		str_addc(out, '\n');
	}
	if (version.at) {
		family(out, "mailprobe_tls_info", NULL, "What the TLS handshake agreed on.");
		str_addz(out, "mailprobe_tls_info");
		add_label(out, '{', "version", version);
		add_label(out, ',', "cipher", part_known(result, FACT_TLS_CIPHER));
		add_label(out, ',', "group", part_known(result, FACT_TLS_GROUP));
		str_addz(out, "} 1\n");
	}
	if (mechanism.at) {
		family(out, "mailprobe_auth_info", NULL, "The SASL mechanism that was used.");
		str_addz(out, "mailprobe_auth_info");
		add_label(out, '{', "mechanism", mechanism);
		str_addz(out, "} 1\n");
	}
}

void
render_openmetrics(const struct result *result, struct str *out)
{
	blackbox(out, result);
	failure(out, result);
	phases(out, result);
	values(out, result);
	connection(out, result);
	str_addz(out, "# EOF\n");
}

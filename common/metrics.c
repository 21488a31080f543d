/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a result to samples. The probe_* names and their meaning are blackbox_exporter's, so that
 * its dashboards and alerts go on working. WARNING counts as success: a service that is slow or
 * whose certificate ends next month is not down, and mailprobe_state tells it apart.
 *
 * The *_info metrics are gauges, as in blackbox_exporter, and not of OpenMetrics' type info: the
 * text is also read by node_exporter's textfile collector, whose parser of format 0.0.4 refuses a
 * whole file for one type that it does not know. UNIT and EOF are mere comments to it.
 */
#include "metrics.h"

#include "render_parts.h"

const struct metric_info metric_infos[METRICS] = {
#define METRIC(id, name_, kind_, unit_, scope_, labels_, help_) \
	[METRIC_##id] = { name_, METRIC_##kind_, unit_, METRIC_##scope_, labels_, help_ },
#include "metrics.def"
#undef METRIC
};

void
metric_family(struct str *out, enum metric metric, bool openmetrics)
{
	static const char *const kinds[] = {
		[METRIC_GAUGE] = "gauge",
		[METRIC_COUNTER] = "counter",
		[METRIC_HISTOGRAM] = "histogram",
	};
	const struct metric_info *info = &metric_infos[metric];
	slice name = slice_z(info->name);

	if (openmetrics && info->kind == METRIC_COUNTER)
		name.n -= sizeof "_total" - 1;
	str_addz(out, "# TYPE ");
	str_add(out, name);
	str_addc(out, ' ');
	str_addz(out, kinds[info->kind]);
	if (info->unit) {
		str_addz(out, "\n# UNIT ");
		str_add(out, name);
		str_addc(out, ' ');
		str_addz(out, info->unit);
	}
	str_addz(out, "\n# HELP ");
	str_add(out, name);
	str_addc(out, ' ');
	str_addz(out, info->help);
	str_addc(out, '\n');
}

static void
add(struct samples *samples, struct arena *arena, enum metric metric, slice labels, slice number)
{
	size_t size = samples->size ? samples->size * 2 : 32;
	struct sample *items = samples->items;

	if (samples->n == samples->size) {
		if (!(items = arena_array(arena, size, sizeof *items)))
			return;
		if (samples->n > 0)
			memcpy(items, samples->items, samples->n * sizeof *items);
		*samples = (struct samples){ .items = items, .n = samples->n, .size = size };
	}
	items[samples->n++] = (struct sample){ metric, labels, number };
}

static slice
number_text(struct arena *arena, double number)
{
	struct str text = str_in(arena);

	escape_number(&text, number);
	return str_slice(&text);
}

static slice
seconds_text(struct arena *arena, span length)
{
	struct str text = str_in(arena);

	escape_seconds(&text, length, 6);
	return str_slice(&text);
}

/* `,name="value"`, without the comma in front of the first. */
static void
add_label(struct str *out, const char *name, slice value)
{
	if (out->n > 0)
		str_addc(out, ',');
	str_addz(out, name);
	str_addz(out, "=\"");
	escape_label(out, value);
	str_addc(out, '"');
}

static slice
label(struct arena *arena, const char *name, slice value)
{
	struct str text = str_in(arena);

	add_label(&text, name, value);
	return str_slice(&text);
}

static slice
ip_protocol(slice address)
{
	if (address.n == 0)
		return S("0");
	return slice_find(address, S(":")) < address.n ? S("6") : S("4");
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

/* Of both servers of a round trip, what there is more reason to look at. */
static slice
lowest_version(const struct result *result)
{
	slice lowest = { NULL, 0 };

	for (enum side side = SIDE_NONE; side < SIDES; side++) {
		const struct fact_value *facts = result_facts(result, side);
		slice version = facts ? part_known(facts, FACT_TLS_VERSION) : lowest;

		if (!lowest.at
		    || (version.at
		        && memcmp(
		               version.at, lowest.at, version.n < lowest.n ? version.n : lowest.n)
		            < 0))
			lowest = version;
	}
	return lowest;
}

static const struct fact_value *
earliest_end(const struct result *result, enum fact fact)
{
	const struct fact_value *earliest = &result->facts[fact];

	for (enum side side = SIDE_SUBMIT; side < SIDES; side++) {
		const struct fact_value *facts = result_facts(result, side);
		const struct fact_value *end = facts ? &facts[fact] : earliest;

		if (end->known && (!earliest->known || end->time < earliest->time))
			earliest = end;
	}
	return earliest;
}

/* Whether nothing was wrong with the certificate. */
static bool
verified(const struct result *result)
{
	for (size_t i = 0; i < result->finding_count; i++)
		if (result->findings[i].cause >= CAUSE_CERT_UNTRUSTED
		    && result->findings[i].cause <= CAUSE_CERT_REVOKED)
			return false;
	return !result->facts[FACT_CERT_ERROR].known;
}

static void
blackbox(struct samples *to, struct arena *arena, const struct result *result)
{
	const struct lap *dns = result_lap(result, slice_z(phase_infos[PHASE_DNS].name));
	const struct fact_value *sent = earliest_end(result, FACT_CERT_SENT_NOT_AFTER);
	const struct fact_value *end = earliest_end(result, FACT_CERT_NOT_AFTER);
	slice version = lowest_version(result);
	bool works = result->verdict.state == STATE_OK || result->verdict.state == STATE_WARNING;

	add(to, arena, METRIC_SUCCESS, S(""), works ? S("1") : S("0"));
	add(to, arena, METRIC_DURATION, S(""), seconds_text(arena, result->total));
	add(to, arena, METRIC_DNS_LOOKUP, S(""),
	    seconds_text(arena, dns && dns->ran ? dns->length : span_ms(0)));
	add(to, arena, METRIC_IP_PROTOCOL, S(""), ip_protocol(result->address));
	if (sent->known)
		add(to, arena, METRIC_CERT_EXPIRY, S(""), number_text(arena, (double)sent->time));
	if (end->known && verified(result))
		add(to, arena, METRIC_CHAIN_EXPIRY, S(""), number_text(arena, (double)end->time));
	if (version.at)
		add(to, arena, METRIC_TLS_VERSION,
		    label(arena, "version", blackbox_version(arena, version)), S("1"));
}

static void
verdict(struct samples *to, struct arena *arena, const struct verdict *v)
{
	struct str labels = str_in(arena);

	add(to, arena, METRIC_STATE, S(""), number_text(arena, v->state));
	if (v->cause == CAUSE_NONE)
		return;
	add_label(&labels, "phase", v->phase);
	add_label(&labels, "cause", slice_z(cause_infos[v->cause].name));
	add(to, arena, METRIC_FAILURE, str_slice(&labels), S("1"));
}

static void
phases(struct samples *to, struct arena *arena, const struct result *result)
{
	for (size_t i = 0; i < result->lap_count; i++) {
		const struct lap *lap = &result->laps[i];

		if (lap->ran)
			add(to, arena, METRIC_PHASE_DURATION,
			    label(arena, "phase", lap_name(arena, lap)),
			    seconds_text(arena, lap->length));
	}
}

static void
values(struct samples *to, struct arena *arena, const struct result *result)
{
	for (enum side side = SIDE_NONE; side < SIDES; side++) {
		const struct fact_value *facts = result_facts(result, side);

		for (enum fact fact = 0; facts && fact < FACTS; fact++)
			if (fact_infos[fact].value && facts[fact].known)
				add(to, arena, METRIC_VALUE,
				    label(arena, "name",
				        str_f(arena, "%s%s", side_infos[side].prefix,
				            fact_infos[fact].value)),
				    number_text(arena, facts[fact].number));
	}
	for (size_t i = 0; i < result->value_count; i++) /* behind those of the first mailbox */
		add(to, arena, METRIC_VALUE, label(arena, "name", result->values[i].name),
		    number_text(arena, result->values[i].number));
}

/* Of a round trip's two connections, with a label that tells them apart. */
static void
connection(struct samples *to, struct arena *arena, const struct fact_value *facts, enum side side,
    enum metric metric)
{
	struct str labels = str_in(arena);
	slice version = part_known(facts, FACT_TLS_VERSION);
	slice mechanism = part_known(facts, FACT_AUTH_MECHANISM);

	if (side != SIDE_NONE)
		add_label(&labels, "side", slice_z(side_infos[side].probe));
	if (metric == METRIC_TCP_RTT && facts[FACT_TCP_RTT].known)
		add(to, arena, metric, str_slice(&labels),
		    number_text(arena, facts[FACT_TCP_RTT].number));
	if (metric == METRIC_TLS && version.at) {
		add_label(&labels, "version", version);
		add_label(&labels, "cipher", part_known(facts, FACT_TLS_CIPHER));
		add_label(&labels, "group", part_known(facts, FACT_TLS_GROUP));
		add(to, arena, metric, str_slice(&labels), S("1"));
	}
	if (metric == METRIC_AUTH && mechanism.at) {
		add_label(&labels, "mechanism", mechanism);
		add(to, arena, metric, str_slice(&labels), S("1"));
	}
}

/* Metric by metric: the samples of one stand together. */
static void
connections(struct samples *to, struct arena *arena, const struct result *result)
{
	static const enum metric metrics[] = { METRIC_TCP_RTT, METRIC_TLS, METRIC_AUTH };

	for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
		for (enum side side = SIDE_NONE; side < SIDES; side++)
			if (result_facts(result, side))
				connection(to, arena, result_facts(result, side), side, metrics[i]);
}

/* By the state file, which outlives runs and restarts. */
static void
roundtrip(struct samples *to, struct arena *arena, const struct result *result)
{
	static const struct {
		enum metric metric;
		enum fact fact;
	} numbers[] = {
		{ METRIC_DELIVERY, FACT_DELAY },
		{ METRIC_SENT, FACT_SENT },
		{ METRIC_RECEIVED, FACT_RECEIVED },
		{ METRIC_LOST, FACT_LOST },
		{ METRIC_IN_FLIGHT, FACT_IN_FLIGHT },
	};

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (result->facts[numbers[i].fact].known)
			add(to, arena, numbers[i].metric, S(""),
			    number_text(arena, result->facts[numbers[i].fact].number));
	for (size_t i = 0; i < result->value_count; i++) {
		slice rest = result->values[i].name;

		if (result->values[i].fact != FACT_HOP_DELAY)
			continue;
		slice_cut(&rest, '[');
		add(to, arena, METRIC_HOP_DELAY, label(arena, "hop", slice_head(rest, rest.n - 1)),
		    number_text(arena, result->values[i].number));
	}
}

struct samples
samples_of(const struct result *result, struct arena *arena)
{
	struct samples samples = { 0 };

	blackbox(&samples, arena, result);
	verdict(&samples, arena, &result->verdict);
	phases(&samples, arena, result);
	values(&samples, arena, result);
	connections(&samples, arena, result);
	roundtrip(&samples, arena, result);
	return samples;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A result made of the input's bytes, through the judge and each renderer. What comes out is read
 * by the strict readers of the golden tests: well-formed, UTF-8, no control bytes, one bar in the
 * status line.
 */
#include "../golden/golden.h"
#include "fuzz.h"
#include "render.h"

static void
laps(struct result *result, slice *rest)
{
	for (unsigned n = feed_byte(rest) % 12; n > 0; n--) {
		span length = { (int64_t)feed_byte(rest) * 1234567 };
		struct lap lap = { .phase = feed_byte(rest) % PHASES,
			.run = 1,
			.start = result->end,
			.ran = feed_byte(rest) % 4 != 0 };

		for (size_t i = 0; i < result->lap_count; i++)
			lap.run += result->laps[i].phase == lap.phase;
		lap.goodbye = lap.phase == PHASE_QUIT;
		if (lap.ran) {
			lap.length = length;
			result->end = instant_after(result->end, length);
		}
		result_add_lap(result, lap);
		if (!lap.goodbye)
			result->total = span_between(result->start, result->end);
	}
}

static void
findings(struct result *result, slice *rest)
{
	for (unsigned n = feed_byte(rest) % 5; n > 0; n--) {
		enum cause cause = 1 + feed_byte(rest) % (CAUSES - 1);
		bool placed = result->lap_count > 0 && cause != CAUSE_LOCAL && cause != CAUSE_USAGE;
		struct finding finding = { .cause = cause,
			.state = feed_byte(rest) % 4,
			.lap = placed ? (int)(feed_byte(rest) % result->lap_count) : LAP_NONE };

		if (cause == CAUSE_LOCAL || cause == CAUSE_USAGE)
			finding.state = cause_infos[cause].state; /* which no option changes */
		finding.text = feed_piece(rest);
		if (feed_byte(rest) % 2)
			finding.reply = feed_piece(rest);
		result_add(result, finding);
	}
}

static void
facts(struct result *result, slice *rest)
{
	for (unsigned n = feed_byte(rest) % 8; n > 0; n--) {
		enum fact fact = feed_byte(rest) % FACTS;
		struct fact_value *value = &result->facts[fact];

		*value = (struct fact_value){ .known = true };
		switch (fact_infos[fact].kind) {
		case FACT_FLAG:
			value->flag = feed_byte(rest) % 2;
			break;
		case FACT_NUMBER:
			value->number = (double)feed_byte(rest) / (double)feed_byte(rest);
			break;
		case FACT_TIME:
			value->time = (time_t)feed_byte(rest) << feed_byte(rest) % 48;
			break;
		case FACT_TEXT:
			value->text = feed_piece(rest);
			break;
		case FACT_LIST:
			for (unsigned items = feed_byte(rest) % 4; items > 0; items--)
				list_add(result->arena, &value->list, feed_piece(rest));
		}
	}
}

static void
others(struct result *result, slice *rest)
{
	result->host = feed_piece(rest);
	result->address = feed_byte(rest) % 2 ? S("192.0.2.25") : (slice){ NULL, 0 };
	result->port = feed_byte(rest);
	result->achieved = feed_byte(rest) % 2 ? "message accepted" : NULL;
	for (unsigned n = feed_byte(rest) % 4; n > 0; n--)
		list_add(result->arena, &result->plan.phases,
		    slice_z(phase_infos[feed_byte(rest) % PHASES].name));
	for (unsigned n = feed_byte(rest) % 4; n > 0; n--)
		result_add_transcript(result, (struct transcript_line){ .when = result->start,
		                                  .from = "CS*"[feed_byte(rest) % 3],
		                                  .text = feed_piece(rest) });
}

static void
right(const char *wrong)
{
	if (wrong)
		fprintf(stderr, "%s\n", wrong);
	demand(!wrong);
}

static void
render(
    const struct result *result, const struct thresholds *thresholds, unsigned columns, slice input)
{
	struct arena *arena = arena_new(64 << 20);
	struct str nagios = str_in(arena), json = nagios, metrics = nagios, bars = nagios,
	           ascii = nagios;

	render_nagios(result, thresholds, 1, &nagios);
	render_json(result, &json);
	render_openmetrics(result, &metrics);
	render_waterfall(result, columns, true, &bars);
	render_waterfall(result, columns, false, &ascii);
	demand(!arena_failed(arena));
	right(strict_nagios(nagios.at, nagios.n));
	right(strict_json(json.at, json.n));
	/* The reader knows a repetition by its text, which an input that imitates one has too. */
	if (slice_find(input, S("# TYPE")) == input.n && slice_find(input, S("probe_")) == input.n)
		right(strict_openmetrics(metrics.at, metrics.n));
	right(strict_text(bars.at, bars.n));
	right(strict_text(ascii.at, ascii.n));
	for (size_t i = 0; i < ascii.n; i++)
		demand((unsigned char)ascii.at[i] < 0x80);
	arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice input = { (const char *)data, n }, rest = input;
	struct arena *arena = arena_new(16 << 20);
	struct result *result = arena ? result_new(arena, "smtp", "SMTP") : NULL;
	struct thresholds thresholds = { 0 };
	struct str error = str_in(arena);
	enum state worst = STATE_OK;

	demand(result != NULL);
	laps(result, &rest);
	findings(result, &rest);
	facts(result, &rest);
	others(result, &rest);
	if (feed_byte(&rest) % 2)
		thresholds_add(&thresholds, arena, S("0.1"), STATE_WARNING, &error);
	for (size_t i = 0; i < result->finding_count; i++)
		worst = state_worse(worst, result->findings[i].state);
	judge(result, &thresholds);
	demand(state_worse(result->verdict.state, worst) == result->verdict.state);
	render(result, &thresholds, 40 + feed_byte(&rest), input);
	arena_free(arena);
	return 0;
}

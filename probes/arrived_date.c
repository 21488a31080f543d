/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dates of a header: RFC 5322 section 3.3, and the obsolete forms of section 4.3. What may
 * surprise: a zone that only its people know (CET, one letter other than Z) makes no date, though
 * section 4.3 would have it read as UTC: hours would be off, and a delay with them.
 */
#include "arrived_scan.h"

/* A number of a certain count of digits. */
static bool
digits(slice text, size_t least, size_t most, uint64_t max, int *number)
{
	uint64_t value;

	if (text.n < least || text.n > most || !slice_number(text, max, &value))
		return false;
	*number = (int)value;
	return true;
}

/* Which of the names, of three letters each. */
static bool
named(slice text, slice names, int *which)
{
	for (size_t i = 0; i + 3 <= names.n; i += 3) {
		if (slice_eqi(text, slice_head(slice_skip(names, i), 3))) {
			*which = (int)(i / 3);
			return true;
		}
	}
	return false;
}

/*
 * day-of-week = ([FWS] day-name) ; day-name = "Mon" / "Tue" / ...
 *
 * Takes it off with its comma; some leave that out. Whether the day is that date's is not our
 * matter.
 */
static void
day_of_week(slice *rest)
{
	slice behind = *rest, word;
	int day;

	if (!arrived_word(&behind, S(","), &word) || !named(word, S("montuewedthufrisatsun"), &day))
		return;
	*rest = behind;
	if (arrived_token_proper(&behind, S(",")).kind == ARRIVED_SPECIAL)
		*rest = behind;
}

/* year = (FWS 4*DIGIT FWS) / obs-year ; obs-year = [CFWS] 2*DIGIT [CFWS] */
static bool
year(slice word, int *of_1900)
{
	int number;

	if (!digits(word, 2, 4, 9999, &number))
		return false;
	if (word.n == 2 && number < 50)
		number += 2000;
	else if (word.n < 4)
		number += 1900;
	*of_1900 = number - 1900;
	return number >= 1900;
}

/*
 * date = day month year
 *
 * timegm() would take the 31st of February for the 3rd of March, and a day 0 for the one before.
 */
static bool
date(slice *rest, time_t *midnight)
{
	struct tm tm = { 0 };
	slice word;
	int day;

	if (!arrived_word(rest, S(""), &word) || !digits(word, 1, 2, 31, &day)
	    || !arrived_word(rest, S(""), &word)
	    || !named(word, S("janfebmaraprmayjunjulaugsepoctnovdec"), &tm.tm_mon)
	    || !arrived_word(rest, S(""), &word) || !year(word, &tm.tm_year))
		return false;
	tm.tm_mday = day;
	*midnight = timegm(&tm);
	return tm.tm_mday == day;
}

/*
 * time-of-day = hour ":" minute [ ":" second ]
 *
 * Section 4.3 allows comments and blanks around the colons; one digit will do, a leap second is
 * one.
 */
static bool
time_of_day(slice *rest, int *seconds)
{
	int hour, minute, second = 0;
	slice word, behind;

	if (!arrived_word(rest, S(":"), &word) || !digits(word, 1, 2, 23, &hour)
	    || arrived_token_proper(rest, S(":")).kind != ARRIVED_SPECIAL
	    || !arrived_word(rest, S(":"), &word) || !digits(word, 1, 2, 59, &minute))
		return false;
	behind = *rest;
	if (arrived_token_proper(&behind, S(":")).kind == ARRIVED_SPECIAL) {
		if (!arrived_word(&behind, S(":"), &word) || !digits(word, 1, 2, 60, &second))
			return false;
		*rest = behind;
	}
	*seconds = (hour * 60 + minute) * 60 + second;
	return true;
}

/* obs-zone = "UT" / "GMT" / "EST" / "EDT" / ... / %d65-73 / ... ; "UTC" is common */
static bool
obsolete_zone(slice word, int *seconds)
{
	static const struct {
		slice name;
		int hours;
	} zones[] = {
		{ .name = SLICE("GMT"), .hours = 0 },
		{ .name = SLICE("UT"), .hours = 0 },
		{ .name = SLICE("UTC"), .hours = 0 },
		{ .name = SLICE("Z"), .hours = 0 },
		{ .name = SLICE("EST"), .hours = -5 },
		{ .name = SLICE("EDT"), .hours = -4 },
		{ .name = SLICE("CST"), .hours = -6 },
		{ .name = SLICE("CDT"), .hours = -5 },
		{ .name = SLICE("MST"), .hours = -7 },
		{ .name = SLICE("MDT"), .hours = -6 },
		{ .name = SLICE("PST"), .hours = -8 },
		{ .name = SLICE("PDT"), .hours = -7 },
	};

	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		if (slice_eqi(word, zones[i].name)) {
			*seconds = zones[i].hours * 3600;
			return true;
		}
	}
	return false;
}

/* zone = (FWS ( "+" / "-" ) 4DIGIT) / obs-zone */
static bool
zone(slice word, int *seconds)
{
	int hours, minutes;

	if (!slice_starts(word, S("+")) && !slice_starts(word, S("-")))
		return obsolete_zone(word, seconds);
	if (word.n != 5 || !digits(slice_head(slice_skip(word, 1), 2), 2, 2, 99, &hours)
	    || !digits(slice_skip(word, 3), 2, 2, 59, &minutes))
		return false;
	*seconds = (word.at[0] == '-' ? -60 : 60) * (hours * 60 + minutes);
	return true;
}

/* date-time = [ day-of-week "," ] date time [CFWS] ; time = time-of-day zone */
bool
arrived_date(slice text, time_t *when)
{
	int seconds, offset;
	time_t midnight;
	slice word;

	day_of_week(&text);
	if (!date(&text, &midnight) || !time_of_day(&text, &seconds)
	    || !arrived_word(&text, S(""), &word) || !zone(word, &offset))
		return false;
	*when = midnight + seconds - offset;
	return true;
}

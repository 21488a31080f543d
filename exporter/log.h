/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LOG_H
#define LOG_H

/*
 * The exporter's log, on standard error: one line an event, as logfmt or as JSON. What servers said
 * is escaped; results are masked already. May be called from any thread; a line is one write().
 */

#include "slice.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

enum log_format { LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };

/* Before any thread begins. Without it: info and above, as logfmt. */
void log_setup(enum log_level least, enum log_format format);

/* One more thing that belongs to the event. */
struct log_field {
	const char *key;
	slice value;
};

/* `fields` ends with a NULL key. */
void log_event(enum log_level level, const char *message, const struct log_field *fields);

#define LOG(level, message, ...) \
	log_event(LOG_LEVEL_##level, message, \
	    (const struct log_field[]){ __VA_ARGS__{ NULL, { NULL, 0 } } })

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability lists: what is in them, and what has to be. */
#include "capabilities.h"

bool
capabilities_have(
    const struct list *lines, slice (*split)(slice, slice *), slice keyword, slice parameter)
{
	for (size_t i = 0; i < lines->n; i++) {
		slice parameters;

		if (!slice_eqi(split(lines->items[i], &parameters), keyword))
			continue;
		if (parameter.n == 0)
			return true;
		while (parameters.at)
			if (slice_eqi(slice_cut(&parameters, ' '), parameter))
				return true;
	}
	return false;
}

void
capabilities_compare(
    struct session *s, int lap, bool (*advertised)(struct session *s, slice wanted))
{
	const slice none = { NULL, 0 };
	const struct list *require = &s->common->require, *forbid = &s->common->forbid;

	if (lap == LAP_NONE)
		return;
	for (size_t i = 0; i < require->n; i++)
		if (!advertised(s, require->items[i]))
			note_in(s, lap, CAUSE_CAPABILITY_MISSING, none, "%s is not advertised",
			    require->items[i].at);
	for (size_t i = 0; i < forbid->n; i++)
		if (advertised(s, forbid->items[i]))
			note_in(s, lap, CAUSE_CAPABILITY_FORBIDDEN, none, "%s is advertised",
			    forbid->items[i].at);
}

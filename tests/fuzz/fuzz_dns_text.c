/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Data of DNS records: text of TXT is no longer than its data, a name written back is the same
 * data, what is refused leaves no trace, and MX has a name wherever its rest is one.
 */
#include "dns_text.h"
#include "fuzz.h"

/* The name's data again, from its text: "\DDD" and "\x" undone. */
static slice
wire(struct arena *arena, slice text)
{
	struct str out = str_in(arena);

	for (bool more = !slice_eq(text, S(".")); more;) {
		struct str label = str_in(arena);

		while (text.n > 0 && text.at[0] != '.') {
			uint64_t value = (unsigned char)text.at[0];

			if (value == '\\' && slice_number(slice_head(slice_skip(text, 1), 3), 255, &value)) {
				text = slice_skip(text, 3);
			} else if (value == '\\') {
				text = slice_skip(text, 1);
				demand(text.n > 0);
				value = (unsigned char)text.at[0];
			}
			str_addc(&label, (char)value);
			text = slice_skip(text, 1);
		}
		demand(label.n > 0 && label.n <= DNS_LABEL_MAX);
		str_addc(&out, (char)label.n);
		str_add(&out, str_slice(&label));
		more = text.n > 0;
		text = slice_skip(text, 1);
	}
	str_addc(&out, '\0');
	return str_slice(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice rdata = { (const char *)data, n };
	struct arena *arena = arena_new(1 << 20);
	unsigned preference = 1 << 20;
	struct str out, name;

	demand(arena != NULL);
	out = name = str_in(arena);
	if (txt_rdata(rdata, &out))
		demand(out.n < n);
	else
		demand(out.n == 0);
	out = str_in(arena);
	if (name_rdata(rdata, &name)) {
		demand(n <= DNS_NAME_MAX && name.n > 0);
		demand(slice_eq(wire(arena, str_slice(&name)), rdata));
	} else {
		demand(name.n == 0);
	}
	name = str_in(arena);
	if (mx_rdata(rdata, &preference, &name)) {
		demand(name_rdata(slice_skip(rdata, 2), &out));
		demand(preference <= 65535 && slice_eq(str_slice(&out), str_slice(&name)));
	} else {
		demand(preference == 1 << 20 && name.n == 0);
	}
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}

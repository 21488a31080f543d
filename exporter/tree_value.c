/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of YAML files: what is wanted, and what a wrong one is told. */
#include "tree.h"

#include "file.h"
#include "opts_value.h"

static const char *
kind_name(const struct node *node)
{
	return node->kind == NODE_MAP ? "a mapping"
	    : node->kind == NODE_LIST ? "a list"
	    : node->text.at           ? "a value"
	                              : "nothing";
}

bool
tree_map(const struct node *map, const struct tree_key *keys, void *into, struct problems *problems)
{
	bool good = true;

	if (map->kind != NODE_MAP)
		return tree_wrong(problems, map, "is %s: write a mapping", kind_name(map));
	for (const struct node *child = map->first; child; child = child->next) {
		const struct tree_key *key = keys;
		struct str known = str_in(problems->arena);

		while (key->name && !slice_eq(slice_z(key->name), child->key))
			key++;
		if (key->name) { /* where it stands twice, that has been told already */
			good &= tree_child(map, key->name) == child && key->read(into, child);
			continue;
		}
		for (key = keys; key->name; key++)
			str_addf(&known, "%s%s", key == keys ? "" : ", ", key->name);
		good = tree_wrong(
		    problems, child, "there is no such key: write one of %s", str_z(&known));
	}
	return good;
}

bool
tree_text(const struct node *node, const char **text, struct problems *problems)
{
	if (node->kind != NODE_SCALAR || node->text.n == 0)
		return tree_wrong(problems, node, "is %s: write a text",
		    node->text.at ? "empty" : kind_name(node));
	if (!opts_printable(node->text.at) || strlen(node->text.at) != node->text.n)
		return tree_wrong(
		    problems, node, "has a control character in it: write printable text only");
	*text = node->text.at;
	return true;
}

bool
tree_flag(const struct node *node, bool *flag, struct problems *problems)
{
	bool yes = slice_eqi(node->text, S("true")) || slice_eqi(node->text, S("yes"))
	    || slice_eqi(node->text, S("on"));
	bool no = slice_eqi(node->text, S("false")) || slice_eqi(node->text, S("no"))
	    || slice_eqi(node->text, S("off"));

	if (node->kind != NODE_SCALAR || (!yes && !no))
		return tree_wrong(problems, node, "is neither true nor false: write one of them");
	*flag = yes;
	return true;
}

bool
tree_number(const struct node *node, uint64_t max, uint64_t *number, struct problems *problems)
{
	if (node->kind == NODE_SCALAR && slice_number(node->text, max, number))
		return true;
	return tree_wrong(
	    problems, node, "is not a whole number from 0 to %llu", (unsigned long long)max);
}

/* digits [ "." digits ] at the front of `rest`. */
static bool
take_decimal(slice *rest, double *number)
{
	size_t n = 0, digits = 0;
	double unit = 0;

	*number = 0;
	for (; n < rest->n && n < 20; n++) {
		char c = rest->at[n];

		if (c == '.' && unit == 0 && digits > 0) {
			unit = 1;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		digits++;
		*number = *number * 10 + (c - '0');
		unit *= 10;
	}
	if (digits == 0 || rest->at[n - 1] == '.')
		return false;
	if (unit > 0)
		*number /= unit;
	*rest = slice_skip(*rest, n);
	return true;
}

bool
span_parse(slice text, span *length)
{
	static const struct {
		slice name;
		double seconds;
	} units[] = {
		{ SLICE("ms"), 0.001 },
		{ SLICE("s"), 1 },
		{ SLICE("m"), 60 },
		{ SLICE("h"), 3600 },
		{ SLICE("d"), 86400 },
		{ SLICE("w"), 604800 },
		{ SLICE("y"), 31536000 },
	};
	const size_t none = sizeof units / sizeof units[0];
	double total = 0, number;
	size_t last = none, unit;
	slice rest = text;

	do {
		if (!take_decimal(&rest, &number))
			return false;
		if (rest.n == 0 && last == none) {
			total = number; /* no unit: seconds */
			break;
		}
		for (unit = 0; unit < last; unit++)
			if (slice_starts(rest, units[unit].name))
				break;
		if (unit == last)
			return false;
		total += number * units[unit].seconds;
		rest = slice_skip(rest, units[unit].name.n);
		last = unit; /* from the largest down, each once */
	} while (rest.n > 0);
	if (total > 10 * 31536000.0)
		return false;
	*length = span_seconds(total);
	return true;
}

bool
tree_span(const struct node *node, span *length, struct problems *problems)
{
	if (node->kind == NODE_SCALAR && span_parse(node->text, length))
		return true;
	return tree_wrong(problems, node, "is not a length of time: write 10s, 500ms or 1m30s");
}

const char *
tree_file(const struct problems *problems, struct arena *arena, const char *name)
{
	const char *slash = strrchr(problems->path, '/'), *path = file_path(arena, name);

	if (path != name || *name == '/' || !slash)
		return path;
	return str_f(arena, "%.*s/%s", (int)(slash - problems->path), problems->path, name).at;
}

/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TREE_H
#define TREE_H

/*
 * A YAML file as a tree that knows where each word stands, and complaints about it that name file,
 * line and key. Aliases are followed; a key that stands twice in a mapping is wrong.
 */

#include "result.h"

enum { TREE_DEPTH = 20, TREE_NODES = 4000000, TREE_BYTES = 64 << 20 };

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	unsigned line;
	slice text; /* of a scalar, terminated; missing for a plain null, "~" or nothing */
	slice key;  /* under which it stands in a mapping; missing in a list */
	const struct node *parent;
	struct node *first, *next; /* its children in order; its neighbour */
};

/* What is wrong with a file, a sentence each. Reading goes on behind an error. */
struct problems {
	struct arena *arena;
	const char *path;
	struct list sentences; /* "FILE:LINE: KEY: ..." */
	size_t more;           /* that are left out */
};

/* Adds one, or counts it where there are enough. */
void problems_add(struct problems *problems, slice sentence);

/* All of them, those that were left out too. */
size_t problems_count(const struct problems *problems);

/* Behind the last: where some were left out, a last sentence says how many. */
void problems_end(struct problems *problems);

/*
 * Reads a file. NULL with a problem where it cannot be read or is no YAML; an empty file is an
 * empty mapping.
 */
const struct node *tree_read(const char *path, struct arena *arena, struct problems *problems);

/* The same of a text. */
const struct node *tree_parse(slice text, struct arena *arena, struct problems *problems);

/* Records a problem with a node. Always false. */
bool tree_wrong(struct problems *problems, const struct node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "modules.submission.port": the keys that lead to a node; a list's members by their number. */
slice tree_path(const struct node *node, struct arena *arena);

/* The child of a mapping under that key, or NULL. */
const struct node *tree_child(const struct node *map, const char *key);

/* How many children it has. */
size_t tree_count(const struct node *node);

/* One key that a mapping may have, and what it is given to. */
struct tree_key {
	const char *name;
	bool (*read)(void *into, const struct node *node);
};

/*
 * Gives each child of a mapping to its row of `keys`, which ends with a NULL name; no row gets two.
 * False with problems when the node is no mapping, has an unknown key, or a read() says so.
 */
bool tree_map(
    const struct node *map, const struct tree_key *keys, void *into, struct problems *problems);

/* The scalars below; each false with a problem. Terminated text that is not empty. */
bool tree_text(const struct node *node, const char **text, struct problems *problems);
bool tree_flag(const struct node *node, bool *flag, struct problems *problems);
bool tree_number(
    const struct node *node, uint64_t max, uint64_t *number, struct problems *problems);

/*
 * Where a file is that the file being read calls `name`: in $CREDENTIALS_DIRECTORY when `name` has
 * no slash and there is one, else, when it does not begin with one, beside the file being read.
 */
const char *tree_file(const struct problems *problems, struct arena *arena, const char *name);

/* "90s", "1m30s", "500ms", "1h", as Prometheus writes them; a bare number is seconds. */
bool tree_span(const struct node *node, span *length, struct problems *problems);

/* The same of a text; false for anything else. At most ten years. */
bool span_parse(slice text, span *length);

#endif

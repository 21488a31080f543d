/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libyaml composes the document; here it becomes a tree of our own that keeps lines and parents.
 * What grows is bounded: depth, and the number of nodes once aliases are followed.
 */
#include "tree.h"

#include <stdlib.h>

#include <yaml.h>

#include "file.h"
#include "opts_value.h"

enum { PROBLEMS_SHOWN = 100 };

struct building {
	struct arena *arena;
	struct problems *problems;
	yaml_document_t *document;
	size_t nodes;
};

/* A text that is being read. */
struct source {
	yaml_parser_t parser;
	slice text;
};

slice
tree_path(const struct node *node, struct arena *arena)
{
	const struct node *chain[TREE_DEPTH + 2];
	struct str path = str_in(arena);
	size_t n = 0;

	for (; node && node->parent && n < TREE_DEPTH + 2; node = node->parent)
		chain[n++] = node;
	while (n-- > 0) {
		size_t number = 0;

		if (chain[n]->key.at) {
			str_addz(&path, path.n > 0 ? "." : "");
			str_add(&path, chain[n]->key);
			continue;
		}
		for (const struct node *at = chain[n]->parent->first; at != chain[n]; at = at->next)
			number++;
		str_addf(&path, "[%zu]", number);
	}
	return str_slice(&path);
}

void
problems_add(struct problems *problems, slice sentence)
{
	for (size_t i = 0; i < problems->sentences.n; i++)
		if (slice_eq(problems->sentences.items[i], sentence))
			return; /* of each pair that it is a part of */
	if (problems->sentences.n < PROBLEMS_SHOWN)
		list_add(problems->arena, &problems->sentences, sentence);
	else
		problems->more++;
}

size_t
problems_count(const struct problems *problems)
{
	return problems->sentences.n + problems->more;
}

void
problems_end(struct problems *problems)
{
	if (problems->more > 0)
		list_add(problems->arena, &problems->sentences,
		    str_f(problems->arena, "and %zu more", problems->more));
}

bool
tree_wrong(struct problems *problems, const struct node *node, const char *format, ...)
{
	struct str text = str_in(problems->arena);
	va_list arguments;
	slice path;

	if (problems->sentences.n >= PROBLEMS_SHOWN) { /* of a large file there may be many */
		problems->more++;
		return false;
	}
	path = tree_path(node, problems->arena);
	str_addf(&text, "%s:%u: ", problems->path, node->line);
	str_add(&text, path);
	str_addz(&text, path.n > 0 ? ": " : "");
	va_start(arguments, format);
	str_addv(&text, format, arguments);
	va_end(arguments);
	problems_add(problems, str_slice(&text));
	return false;
}

const struct node *
tree_child(const struct node *map, const char *key)
{
	const struct node *child = map ? map->first : NULL;

	while (child && !slice_eq(child->key, slice_z(key)))
		child = child->next;
	return child;
}

size_t
tree_count(const struct node *node)
{
	size_t n = 0;

	for (const struct node *child = node->first; child; child = child->next)
		n++;
	return n;
}

static bool
is_null(const yaml_node_t *from, slice text)
{
	return from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
	    && (text.n == 0 || slice_eq(text, S("~")) || slice_eqi(text, S("null")));
}

static bool fill(struct building *b, struct node *node, int index, size_t depth);

/* A child has its place before it is looked into, so that a problem in it can be located. */
static bool
append(struct building *b, struct node *to, struct node ***end, int index, slice key, size_t depth)
{
	struct node *child = arena_alloc(b->arena, sizeof *child);

	if (!child)
		return false;
	child->parent = to;
	child->key = key;
	**end = child;
	*end = &child->next;
	return fill(b, child, index, depth + 1);
}

static bool
build_list(struct building *b, struct node *to, const yaml_node_t *from, size_t depth)
{
	struct node **end = &to->first;

	for (yaml_node_item_t *item = from->data.sequence.items.start;
	     item < from->data.sequence.items.top; item++)
		if (!append(b, to, &end, *item, (slice){ NULL, 0 }, depth))
			return false;
	return true;
}

static bool
build_map(struct building *b, struct node *to, const yaml_node_t *from, size_t depth)
{
	struct node **end = &to->first;

	for (yaml_node_pair_t *pair = from->data.mapping.pairs.start;
	     pair < from->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key = yaml_document_get_node(b->document, pair->key);
		slice name;

		if (!key || key->type != YAML_SCALAR_NODE)
			return tree_wrong(b->problems, to, "a key must be a word");
		name = arena_copy(b->arena,
		    (slice){ (const char *)key->data.scalar.value, key->data.scalar.length });
		if (name.at && (strlen(name.at) != name.n || !opts_printable(name.at)))
			return tree_wrong(b->problems, to, "a key must be a word");
		if (!name.at || !append(b, to, &end, pair->value, name, depth))
			return false;
	}
	return true;
}

/* By key; of the same key the one that stands first. */
static int
key_order(const void *a, const void *b)
{
	const struct node *one = *(const struct node *const *)a,
	                  *other = *(const struct node *const *)b;
	int order = strcmp(one->key.at, other->key.at);

	return order ? order : (one->line > other->line) - (one->line < other->line);
}

/* Sorted, because modules may be thousands. */
static void
twice(struct building *b, const struct node *map)
{
	size_t n = 0, first = 0;
	const struct node **sorted = arena_array(b->arena, tree_count(map) + 1, sizeof(void *));

	for (const struct node *child = map->first; child && sorted; child = child->next)
		sorted[n++] = child;
	if (n > 0)
		qsort(sorted, n, sizeof(void *), key_order);
	for (size_t i = 1; i < n; i++)
		if (strcmp(sorted[i]->key.at, sorted[first]->key.at) != 0)
			first = i;
		else
			tree_wrong(b->problems, sorted[i],
			    "stands here a second time: line %u has it", sorted[first]->line);
}

static bool
fill(struct building *b, struct node *node, int index, size_t depth)
{
	const yaml_node_t *from = yaml_document_get_node(b->document, index);

	if (!from)
		return false;
	node->line = (unsigned)from->start_mark.line + 1;
	if (depth > TREE_DEPTH || ++b->nodes > TREE_NODES)
		return tree_wrong(b->problems, node,
		    depth > TREE_DEPTH ? "is nested too deeply" : "is one node too many");
	switch (from->type) {
	case YAML_SEQUENCE_NODE:
		node->kind = NODE_LIST;
		return build_list(b, node, from, depth);
	case YAML_MAPPING_NODE:
		node->kind = NODE_MAP;
		if (!build_map(b, node, from, depth))
			return false;
		twice(b, node);
		return true;
	default:
		node->text = (slice){ (const char *)from->data.scalar.value,
			from->data.scalar.length };
		node->text = is_null(from, node->text) ? (slice){ NULL, 0 }
		                                       : arena_copy(b->arena, node->text);
		if (node->parent || node->text.at) /* "---" alone is an empty file */
			node->kind = NODE_SCALAR;
		return true;
	}
}

/* Of bytes that are no text libyaml tells only how many stand before them. */
static size_t
line_of_problem(const struct source *source)
{
	size_t line = 1;

	if (source->parser.error != YAML_READER_ERROR)
		return source->parser.problem_mark.line + 1;
	for (size_t i = 0; i < source->parser.problem_offset && i < source->text.n; i++)
		line += source->text.at[i] == '\n';
	return line;
}

/* What libyaml says against the next document. Always false. */
static bool
no_yaml(const struct source *source, struct problems *problems)
{
	const char *problem = source->parser.problem;

	problems_add(problems,
	    str_f(problems->arena, "%s:%zu: %s", problems->path, line_of_problem(source),
	        problem ? problem : "is no YAML"));
	return false;
}

/* Behind the first document there has to be nothing. */
static bool
nothing_more(struct source *source, struct problems *problems)
{
	yaml_document_t document;
	const yaml_node_t *root;

	if (!yaml_parser_load(&source->parser, &document))
		return no_yaml(source, problems);
	root = yaml_document_get_root_node(&document);
	if (root)
		problems_add(problems,
		    str_f(problems->arena, "%s:%zu: another document begins here: write one",
		        problems->path, root->start_mark.line + 1));
	yaml_document_delete(&document);
	return !root;
}

static const struct node *
compose(struct source *source, struct arena *arena, struct problems *problems)
{
	yaml_document_t document;
	struct building b = { .arena = arena, .problems = problems, .document = &document };
	struct node *root = arena_alloc(arena, sizeof *root);
	bool good, empty;

	if (!root)
		return NULL;
	*root = (struct node){ .kind = NODE_MAP, .line = 1 }; /* of an empty file */
	if (!yaml_parser_load(&source->parser, &document)) {
		no_yaml(source, problems);
		return NULL;
	}
	empty = !yaml_document_get_root_node(&document);
	good = empty || fill(&b, root, 1, 0);
	yaml_document_delete(&document);
	if (!good && problems->sentences.n == 0)
		problems_add(problems, str_f(problems->arena, "%s: no memory", problems->path));
	return good && (empty || nothing_more(source, problems)) ? root : NULL;
}

const struct node *
tree_parse(slice text, struct arena *arena, struct problems *problems)
{
	struct source source = { .text = text };
	const struct node *root;

	if (!yaml_parser_initialize(&source.parser)) {
		problems_add(problems, S("no memory"));
		return NULL;
	}
	yaml_parser_set_input_string(&source.parser, (const unsigned char *)text.at, text.n);
	root = compose(&source, arena, problems);
	yaml_parser_delete(&source.parser);
	return root;
}

const struct node *
tree_read(const char *path, struct arena *arena, struct problems *problems)
{
	struct str error = str_in(problems->arena); /* which outlives the tree's */
	slice text;

	if (file_read(arena, path, TREE_BYTES, &text, &error))
		return tree_parse(text, arena, problems);
	problems_add(problems, str_slice(&error));
	return NULL;
}

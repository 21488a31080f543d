/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of DKIM keys: the keys are made for this test, nobody signs with them; that of Ed25519 is
 * the example of RFC 8463. Each row is what is published, and what is told of it.
 */
#include "check.h"

#include "dkim_record.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define RSA_512 \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANsJLaXg2MjrQgkU6uzIgMar7a2nR+9CvjebPo6Ef3EsEjC7mDCP/VxyyuuT18ei" \
	"4q/mehaw/o0XMYAOLul0OxUCAwEAAQ=="
#define RSA_1024 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC/vRlKZOoV+VmreXSYyS9j50LJUiqJ7/FvKVb2BCUQ4n12BkTp7ltXQffQ" \
	"GTADWSvsJej2ZBsTe/vdZ3vy/0riud+unpzYZyXL1EWiqI9WbESzyIi7ZJBnjQk5jVWDy3kur2zD6dMgAu0hcNIjhu8ihpXk" \
	"HErRqWiPfuhdF/vHBwIDAQAB"
#define RSA_2048 \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArEvHuD+jRoTfdsFRiqvJ7xoI+vT4bquarFhw4fi29yMQ1j9J+Pf+" \
	"lrFCPWwacEjK7pTMmND/L7imxBglnMvYQdV+YtbE1bvV1pcvgpNVjBA61rlIDTGIPNStMVlV9X+bz1R0eDrdxujVP7wwBZRO" \
	"0uVkze/WeoY6ShvLqPeJZoCFkVy0kbutCDNvOjikih7u7qGxIQVpsNcMWU3b7aEvlVwulBaElrV2r809kTSR94wDuehBvoAU" \
	"ouV+FOWfQ/lqUi3+OFCSEfI0MG/3aB3+U5oF27u1bR8NR9uf2S5dMV4RyyBvV/Wv+N1ElGBENZ+WxiFNq6w+U/r1yegFFQ7v" \
	"MwIDAQAB"
#define BARE_2048 \
	"MIIBCgKCAQEArEvHuD+jRoTfdsFRiqvJ7xoI+vT4bquarFhw4fi29yMQ1j9J+Pf+lrFCPWwacEjK7pTMmND/L7imxBglnMvY" \
	"QdV+YtbE1bvV1pcvgpNVjBA61rlIDTGIPNStMVlV9X+bz1R0eDrdxujVP7wwBZRO0uVkze/WeoY6ShvLqPeJZoCFkVy0kbut" \
	"CDNvOjikih7u7qGxIQVpsNcMWU3b7aEvlVwulBaElrV2r809kTSR94wDuehBvoAUouV+FOWfQ/lqUi3+OFCSEfI0MG/3aB3+" \
	"U5oF27u1bR8NR9uf2S5dMV4RyyBvV/Wv+N1ElGBENZ+WxiFNq6w+U/r1yegFFQ7vMwIDAQAB"
#define EC_256 \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYcdXJKI4a0P23p4qCPxE193IObY9zGYbe5ikmm5ICIG3mOdSqqK340uMYgv0" \
	"AuykBfoyjlzupB9ziBxtXk08iw=="
#define ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static struct arena *arena;

/* STATUS USE TYPE BITS[ testing][ same-domain][: ERROR] */
static const struct {
	const char *records[3], *wanted;
} cases[] = {
	{ { NULL }, "none unusable - 0: there is no record" },
	{ { "v=DKIM1; k=rsa; p=" RSA_2048 }, "good usable rsa 2048" },
	{ { "p=" RSA_2048 }, "good usable rsa 2048" },
	{ { "v = DKIM1 ;\tp = " RSA_2048 " ; n=a note; x=unknown;" }, "good usable rsa 2048" },
	{ { "p=" BARE_2048 }, "good usable rsa 2048" },
	{ { "v=DKIM1; p=" RSA_1024 }, "good weak rsa 1024: its RSA key has 1024 bits, fewer than 2048" },
	{ { "v=DKIM1; p=" RSA_512 }, "good unusable rsa 512: its RSA key has 512 bits, and verifiers want 1024" },
	{ { "p=MFwwDQYJKo \tZIhvcNAQEBBQADSwAwSA JBANsJLaXg2MjrQgkU6uzIgMar7a2nR+9CvjebPo6Ef3EsEjC7mDCP/VxyyuuT18ei4q/mehaw/o0XMYAOLul0OxUCAwEAAQ" },
	  "good unusable rsa 512: its RSA key has 512 bits, and verifiers want 1024" },
	{ { "v=DKIM1; k=ed25519; p=" ED25519 }, "good usable ed25519 256" },
	{ { "v=DKIM1; k=ed25519; p=AAAA" }, "broken unusable ed25519 0: p= is no Ed25519 key, which has 32 octets" },
	{ { "v=DKIM1; k=ed25519; p=" RSA_2048 },
	  "broken unusable ed25519 0: p= is no Ed25519 key, which has 32 octets" },
	{ { "v=DKIM1; k=rsa; p=" ED25519 }, "broken unusable rsa 0: p= is no RSA key" },
	{ { "v=DKIM1; p=" EC_256 }, "broken unusable rsa 0: p= is no RSA key" },
	{ { "v=DKIM1; p=AAAA" RSA_2048 }, "broken unusable rsa 0: p= is no RSA key" },
	{ { "v=DKIM1; p=" RSA_2048 "AAAA" }, "broken unusable rsa 0: p= is no RSA key" },
	{ { "v=DKIM1; p=MIIB" }, "broken unusable rsa 0: p= is no RSA key" },
	{ { "v=DKIM1; p=-----BEGIN PUBLIC KEY-----" }, "broken unusable rsa 0: p= is no base64" },
	{ { "v=DKIM1; p==" }, "broken unusable rsa 0: p= is no base64" },
	{ { "v=DKIM1; p=\"AAAA\"" }, "broken unusable rsa 0: p= is no base64" },
	{ { "v=DKIM1; k=ml-dsa; p=AAAA" }, "good unusable ml-dsa 0: k= is neither rsa nor ed25519" },
	{ { "v=DKIM1; k=RSA; p=AAAA" }, "good unusable RSA 0: k= is neither rsa nor ed25519" },
	{ { "v=DKIM1; p=" }, "good revoked rsa 0: its key is revoked: p= is empty" },
	{ { "v=DKIM1; p=; h=sha1; s=x; t=y" }, "good revoked rsa 0 testing: its key is revoked: p= is empty" },
	{ { "v=DKIM1; k=rsa" }, "broken unusable rsa 0: it has no p=" },
	{ { "v=DKIM2; p=" RSA_2048 }, "broken unusable rsa 0: v= is not DKIM1, or not the first tag" },
	{ { "v=dkim1; p=" RSA_2048 }, "broken unusable rsa 0: v= is not DKIM1, or not the first tag" },
	{ { "p=" RSA_2048 "; v=DKIM1" }, "broken unusable rsa 0: v= is not DKIM1, or not the first tag" },
	{ { "v=DKIM1; t=y:s; p=" RSA_2048 }, "good usable rsa 2048 testing same-domain" },
	{ { "v=DKIM1; t= x : s ; p=" RSA_2048 }, "good usable rsa 2048 same-domain" },
	{ { "v=DKIM1; t=ys; p=" RSA_2048 }, "good usable rsa 2048" },
	{ { "v=DKIM1; h=sha1 : sha256; s=email; p=" RSA_2048 }, "good usable rsa 2048" },
	{ { "v=DKIM1; h=sha1; p=" RSA_2048 },
	  "good unusable rsa 2048: h= does not have sha256, and verifiers take no other" },
	{ { "v=DKIM1; s=tlsrpt; p=" RSA_2048 },
	  "good unusable rsa 2048: s= has neither \"*\" nor email: it is not for mail" },
	{ { "v=DKIM1; s=x:*; p=" RSA_2048 }, "good usable rsa 2048" },
	{ { "v=DKIM1; p=" RSA_2048 "; p=" RSA_2048 },
	  "broken unusable rsa 0: \"p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArEvHuD+jRoTfdsFRiqvJ7xoI+vT4bquarF...\" is not the first of its name" },
	{ { "v=DKIM1; n; p=" RSA_2048 }, "broken unusable rsa 0: \"n\" has no \"=\"" },
	{ { "v=DKIM1; p=AA\x80" }, "broken unusable rsa 0: \"p=AA\x80\" has bytes that are not visible ASCII" },
	{ { "" }, "broken unusable rsa 0: it has no p=" },
	{ { "v=spf1 -all" }, "broken unusable rsa 0: v= is not DKIM1, or not the first tag" },
	{ { "v=DKIM1; p=" RSA_2048, "v=DKIM1; p=" RSA_2048 },
	  "broken unusable - 0: there are 2 records, and one is allowed" },
	{ { "v=DKIM1; p=" RSA_2048, "" }, "broken unusable - 0: there are 2 records, and one is allowed" },
};

static slice
told(const struct dkim_record *dkim)
{
	static const char *const words[] = { [TXT_NONE] = "none", [TXT_GOOD] = "good", [TXT_BROKEN] = "broken" };
	static const char *const uses[] = {
		[DKIM_UNUSABLE] = "unusable",
		[DKIM_USABLE] = "usable",
		[DKIM_WEAK] = "weak",
		[DKIM_REVOKED] = "revoked",
	};
	struct str out = str_in(arena);

	str_addf(&out, "%s %s ", words[dkim->status], uses[dkim->use]);
	str_add(&out, dkim->type.at ? dkim->type : S("-"));
	str_addf(&out, " %u%s%s", dkim->bits, dkim->testing ? " testing" : "",
	    dkim->same_domain ? " same-domain" : "");
	str_addz(&out, dkim->error.at ? ": " : "");
	str_add(&out, dkim->error);
	return str_slice(&out);
}

static void
records_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct list records = { .n = 0 };
		struct dkim_record dkim;

		for (size_t n = 0; n < 3 && cases[i].records[n]; n++)
			list_add(arena, &records, slice_z(cases[i].records[n]));
		dkim_record_parse(arena, &records, &dkim);
		check_slice(records.n > 0 ? cases[i].records[0] : "nothing", "told", told(&dkim),
		    slice_z(cases[i].wanted));
	}
}

static void
a_key_is_bounded(void **state)
{
	struct list records = { .n = 0 };
	struct str record = str_in(arena);
	struct dkim_record dkim;

	(void)state;
	str_addz(&record, "v=DKIM1; p=");
	for (int i = 0; i < 4096; i++)
		str_addz(&record, "AAAA");
	list_add(arena, &records, str_slice(&record));
	dkim_record_parse(arena, &records, &dkim);
	check_slice("p=", "told", told(&dkim), S("broken unusable rsa 0: p= is no base64"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read),
		cmocka_unit_test(a_key_is_bounded),
	};
	int failed;

	arena = arena_new(1 << 20);
	failed = cmocka_run_group_tests_name("dkim_record", tests, NULL, NULL);
	arena_free(arena);
	return failed;
}

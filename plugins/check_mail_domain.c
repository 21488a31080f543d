/* SPDX-License-Identifier: BSD-2-Clause */
/* check_mail_domain: a domain as a sending server finds it, as a Nagios/Icinga plugin. */
#include "plugin.h"
#include "probes.h"

int
main(int argc, char **argv)
{
	return plugin_main(&probe_domain, argc, argv);
}

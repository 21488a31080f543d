/* SPDX-License-Identifier: BSD-2-Clause */
/* check_mail_pop3: one POP3 transaction as a Nagios/Icinga plugin. */
#include "plugin.h"
#include "probes.h"

int
main(int argc, char **argv)
{
	return plugin_main(&probe_pop3, argc, argv);
}

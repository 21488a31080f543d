/* SPDX-License-Identifier: BSD-2-Clause */
/* check_mail_roundtrip: a message submitted, seen and removed, as a Nagios/Icinga plugin. */
#include "plugin.h"
#include "probes.h"

int
main(int argc, char **argv)
{
	return plugin_main(&probe_roundtrip, argc, argv);
}

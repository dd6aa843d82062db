// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn(8): shows and changes DMVPN devices. */
#include "cli/cmd.h"

int main(int argc, char **argv)
{
	return cli_run(argc - 1, argv + 1, stdout, stderr);
}

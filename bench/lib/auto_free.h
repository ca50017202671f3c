/* SPDX-License-Identifier: GPL-2.0 */
/* Variables whose memory is freed at the end of their scope. */
#ifndef PFBENCH_LIB_AUTO_FREE_H
#define PFBENCH_LIB_AUTO_FREE_H

#include <stdlib.h>
#include <string.h>

static inline void auto_free_pointer(void *variable)
{
	void *p;

	memcpy(&p, variable, sizeof(p));
	free(p);
}

/**
 * auto_free - declare a pointer that is freed on return
 *
 * auto_free char *line = read_line(...); must be initialised where it is
 * declared, for every return frees it.
 */
#define auto_free __attribute__((cleanup(auto_free_pointer)))

#endif

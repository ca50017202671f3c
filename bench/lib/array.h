/* SPDX-License-Identifier: GPL-2.0 */
/* Arrays that grow by one element at a time. */
#ifndef PFBENCH_LIB_ARRAY_H
#define PFBENCH_LIB_ARRAY_H

#include <stdlib.h>
#include <string.h>

/**
 * array_grow() - make room for one more element
 * @array: elements, or NULL while @nr is 0
 * @nr: elements in use
 * @size: bytes per element
 *
 * The room doubles whenever @nr is a power of two, so an array must only grow
 * through this function.
 *
 * Return: the array, perhaps moved, with element @nr zeroed; NULL if there is
 * no memory, @array is then unchanged.
 */
static inline void *array_grow(void *array, size_t nr, size_t size)
{
	if (!(nr & (nr - 1)))
		array = reallocarray(array, nr ? 2 * nr : 1, size);
	if (array)
		memset((char *)array + nr * size, 0, size);
	return array;
}

#endif

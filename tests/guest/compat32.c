// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls from a 32-bit process, where the structs are the same. Without a
 * C library: the guests have none for 32 bits. gcc -m32 -nostdlib -static
 * -ffreestanding -fno-stack-protector -fno-pie -no-pie -O2 -Iinclude
 */
#include "uapi/pfbench.h"

_Static_assert(sizeof(long) == 4, "this is a 32-bit program");
_Static_assert(sizeof(struct pfbench_info) == 224, "info");
_Static_assert(sizeof(struct pfbench_entry) == 96, "entry");
_Static_assert(sizeof(struct pfbench_populate) == 88, "populate");
_Static_assert(sizeof(struct pfbench_run) == 72, "run");

/* of arch/x86/entry/syscalls/syscall_32.tbl */
enum { NR_EXIT = 1, NR_WRITE = 4, NR_OPEN = 5, NR_CLOSE = 6, NR_IOCTL = 54 };
#define O_RDWR 2

/* errno-base.h */
#define EFAULT 14
#define EINVAL 22
#define ENXIO 6

#define NR_PAGES 64
#define MAX_VISITS 64
#define ITERATIONS 100000

static int nr_results, nr_bad;

static long call(long nr, long a, long b, long c)
{
	long ret;

	asm volatile("int $0x80" : "=a" (ret)
		     : "0" (nr), "b" (a), "c" (b), "d" (c) : "memory");
	return ret;
}

static long ioctl_errno(int fd, unsigned int cmd, void *arg)
{
	return call(NR_IOCTL, fd, cmd, (long)arg);
}

/* gcc calls these, library or none */
void *memset(void *to, int byte, unsigned int size)
{
	char *at = to;

	while (size--)
		asm volatile("movb %b1, %0" : "=m" (*at++) : "q" (byte));
	return to;
}

void *memcpy(void *to, const void *from, unsigned int size)
{
	const char *in = from;
	char *at = to;

	while (size--)
		asm volatile("movb %b1, %0" : "=m" (*at++) : "q" (*in++));
	return to;
}

static void print(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	call(NR_WRITE, 1, (long)text, end - text);
}

static void print_number(long n)
{
	char text[12], *at = text + sizeof(text) - 1;
	unsigned long left = n < 0 ? -n : n;

	*at = '\0';
	do {
		*--at = '0' + left % 10;
		left /= 10;
	} while (left);
	if (n < 0)
		*--at = '-';
	print(at);
}

/* @ret: of the call, for the line */
static void result(int good, const char *what, long ret)
{
	print(good ? "ok " : "not ok ");
	print_number(++nr_results);
	print(" - ");
	print(what);
	if (!good) {
		print(" (returned ");
		print_number(ret);
		print(")");
		nr_bad++;
	}
	print("\n");
}

static int is_name(const char *name)
{
	int len = 0;

	while (len < PFBENCH_NAME_MAX && name[len])
		len++;
	return len > 0 && len < PFBENCH_NAME_MAX;
}

static int equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static struct pfbench_info info;
static struct pfbench_entry entry;
static struct pfbench_populate as;
static struct pfbench_run run;

static void find(int fd, const char *accessor, const char *generation,
		 unsigned int *a, unsigned int *g)
{
	*g = 0;
	for (*a = 0; *a < info.nr_accessors; ++*a)
		for (*g = 0; *g < info.nr_generations; ++*g) {
			entry.size = sizeof(entry);
			entry.accessor = *a;
			entry.generation = *g;
			if (!ioctl_errno(fd, PFBENCH_ENTRY, &entry) &&
			    equal(entry.accessor_name, accessor) &&
			    equal(entry.generation_name, generation))
				return;
		}
}

static __attribute__((used)) int main_program(void)
{
	unsigned int a, g;
	long fd, ret;

	fd = call(NR_OPEN, (long)PFBENCH_DEVICE, O_RDWR, 0);
	result(fd >= 0, "open " PFBENCH_DEVICE, fd);
	if (fd < 0)
		return 1;

	info.size = sizeof(info);
	ret = ioctl_errno(fd, PFBENCH_INFO, &info);
	result(!ret && info.abi == PFBENCH_ABI && info.nr_accessors &&
	       info.nr_generations && info.page_size >= 4096 &&
	       info.struct_page_size >= 32 && info.max_bytes &&
	       is_name(info.version) && is_name(info.commit) &&
	       info.compiler[0], "PFBENCH_INFO", ret);

	/* the module knows as many bytes as this program */
	info.size = sizeof(info) - 1;
	ret = ioctl_errno(fd, PFBENCH_INFO, &info);
	result(ret == -EINVAL, "PFBENCH_INFO, a byte too short", ret);

	entry.size = sizeof(entry);
	ret = ioctl_errno(fd, PFBENCH_ENTRY, &entry);
	result(!ret && is_name(entry.accessor_name) &&
	       is_name(entry.generation_name), "PFBENCH_ENTRY of (0,0)", ret);

	find(fd, "PageDirty", "v4.4-word", &a, &g);
	result(a < info.nr_accessors && entry.loops & PFBENCH_LOOP(0, 0),
	       "PageDirty of v4.4-word is there", entry.loops);

	run.size = sizeof(run);
	run.accessor = a;
	run.generation = g;
	run.iterations = ITERATIONS;
	ret = ioctl_errno(fd, PFBENCH_RUN, &run);
	result(ret == -ENXIO, "PFBENCH_RUN before there is a population", ret);

	as.size = sizeof(as);
	as.source = PFBENCH_MEMMAP;
	as.generation = g;
	as.which = PFBENCH_SMALL;
	as.places = 1;
	as.seed = 0x123456789abcdef0ULL;
	as.nr_pages = NR_PAGES;
	as.max_visits = MAX_VISITS;
	ret = ioctl_errno(fd, PFBENCH_POPULATE, &as);
	result(!ret && as.visits == MAX_VISITS && as.bytes >= 64 * NR_PAGES,
	       "PFBENCH_POPULATE", ret);

	ret = ioctl_errno(fd, PFBENCH_RUN, &run);
	result(!ret && run.ticks && run.ns && run.longest_ns &&
	       run.longest_ns <= run.ns && run.irq_off_windows && run.cpus &&
	       run.iterations == ITERATIONS, "PFBENCH_RUN", ret);

	/* the module reads all 64 bits of a field */
	as.nr_pages |= 1ULL << 32;
	ret = ioctl_errno(fd, PFBENCH_POPULATE, &as);
	result(ret == -EINVAL, "PFBENCH_POPULATE of 2^32 pages more", ret);
	ret = ioctl_errno(fd, PFBENCH_INFO, (void *)0);
	result(ret == -EFAULT, "PFBENCH_INFO to NULL", ret);

	ret = ioctl_errno(fd, PFBENCH_TEARDOWN, (void *)0);
	result(!ret, "PFBENCH_TEARDOWN", ret);
	ret = ioctl_errno(fd, PFBENCH_RUN, &run);
	result(ret == -ENXIO, "PFBENCH_RUN after it", ret);
	ret = call(NR_CLOSE, fd, 0, 0);
	result(!ret, "close", ret);

	print("1..");
	print_number(nr_results);
	print("\n");
	return nr_bad != 0;
}

/* The kernel jumps here, without a return address or an aligned stack. */
asm(".globl _start\n"
    "_start:\n"
    "	xorl %ebp, %ebp\n"
    "	andl $-16, %esp\n"
    "	call main_program\n"
    "	movl %eax, %ebx\n"
    "	movl $1, %eax\n"		/* exit */
    "	int $0x80\n");

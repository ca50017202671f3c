// SPDX-License-Identifier: GPL-2.0
/* /dev/pfbench: the device and its ioctls. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "pfbench.h"

/* Runs with threads have the lock for reading, all others for writing. */
struct pfbench_file {
	struct rw_semaphore lock;
	struct population *population;
};

/*
 * Copy an extensible struct from user space, whose first version had @least
 * bytes.
 * Return: the caller's size of the struct, or a negative errno.
 */
static int copy_in(void *to, size_t size, const void __user *from,
		   size_t least)
{
	u32 usize;
	int ret;

	if (get_user(usize, (const u32 __user *)from))
		return -EFAULT;
	if (usize < least)
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	ret = copy_struct_from_user(to, size, from, usize);
	return ret ?: (int)usize;
}

/* Copy back as much of the struct as both sides know. */
static int copy_out(void __user *to, const void *from, size_t size, int usize)
{
	return copy_to_user(to, from, min_t(size_t, size, usize)) ? -EFAULT : 0;
}

static int do_info(void __user *arg)
{
	struct pfbench_info info;
	int usize = copy_in(&info, sizeof(info), arg, sizeof(info));

	if (usize < 0)
		return usize;
	if (memchr_inv((char *)&info + sizeof(info.size), 0,
		       sizeof(info) - sizeof(info.size)))
		return -EINVAL;
	pfbench_info(&info);
	return copy_out(arg, &info, sizeof(info), usize);
}

static int do_entry(void __user *arg)
{
	struct pfbench_entry entry;
	int usize = copy_in(&entry, sizeof(entry), arg, sizeof(entry)), ret;

	if (usize < 0)
		return usize;
	ret = pfbench_entry(&entry);
	return ret ?: copy_out(arg, &entry, sizeof(entry), usize);
}

static int do_populate(struct pfbench_file *file, void __user *arg)
{
	struct pfbench_populate request;
	struct population *new;
	int usize = copy_in(&request, sizeof(request), arg, sizeof(request));
	int ret;

	if (usize < 0)
		return usize;
	if (!pfbench_check_populate(&request))
		return -EINVAL;
	/* free the old population first: there may be no memory for both */
	pfbench_release(file->population);
	file->population = NULL;
	ret = pfbench_populate(&request, &new);
	if (ret)
		return ret;
	file->population = new;
	return copy_out(arg, &request, sizeof(request), usize);
}

static int run_exclusive(struct pfbench_file *file, struct pfbench_run *run)
{
	int ret;

	if (down_write_killable(&file->lock))
		return -EINTR;
	ret = pfbench_check_run(file->population, run);
	if (!ret && pfbench_must_mark(file->population, run))
		ret = pfbench_mark(file->population, run);
	if (!ret)
		ret = pfbench_run(file->population, run);
	up_write(&file->lock);
	return ret;
}

/* Only marking the pages needs the population alone. */
static int run_shared(struct pfbench_file *file, struct pfbench_run *run)
{
	int ret;

	if (down_read_killable(&file->lock))
		return -EINTR;
	ret = pfbench_check_run(file->population, run);
	if (!ret && pfbench_must_mark(file->population, run)) {
		up_read(&file->lock);
		if (down_write_killable(&file->lock))
			return -EINTR;
		/* another caller may have replaced the population */
		ret = pfbench_check_run(file->population, run);
		if (!ret && pfbench_must_mark(file->population, run))
			ret = pfbench_mark(file->population, run);
		downgrade_write(&file->lock);
	}
	if (!ret)
		ret = pfbench_run(file->population, run);
	up_read(&file->lock);
	return ret;
}

/* The first version of the struct ended before the threads. */
static int do_run(struct pfbench_file *file, void __user *arg)
{
	struct pfbench_run run;
	int usize = copy_in(&run, sizeof(run), arg,
			    offsetof(struct pfbench_run, threads)), ret;

	if (usize < 0)
		return usize;
	ret = run.threads ? run_shared(file, &run) : run_exclusive(file, &run);
	return ret ?: copy_out(arg, &run, sizeof(run), usize);
}

static int do_race(void __user *arg)
{
	struct pfbench_race race;
	int usize = copy_in(&race, sizeof(race), arg, sizeof(race)), ret;

	if (usize < 0)
		return usize;
	ret = pfbench_race(&race);
	return ret ?: copy_out(arg, &race, sizeof(race), usize);
}

static int do_teardown(struct pfbench_file *file)
{
	pfbench_release(file->population);
	file->population = NULL;
	return 0;
}

#define WITHOUT_SIZE(cmd) ((cmd) & ~IOCSIZE_MASK)

static long locked_ioctl(struct pfbench_file *file, unsigned int cmd,
			 void __user *arg)
{
	int ret;

	if (down_write_killable(&file->lock))
		return -EINTR;
	if (cmd == WITHOUT_SIZE(PFBENCH_POPULATE))
		ret = do_populate(file, arg);
	else if (cmd == WITHOUT_SIZE(PFBENCH_RACE))
		ret = do_race(arg);
	else
		ret = do_teardown(file);
	up_write(&file->lock);
	return ret;
}

static long pfbench_ioctl(struct file *filp, unsigned int cmd,
			  unsigned long argument)
{
	void __user *arg = (void __user *)argument;

	/* the size of a struct is in the struct */
	cmd = WITHOUT_SIZE(cmd);
	switch (cmd) {
	case WITHOUT_SIZE(PFBENCH_INFO):
		return do_info(arg);
	case WITHOUT_SIZE(PFBENCH_ENTRY):
		return do_entry(arg);
	case WITHOUT_SIZE(PFBENCH_RUN):
		return do_run(filp->private_data, arg);
	case WITHOUT_SIZE(PFBENCH_POPULATE):
	case WITHOUT_SIZE(PFBENCH_TEARDOWN):
	case WITHOUT_SIZE(PFBENCH_RACE):
		return locked_ioctl(filp->private_data, cmd, arg);
	default:
		return -ENOTTY;
	}
}

static int pfbench_open(struct inode *inode, struct file *filp)
{
	struct pfbench_file *file;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);
	if (!file)
		return -ENOMEM;
	init_rwsem(&file->lock);
	filp->private_data = file;
	return nonseekable_open(inode, filp);
}

static int pfbench_close(struct inode *inode, struct file *filp)
{
	struct pfbench_file *file = filp->private_data;

	pfbench_release(file->population);
	kfree(file);
	return 0;
}

static const struct file_operations pfbench_fops = {
	.owner = THIS_MODULE,
	.open = pfbench_open,
	.release = pfbench_close,
	.unlocked_ioctl = pfbench_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice pfbench_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pfbench",
	.fops = &pfbench_fops,
	.mode = 0600,
};

module_misc_device(pfbench_device);

MODULE_DESCRIPTION("Tight loops over page-flag accessors, old and new");
MODULE_LICENSE("GPL");
MODULE_VERSION(PFBENCH_VERSION);

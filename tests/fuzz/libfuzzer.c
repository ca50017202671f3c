// SPDX-License-Identifier: GPL-2.0
/*
 * The entry points of libFuzzer. PFBENCH_FUZZ names the target. scripts/fuzz
 * builds and runs this program.
 */
#include <elf.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);

static const struct fuzz_target *target;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("PFBENCH_FUZZ");

	target = fuzz_target_find(name ? name : "");
	if (!target) {
		fputs("fuzz: PFBENCH_FUZZ does not name a target\n", stderr);
		exit(2);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *fault = fuzz_run(target, data, size);

	if (fault) {
		fprintf(stderr, "fuzz: %s\n", fault);
		abort();
	}
	return 0;
}

/* The contents of section @pick of an ELF file, or NULL. */
static uint8_t *section(uint8_t *data, size_t size, unsigned int pick,
			size_t *length)
{
	Elf64_Ehdr ehdr;
	Elf64_Shdr shdr;
	size_t at;

	if (size < sizeof(ehdr))
		return NULL;
	memcpy(&ehdr, data, sizeof(ehdr));
	if (memcmp(ehdr.e_ident, ELFMAG, SELFMAG) || !ehdr.e_shnum ||
	    ehdr.e_ident[EI_DATA] != ELFDATA2LSB || ehdr.e_shoff >= size)
		return NULL;
	at = ehdr.e_shoff + pick % ehdr.e_shnum * sizeof(shdr);
	if (at + sizeof(shdr) > size)
		return NULL;
	memcpy(&shdr, data + at, sizeof(shdr));
	if (shdr.sh_type == SHT_NOBITS || shdr.sh_type == SHT_RELA ||
	    !shdr.sh_size || shdr.sh_offset >= size ||
	    shdr.sh_size > size - shdr.sh_offset)
		return NULL;
	*length = shdr.sh_size;
	return data + shdr.sh_offset;
}

/* A value in JSON: its place in an array or an object. */
struct slot {
	json_t *in;
	const char *key;
	size_t index, seen;
};

/* Choose a slot below @v, each with the same probability. */
static void choose_slot(json_t *v, struct slot *slot)
{
	json_t *child;
	const char *key;
	size_t i;

	json_object_foreach(v, key, child) {
		if (!(rand() % ++slot->seen)) {
			slot->in = v;
			slot->key = key;
		}
		choose_slot(child, slot);
	}
	json_array_foreach(v, i, child) {
		if (!(rand() % ++slot->seen)) {
			slot->in = v;
			slot->index = i;
		}
		choose_slot(child, slot);
	}
}

static json_t *slot_value(const struct slot *slot)
{
	return json_is_array(slot->in) ?
		json_array_get(slot->in, slot->index) :
		json_object_get(slot->in, slot->key);
}

static json_t *odd_value(void)
{
	static const json_int_t integers[] = {
		0, 1, -1, 2, 63, 64, 255, 1000, INT32_MAX, INT32_MIN,
		UINT32_MAX, INT64_MAX, INT64_MIN,
	};
	static const double reals[] = {
		0.0, -1e-9, 1e-308, 1e308, -1e308, 0.5, 1e-3, 1e15, 1e19,
	};

	switch (rand() % 6) {
	case 0:
		return json_null();
	case 1:
		return json_boolean(rand() % 2);
	case 2:
		return json_string("");
	case 3:
		return json_real(reals[rand() % (sizeof(reals) /
						 sizeof(*reals))]);
	default:
		return json_integer(integers[rand() % (sizeof(integers) /
						       sizeof(*integers))]);
	}
}

/* Replace, remove, copy or repeat a value. */
static void mutate_json(json_t *root)
{
	struct slot to = { NULL }, from = { NULL };
	json_t *value;

	choose_slot(root, &to);
	choose_slot(root, &from);
	if (!to.in)
		return;
	switch (rand() % 4) {
	case 0:
		if (json_is_array(to.in))
			json_array_remove(to.in, to.index);
		else
			json_object_del(to.in, to.key);
		return;
	case 1:
		if (json_is_array(to.in)) {
			json_array_append_new(to.in,
					      json_deep_copy(slot_value(&to)));
			return;
		}
		/* fall through */
	case 2:
		value = json_deep_copy(slot_value(&from));
		break;
	default:
		value = odd_value();
	}
	if (json_is_array(to.in))
		json_array_set_new(to.in, to.index, value);
	else
		json_object_set_new(to.in, to.key, value);
}

static size_t mutate_json_text(uint8_t *data, size_t size, size_t max_size)
{
	json_t *root = json_loadb((const char *)data, size, 0, NULL);
	size_t length;

	if (!root)
		return 0;
	for (int i = 1 + rand() % 3; i > 0; i--)
		mutate_json(root);
	length = json_dumpb(root, (char *)data, max_size, JSON_COMPACT);
	json_decref(root);
	return length <= max_size ? length : 0;
}

/*
 * Mostly mutate a value of JSON, or one section of an ELF file in place: other
 * files are refused early.
 */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	size_t length = 0;
	uint8_t *part;

	srand(seed);
	if (target->json && seed % 8) {
		length = mutate_json_text(data, size, max_size);
		if (length)
			return length;
	}
	part = target->elf && seed % 8 ? section(data, size, seed / 8, &length) :
		NULL;
	if (!part)
		return LLVMFuzzerMutate(data, size, max_size);
	LLVMFuzzerMutate(part, length, length);
	return size;
}

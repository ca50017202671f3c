// SPDX-License-Identifier: GPL-2.0
/* main() of pfbench, under the name that the targets call. */
#define main pfbench_main
int main(int argc, char **argv);
#include "cmd/main.c"

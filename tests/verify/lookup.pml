/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For scripts/verify without cbmc: a tail of page 1 is split, its word is
 * private data (9) or a list pointer (8), and the page becomes a tail of page
 * 2. TWO_WORDS is v3.14's look-up, ONE_WORD v4.4's, whose word is twice the
 * head plus 1. The answer 0 is the page itself.
 */
#ifdef TWO_WORDS
bool tail = true;
byte word = 1;

active proctype writer()
{
	tail = false; printf("writer: no tail\n");
	word = 9; printf("writer: word is private data\n");
	word = 2; printf("writer: word is page 2\n");
	tail = true; printf("writer: tail\n")
}

active proctype reader()
{
	byte answer = 0, head;

	if
	:: tail ->
		printf("reader: a tail\n");
		head = word; printf("reader: word is %d\n", head);
		if
		:: tail -> printf("reader: still a tail\n"); answer = head
		:: else
		fi
	:: else
	fi;
	printf("reader: answers %d\n", answer);
	assert(answer <= 2)
}
#else
byte word = 3;

active proctype writer()
{
	word = 0;
	word = 8;
	word = 5
}

active proctype reader()
{
	byte answer = 0, loaded;

	loaded = word;
	if
	:: loaded & 1 -> answer = loaded / 2
	:: else
	fi;
	assert(answer <= 2)
}
#endif

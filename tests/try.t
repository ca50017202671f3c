#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# pfbench try: right and wrong look-ups and schemes of reference counts, bad
# files, the templates, the code, and an installed copy outside the tree. The
# race and the proof are in tests of their own, if there are two CPUs and cbmc.

set -eu

case ${1:-} in
-h) echo "usage: [PFBENCH=FILE] $0: test pfbench try, in TAP"; exit 0 ;;
esac

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$tmp"
mkdir t
TMPDIR=$tmp/t
export TMPDIR

# look_up NAME LAYOUT: writes NAME.h with the body on stdin
look_up()
{
	{
		echo "#define PF_TRY_NAME \"$1\""
		[ -z "$2" ] || echo "#define PF_TRY_LAYOUT $2"
		cat <<-'END'
			static __always_inline unsigned long
			pf_head_try(const struct pf_page *page,
				    const struct pf_layout *l,
				    enum pf_lowering how)
			{
		END
		cat
		echo "}"
	} >"$1.h"
}

look_up same '' <<'END'
	unsigned long info = READ_ONCE(page->word[l->word]);
	unsigned long mask;

	mask = (info & 1) - 1;
	mask |= info;
	return (unsigned long)page & mask;
END
look_up choice v4_4 <<'END'
	unsigned long word = READ_ONCE(page->word[l->word]);

	return pf_choose(word, 1, word - 1, (unsigned long)page, how);
END
sed -i '1i #define PF_TRY_LOWERINGS CHOICE' choice.h
look_up itself '' <<'END'
	return (unsigned long)page;
END
look_up crash '' <<'END'
	return *(volatile unsigned long *)8;
END
# a word of a page that is no tail may be in use
look_up trusting '' <<'END'
	unsigned long info = READ_ONCE(page->word[l->word]);

	return info ? (unsigned long)page & info : (unsigned long)page;
END
# v3.14 without the second test
look_up racy v4_2 <<'END'
	unsigned long head;

	if (unlikely(pf_flags(page) & 1UL << l->tail)) {
		head = page->word[l->word];
		smp_rmb();
		return head;
	}
	return (unsigned long)page;
END
look_up fakes v5_18 <<'END'
	return pf_head_fakehead(page, l, how, true);
END
sed -i '1i #define PF_TRY_FAKES ON' fakes.h

# memdesc NAME LAYOUT TYPES: the folio of these types is returned
memdesc()
{
	look_up "$1" "$2" <<-END
		unsigned long word = READ_ONCE(*pf_word((struct pf_page *)page, l));

		return $3 ? word & ~15UL : 0;
	END
}
memdesc memdesc memdesc_32 '(word & 14) == 2'
memdesc bytes memdesc_8 '(word & 14) == 2'
memdesc typeless memdesc_32 true
memdesc anon memdesc_8 '(word & 15) == 3'

# says TEXT: the output has it
says()
{
	grep -qF -e "$1" out || bad=1
}

run 0 try --right same.h
says 'same (same.h), layout v7_1'
says 'right on '
result "$bad" "a right look-up: exit status 0" out err
run 0 try --right choice.h
result "$bad" "a look-up with lowerings is right" out err
run 0 try --right fakes.h
says 'fake heads 7'
result "$bad" "fake heads" out err
for name in memdesc bytes; do
	run 0 try --right $name.h
	says "pages without a folio 75776"
	result "$bad" "a look-up of $name" out err
done

# wrong NAME TEXT: exit status 1, and the first line has the TEXT
wrong()
{
	run 1 try --right --code --time "$1.h"
	head -n 3 out | tr -s '\n ' ' ' | grep -q "^$1 is WRONG: .*$2" || bad=1
	grep -q 'code n/a: the [a-z-]* is wrong' out || bad=1
	! grep -q 'Time on' out || bad=1
	result "$bad" "wrong: $1" out err
}
wrong itself 'a tail, of order 1: compound_head() is page 1, not page 0'
wrong crash 'crashes: Segmentation fault'
wrong trusting 'a small page'
wrong typeless 'without a folio, .*: page_folio() is the folio of page 0, not 0'
wrong anon 'page 0, a small page, .*: page_folio() is 0, not the folio of page 0'
sed 's/_FAKES ON/_FAKES ON\n#define pf_fixed_fake_head(p, l, h, o) ((unsigned long)(p))/' \
	fakes.h >nofakes.h
sed -i 's/"fakes"/"nofakes"/; s/return .*/unsigned long w = READ_ONCE(page->word[l->word]); return w \& 1 ? w - 1 : (unsigned long)page;/' nofakes.h
sed -i '/^#define pf_fixed/d' nofakes.h
wrong nofakes 'a fake head, of order 9'

refused 'no file' 'none.h: No such file' try none.h
refused 'a directory' 'not a file' try .
refused 'no argument' 'which file?' try
refused 'two files' 'give one' try same.h choice.h
refused 'no compiler' 'no gcc-0 for' try --cc=gcc-0 same.h
refused 'an architecture' "no architecture 'vax'" try --arch=vax same.h
refused 'a time' 'not a number of seconds' try --race-time=x same.h
echo 'static int nothing;' >nothing.h
refused 'no pf_head_try()' "nothing.h: no pf_head_try()" try nothing.h
sed 's/"same"/"v4.4-word"/' same.h >taken.h
refused 'a name of the catalog' 'is in the catalog' try taken.h
sed 's/"same"/"a b"/' same.h >blank.h
refused 'a name with a blank' 'letters, digits' try blank.h
sed '1i #define PF_TRY_LAYOUT primitive' same.h >primitive.h
refused 'a layout without look-ups' 'no generation looks up' try primitive.h
refused 'a template' '--template=vax: not ref' try --template=vax

# compiler TITLE WORDS: the compiler's words are shown
compiler()
{
	run 2 try --right bad.h
	grep -q "^pfbench: try: bad.h: does not compile" err || bad=1
	grep -q "bad.h:.*error:.*$2" err || bad=1
	result "$bad" "the compiler's words: $1" err out
}
sed 's/return /return nowhere + /' same.h >bad.h
compiler 'an unknown variable' "'nowhere' undeclared"
sed 's/enum pf_lowering how/int how, int more/' same.h >bad.h
run 2 try --right bad.h
grep -q 'incompatible pointer type' err || bad=1
result "$bad" "the compiler's words: another type" err
sed '1i #define PF_TRY_LAYOUT v9' same.h >bad.h
run 2 try --right bad.h
grep -q 'PF_LAYOUT_v9' err || bad=1
result "$bad" "the compiler's words: no such layout" err

run 0 try --template
cp out mine.h
run 0 try --right mine.h
says 'my-mask (mine.h), layout v7_1'
result "$bad" "the template compiles and is right" out err

# a scheme of reference counts: that of ref-frozen-bit
run 0 try --template=ref
cp out frozen.h
run 0 try --right frozen.h
says 'my-frozen-bit (frozen.h), a scheme of reference counts'
says 'right: 1005 references taken, 1000 freed'
result "$bad" "the template of a scheme compiles and is right" out err

# scheme NAME TAKE PUT: writes NAME.h, with the statements
scheme()
{
	printf '#define PF_TRY_NAME "%s"\n%s\n{\n\t%s\n}\n%s\n{\n\t%s\n}\n' "$1" \
		'static __always_inline bool pf_ref_try_get(atomic_t *ref)' "$2" \
		'static __always_inline bool pf_ref_put(atomic_t *ref)' "$3" >"$1.h"
}
scheme cas 'return atomic_add_unless(ref, 1, 0);' \
	'return atomic_dec_and_test(ref);'
scheme doubled 'return atomic_add_unless(ref, 2, 7);' \
	'int last = 0;
	return !atomic_sub_return(2, ref) && atomic_try_cmpxchg(ref, &last, 7);'
sed -i '1i #define PF_TRY_REF_WORD(nr) (2 * (nr))\n#define PF_TRY_REF_FROZEN 7' \
	doubled.h
run 0 try --right doubled.h
says 'right: 1005 references taken'
result "$bad" "a scheme with words of its own" out err

sed 's/"my-frozen-bit"/"unlooked"/; s/return atomic_try_cmpxchg_relaxed.*/atomic_set(ref, PF_TRY_REF_FROZEN);\n\treturn true;/' \
	frozen.h >unlooked.h
sed 's/"my-frozen-bit"/"unreset"/; s/word - PF_TRY_REF_FROZEN >= 1 << 30/0/' \
	frozen.h >unreset.h
scheme always 'atomic_inc(ref); return true;' 'return atomic_dec_and_test(ref);'
scheme twice 'return atomic_add_unless(ref, 2, 0);' \
	'return atomic_dec_and_test(ref);'
scheme never 'return atomic_add_unless(ref, 1, 0);' \
	'atomic_dec_and_test(ref); return false;'
scheme fault 'return *(volatile int *)8;' 'return atomic_dec_and_test(ref);'
wrong unreset 'attempt 2147483648 to take a frozen page succeeds'
wrong always 'attempt 1 to take a frozen page succeeds'
wrong twice 'with 1 reference: the word is 0x3 then, not 0x2'
wrong never 'with 1 reference returns false'
wrong fault 'the scheme crashes: Segmentation fault'

grep -v pf_ref_put cas.h >half.h
refused 'half a scheme' 'half.h: no pf_ref_put()' try half.h
sed 's/return atomic_add/return nowhere + atomic_add/' cas.h >bad.h
compiler 'of a scheme' "'nowhere' undeclared"

# both NAME FILE FILE: writes NAME.h, with a look-up and a scheme
both()
{
	{ cat "$2"; grep -v PF_TRY_NAME "$3"; } >"$1.h"
}
both both same.h frozen.h
run 0 try --right both.h
says 'same (both.h), layout v7_1'
says 'same (both.h), a scheme of reference counts'
[ "$(grep -c '^right' out)" = 3 ] || bad=1
result "$bad" "a look-up and a scheme in one file" out err
both half itself.h cas.h
run 1 try --right half.h
head -n 1 out | grep -q 'WRONG' || bad=1
says 'right: 1005 references taken'
result "$bad" "a wrong look-up and a right scheme: exit status 1" out err
both half same.h twice.h
run 1 try --right half.h
says 'right on '
says 'WRONG: pf_ref_try_get()'
result "$bad" "a right look-up and a wrong scheme: exit status 1" out err

# the code of v7.1-mask, instruction by instruction
arch=$(uname -m)
run 0 try --code --arch="$arch" same.h
says '[instructions above same as v7.1-mask]'
! grep -q 'added\|changed\|left out' out || bad=1
awk '$2 == "v7.1-mask" { $1 = ""; $2 = ""; want = $0 }
	$1 == "same" && NF > 5 { $1 = ""; sub("^ *", ""); sub("^ *", "", want)
		rows++
		if ($0 != want)
			print want " and " $0 }
	END { if (rows != 1) print rows + 0 " rows" }' out >differ
[ ! -s differ ] || bad=1
says ' +0 instructions on '
result "$bad" "the code of v7.1-mask under another name is the same" differ out err
bad=0
! grep -E '.{73}|[^ -~]' out >long || bad=1
result "$bad" "72 columns of ASCII" long

# the code of memdesc-32 under another name
run 0 try --right --code --summary --replace --arch="$arch" memdesc.h
says 'page_folio() on small pages: +0 instructions on 1 of 1'
says 'PF_KV_EVER, memdesc_32, MEMDESC, FIXED, NONE'
! grep -q compound_head out || bad=1
result "$bad" "the code of memdesc-32 under another name is the same" out err

run 0 try --right --code --arch="$arch" --summary --replace same.h
[ "$(grep -c 'right on\|instructions on' out)" = 2 ] || bad=1
! grep -q 'lowering auto' out || bad=1
for line in '#define pf_head_same pf_head_try' \
	'G(same, "same", PF_KV(7, 1, 0), PF_KV_EVER, v7_1, POLICY, FIXED, NONE,' \
	'[PF_GEN_same] = {'; do
	says "$line"
done
result "$bad" "--summary and --replace" out err

# the three lines in a copy of the catalog, with the function
cp -r "$top/include" "$top/bench/target" .
{
	sed '/^\/\* The look-up of a user/,$d' "$top/include/pageflags/head.h"
	grep -v '^#define PF_TRY' same.h
	grep '^#define pf_head_same' out
	echo '#endif'
} >include/pageflags/head.h
line=$(grep 'G(same, ' out)
awk -v line="${line%\\}" '/^\tG\(primitive, / { print line "\\" } { print }' \
	"$top/include/pageflags/catalog.h" >include/pageflags/catalog.h
bad=0
gcc -std=gnu11 -O2 -w -Iinclude -DPF_STAMP_GEN=same -c -o same.o \
	target/use_stubs.c >err 2>&1 || bad=1
nm same.o 2>>err | grep -q ' pf_uses_same$' || bad=1
result "$bad" "the lines of --replace make a generation" err

# the code of ref-cas
run 0 try --code --arch="$arch" cas.h
[ "$(grep -c 'instructions above same as ref-cas' out)" = 2 ] || bad=1
! grep -q 'added\|changed\|left out' out || bad=1
[ "$(grep -c '^folio_[a-z_]*(): +0 instructions on 1' out)" = 2 ] || bad=1
! grep -E '.{73}|[^ -~]' out >long || bad=1
result "$bad" "the code of ref-cas under another name is the same" out err long

# a scheme of the catalog: the lines, in a copy
run 0 try --right --summary --replace frozen.h
# row LETTER BEFORE FILE: copies FILE, with a row of the output above BEFORE
row()
{
	awk -v line="$(sed -n "s/^\t\($1(.*)\) .\$/\1/p" out)" -v before="$2" \
		'index($0, before) == 1 { print "\t" line " \\" } { print }' \
		"$top/include/pageflags/$3" >"include/pageflags/$3"
}
row R '	R(cas, ' ref.h
row G '	G(primitive, ' catalog.h
{
	sed '/^#define pf_head_primitive/q' "$top/include/pageflags/head.h"
	grep '^#define pf_head_ref_my_frozen_bit' out
	sed '1,/^#define pf_head_primitive/d' "$top/include/pageflags/head.h"
} >include/pageflags/head.h
says '[PF_GEN_ref_my_frozen_bit] = {'
gcc -std=gnu11 -O2 -w -Iinclude -DPF_STAMP_GEN=ref_my_frozen_bit -c -o same.o \
	target/use_stubs.c >err 2>&1 || bad=1
nm same.o 2>>err | grep -q ' pf_uses_ref_my_frozen_bit$' || bad=1
result "$bad" "the lines of --replace make a scheme" out err

if [ "$(nproc)" -ge 2 ]; then
	run 1 try --race --race-time=4 racy.h
	head -n 1 out | grep -q '^racy is WRONG: .* look-ups in a race' || bad=1
	result "$bad" "the race finds a look-up with one test" out err
	run 0 try --race --race-time=1 memdesc.h
	says 'no race found in '
	result "$bad" "a look-up of a memdesc races" out err
	run 1 try --right --race --race-time=4 unlooked.h
	head -n 1 out | grep -q '^unlooked is WRONG: in a race of' || bad=1
	result "$bad" "the race finds a put that frees without a second look" out err
	run 0 try --right --race --race-time=1 frozen.h
	says 'no race found in '
	result "$bad" "the race finds nothing in a right scheme" out err
else
	run 4 try --race --race-time=1 racy.h
	says 'race n/a: needs two CPUs'
	result "$bad" "no race on one CPU" out err
	run 4 try --race --race-time=1 unlooked.h
	says 'race n/a: needs two CPUs'
	result "$bad" "nor of a scheme" out err
fi

# spin does not take a file
if "$top/scripts/verify" -f same.h -s make -m sc >/dev/null 2>&1; then
	run 1 try --proof racy.h
	head -n 1 out | grep -q '^racy is WRONG: cbmc' || bad=1
	says 'reader  answers private data'
	result "$bad" "the proof finds it, with the steps" out err
	run 1 try --proof unlooked.h
	head -n 1 out | grep -q '^unlooked is WRONG: cbmc' || bad=1
	says 'has a reference'
	result "$bad" "the proof finds the put, with the steps" out err
	status=0 bad=0
	"$top/scripts/verify" -f cas.h -m sc >out 2>err || status=$?
	[ "$status" = 0 ] && grep -q '^cas  *safe  *-' out || bad=1
	says 'reference: a scheme of cas.h'
	! grep -q compound_head out || bad=1
	result "$bad" "verify -f proves a scheme" out err
	scheme other 'return atomic_add_unless(ref, 1, 0);' \
		'return atomic_fetch_sub_release(1, ref) == 1;'
	run 4 try --proof other.h
	says 'does not model atomic_fetch_sub_release'
	result "$bad" "an atomic without a model: the proof is n/a" out err
else
	run 4 try --proof racy.h
	says 'proof n/a: '
	result "$bad" "no cbmc: the proof is n/a" out err
fi

# an installed copy, without the tree
bad=0
env -u MAKEFLAGS -u MAKELEVEL make -s -C "$top" -o all install \
	B="${pfbench%/*}" DESTDIR="$tmp/dest" prefix=/usr >out 2>&1 || bad=1
mkdir elsewhere
cp same.h elsewhere
(
	cd elsewhere
	PFBENCH_SRCDIR=$tmp/dest/usr/share/pageflags-bench/src
	export PFBENCH_SRCDIR
	"$tmp/dest/usr/bin/pfbench" try --right --summary same.h
	"$tmp/dest/usr/bin/pfbench" try --template | cmp - ../mine.h
	bash "$PFBENCH_SRCDIR/scripts/verify" -h | grep -q 'FILE.h'
) >>out 2>&1 || bad=1
says 'right on '
result "$bad" "an installed copy outside the tree" out

ls t >left
[ ! -s left ] && bad=0 || bad=1
result "$bad" "no temporary files are left" left

echo "1..$n"

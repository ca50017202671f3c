// SPDX-License-Identifier: GPL-2.0
/*
 * The kinds of an instruction, by its mnemonic as binutils spells it and, where
 * needed, by its operands. An instruction in no table is CODE_UNKNOWN: new ones
 * must not pass for arithmetic.
 */
#include <string.h>

#include "code/code.h"

#define RMW (CODE_LOAD | CODE_STORE)
#define ATOMIC (CODE_LOAD | CODE_STORE | CODE_ATOMIC)

/* Mnemonics with blanks between; '*' at the end matches any suffix. */
struct mnemonics {
	unsigned int classes;
	const char *names;
};

/* Do @names have the word @name of length @n? */
static bool has_mnemonic(const char *names, const char *name, size_t n)
{
	size_t len;

	for (; *names; names += len + strspn(names + len, " ")) {
		len = strcspn(names, " ");
		if (names[len - 1] == '*' ? n >= len - 1 &&
		    !strncmp(names, name, len - 1) :
		    n == len && !strncmp(names, name, n))
			return true;
	}
	return false;
}

static unsigned int look_up_mnemonic(const struct mnemonics *row,
				     const char *name, size_t n)
{
	for (; row->names; row++)
		if (has_mnemonic(row->names, name, n))
			return row->classes;
	return CODE_UNKNOWN;
}

/* Intel SDM, appendix B: the conditions of jcc, setcc, cmovcc */
static const char x86_conditions[] =
	"e ne z nz s ns c nc b nb a na ae nae be nbe l nl le nle g ng ge nge o no p np pe po";

/* both operands may be memory; the last operand is also written */
static const char x86_alu[] =
	"add sub and or xor adc sbb inc dec neg not shl sal shr sar rol ror bts btr btc xadd cmpxchg";
static const char x86_compares[] = "cmp test bt";
static const char x86_moves[] = "mov movabs movz* movs*";
static const char x86_registers[] =
	"lea imul mul cltq cqto cltd cwtl bsf bsr tzcnt lzcnt popcnt bswap";

/* Look for @name with or without a letter for the size of its operands. */
static bool x86_in(const char *names, const char *name, size_t n)
{
	return has_mnemonic(names, name, n) ||
		(n > 1 && strchr("bwlq", name[n - 1]) &&
		 has_mnemonic(names, name, n - 1));
}

static bool x86_condition(const char *prefix, const char *name, size_t n)
{
	size_t len = strlen(prefix);

	return n > len && !strncmp(name, prefix, len) &&
		has_mnemonic(x86_conditions, name + len, n - len);
}

static unsigned int x86_memory(const char *operands, unsigned int first,
			       unsigned int last)
{
	const char *open = strchr(operands, '(');

	if (!open)
		return 0;
	/* AT&T order: the destination comes last */
	return strchr(strchr(open, ')') ? strchr(open, ')') : open, ',') ?
		first : last;
}

static unsigned int classify_x86(const char *name, size_t n,
				 const char *operands)
{
	bool lock = false;

	while (has_mnemonic("lock data16 cs rep repz notrack bnd", name, n) &&
	       *operands) {
		lock |= has_mnemonic("lock", name, n);
		name = operands;
		n = strcspn(name, " ");
		operands = name + n + strspn(name + n, " ");
	}
	if (has_mnemonic("nop nopw nopl", name, n) ||
	    (has_mnemonic("xchg", name, n) && !strcmp(operands, "%ax,%ax")))
		return CODE_NOP;
	if (has_mnemonic("ret retq", name, n))
		return CODE_RETURN;
	if (x86_in("push", name, n))
		return CODE_STORE;
	if (x86_in("pop", name, n))
		return CODE_LOAD;
	if (has_mnemonic("jmp", name, n))
		return CODE_JUMP;
	if (x86_condition("j", name, n))
		return CODE_BRANCH;
	if (x86_condition("cmov", name, n))
		return CODE_SELECT | x86_memory(operands, CODE_LOAD, 0);
	if (x86_condition("set", name, n))
		return x86_memory(operands, 0, CODE_STORE);
	if (has_mnemonic("lfence mfence sfence", name, n))
		return CODE_BARRIER;
	/* smp_mb() adds 0 to an unused word below the stack */
	if (lock && x86_in("add or", name, n) && !strncmp(operands, "$0x0,", 5))
		return strstr(operands, "(%rsp)") ? CODE_BARRIER : ATOMIC;
	if (x86_in("xchg", name, n))
		return x86_memory(operands, ATOMIC, ATOMIC);
	if (x86_in(x86_alu, name, n))
		return lock ? ATOMIC : x86_memory(operands, CODE_LOAD, RMW);
	if (x86_in(x86_compares, name, n))
		return x86_memory(operands, CODE_LOAD, CODE_LOAD);
	if (x86_in(x86_moves, name, n))
		return x86_memory(operands, CODE_LOAD, CODE_STORE);
	if (x86_in(x86_registers, name, n))
		return 0;
	return CODE_UNKNOWN;
}

/*
 * Arm ARM, C6. An acquiring load and a releasing store are a load and a store;
 * cset and csetm choose between constants and are no select.
 */
static const struct mnemonics arm64_rows[] = {
	{ CODE_NOP, "nop" },
	{ CODE_RETURN, "ret" },
	{ CODE_JUMP, "b br" },
	{ CODE_BRANCH, "b.* cbz cbnz tbz tbnz" },
	{ CODE_SELECT, "csel csinc csinv csneg cinc cinv cneg" },
	{ CODE_BARRIER, "dmb dsb isb" },
	{ CODE_LOAD, "ldr ldrb ldrh ldrsb ldrsh ldrsw ldur ldurb ldurh ldp ldar ldarb ldarh ldapr ldapur ldxr ldxrb ldxrh ldaxr ldaxrb ldaxrh" },
	{ CODE_STORE, "str strb strh stur sturb sturh stp stlr stlrb stlrh" },
	{ CODE_STORE | CODE_ATOMIC, "stxr stxrb stxrh stlxr stlxrb stlxrh" },
	{ ATOMIC, "ldset* ldclr* ldadd* ldeor* stset* stclr* stadd* steor* cas* swp*" },
	{ 0, "add adds sub subs cmp cmn and ands tst orr orn eor eon bic bics lsl lsr asr ror extr mov movz movk movn mvn neg negs ubfx ubfiz sbfx sbfiz bfi bfxil uxtb uxth uxtw sxtb sxth sxtw mul madd msub clz rbit rev cset csetm ccmp ccmn adc sbc adr adrp" },
	{ 0 }
};

/* The RISC-V manual, volume I, with A, C, Zbb, Zbs and Zicond */
static const struct mnemonics riscv64_rows[] = {
	{ CODE_NOP, "nop" },
	{ CODE_RETURN, "ret" },
	{ CODE_JUMP, "j jr" },
	{ CODE_BRANCH, "beq bne blt bltu bge bgeu beqz bnez blez bgez bltz bgtz bgt bgtu ble bleu" },
	{ CODE_SELECT, "czero.eqz czero.nez" },
	{ CODE_BARRIER, "fence fence.tso" },
	{ CODE_LOAD, "ld lw lwu lh lhu lb lbu lr.d* lr.w*" },
	{ CODE_STORE, "sd sw sh sb" },
	{ CODE_STORE | CODE_ATOMIC, "sc.d* sc.w*" },
	{ ATOMIC, "amo*" },
	{ 0, "add addi addw addiw sub subw and andi or ori xor xori sll slli sllw slliw srl srli srlw srliw sra srai sraw sraiw slt slti sltu sltiu seqz snez sltz sgtz li lui auipc mv not neg negw sext.w sext.b sext.h zext.w zext.b zext.h andn orn xnor bext bexti bset bseti bclr bclri mul" },
	{ 0 }
};

/* Power ISA, book I and II */
static const struct mnemonics ppc64_rows[] = {
	{ CODE_NOP, "nop xnop" },
	{ CODE_RETURN, "blr" },
	{ CODE_JUMP, "b bctr" },
	{ CODE_BRANCH, "beq bne blt bgt ble bge bso bns bdnz bdz bc" },
	{ CODE_BRANCH | CODE_RETURN, "beqlr bnelr bltlr bgtlr blelr bgelr bsolr bnslr bclr" },
	{ CODE_SELECT, "isel*" },
	{ CODE_BARRIER, "sync hwsync lwsync isync eieio ptesync" },
	{ CODE_LOAD, "ld ldx ldu lwzu lhzu lbzu lwz lwzx lwa lwax lhz lhzx lha lbz lbzx ldarx lwarx lharx lbarx" },
	{ CODE_STORE, "std stdx stdu stw stwx sth sthx stb stbx" },
	{ CODE_STORE | CODE_ATOMIC, "stdcx. stwcx. sthcx. stbcx." },
	{ 0, "mcrf mflr mtlr mfctr mtctr mfcr mfocrf mtcrf mtocrf add add. addi addic addic. addis addc adde addze addme subf subf. subfc subfe subfic subfze neg neg. and and. andi. andis. andc andc. or or. ori oris orc xor xor. xori xoris nor nor. eqv nand not mr mr. li lis cntlzw cntlzd cnttzw cnttzd extsw extsb extsh popcntd" },
	{ 0, "rldicl rldicl. rldicr rldicr. rldic rldimi rldcl rlwinm rlwinm. rlwimi rlwnm rotldi rotlwi clrldi clrldi. clrlwi clrlwi. clrrdi clrrdi. clrrwi clrlsldi clrlslwi extrdi sldi sldi. slwi srdi srdi. srwi srwi. sld slw srd srw srad srw sradi srawi" },
	{ 0, "cmpd cmpw cmpld cmplw cmpdi cmpwi cmpldi cmplwi cmpb cror crorc crand crandc crxor crnor creqv crnand crnot crmove crclr crset mfcr mfocrf setb setbc setbcr setnbc setnbcr mulld mulli" },
	{ 0 }
};

static unsigned int classify_ppc64(const char *name, size_t n,
				   const char *operands)
{
	/* the hint for branch prediction */
	if (*name == 'b' && (name[n - 1] == '+' || name[n - 1] == '-'))
		n--;
	/* gas fills the rest of a dispatch group with these */
	if (has_mnemonic("ori", name, n) && !strcmp(operands, "r2,r2,0"))
		return CODE_NOP;
	return look_up_mnemonic(ppc64_rows, name, n);
}

/* z/Architecture Principles of Operation, chapters 5 and 7 */
static const struct mnemonics s390x_rows[] = {
	{ CODE_NOP, "nopr nop jnop jgnop" },
	{ CODE_JUMP, "j jg" },
	{ CODE_BRANCH, "brct brctg jct jctg" },
	{ CODE_LOAD, "lm lmy lmg l ly lg lgf llgf lh lhy lgh llh llgh lb lgb llc llgc lt ltg ltgf lrl lgrl n ng ny o og oy x xg xy a ag ay agf s sg sy sgf al alg sl slg c cg cy cgf ch cgh cl clg cly clgf tm tmy cli cliy cghsi chsi clghsi clfhsi" },
	{ CODE_STORE, "stm stmy stmg st sty stg stc stcy sth sthy mvi mviy mvhi mvghi mvhhi" },
	{ RMW, "oi oiy ni niy xi xiy asi agsi alsi algsi mvc oc nc xc" },
	{ ATOMIC, "laa laag laal laalg lan lang lao laog lax laxg cs csg csy cds cdsg" },
	{ 0, "la lay larl lr lgr lgfr llgfr llgtr lghr llghr lgbr llgcr llcr ltr ltgr ltgfr lcr lcgr lpr lpgr lnr lngr lhi lghi lgfi llilf llihf llill llilh llihl llihh iilf iihf iill iilh iihl iihh ipm" },
	{ 0, "ar agr agfr ark agrk ahi aghi ahik aghik afi agfi alr algr alrk algrk alfi algfi alghsik alcr alcgr sr sgr sgfr srk sgrk slr slgr slrk slgrk slfi slgfi slbr slbgr nr ngr nrk ngrk nill nilh nihl nihh nilf nihf or ogr ork ogrk oill oilh oihl oihh oilf oihf xr xgr xrk xgrk xilf xihf" },
	{ 0, "sll sllg sllk srl srlg srlk sra srag srak sla slag rll rllg risbg risbgz risbgn risbgnz risblg risblgz risbhg risbhgz rnsbg rosbg rxsbg tmll tmlh tmhl tmhh cr cgr cgfr chi cghi cfi cgfi clr clgr clfi clgfi clgfr mghi msgr flogr" },
	{ 0 }
};

/* names for a mask of condition codes in a mnemonic */
static const char s390x_conditions[] =
	"e ne h nh l nl he nhe le nle lh nlh o no z nz p np m nm";

/* Is it PREFIX, a condition, SUFFIX? */
static bool s390x_condition(const char *prefix, const char *suffix,
			    const char *name, size_t n)
{
	size_t p = strlen(prefix), s = strlen(suffix);

	return n > p + s && !strncmp(name, prefix, p) &&
		!strncmp(name + n - s, suffix, s) &&
		has_mnemonic(s390x_conditions, name + p, n - p - s);
}

static unsigned int classify_s390x(const char *name, size_t n,
				   const char *operands)
{
	static const struct mnemonics by_condition[] = {
		{ CODE_BRANCH, "j" }, { CODE_BRANCH, "jg" },
		{ CODE_BRANCH, "crj" }, { CODE_BRANCH, "cgrj" },
		{ CODE_BRANCH, "clrj" }, { CODE_BRANCH, "clgrj" },
		{ CODE_BRANCH, "cij" }, { CODE_BRANCH, "cgij" },
		{ CODE_BRANCH, "clij" }, { CODE_BRANCH, "clgij" },
		/* compare, and branch to a register */
		{ CODE_BRANCH | CODE_RETURN, "crb" },
		{ CODE_BRANCH | CODE_RETURN, "cgrb" },
		{ CODE_BRANCH | CODE_RETURN, "clrb" },
		{ CODE_BRANCH | CODE_RETURN, "clgrb" },
		{ CODE_BRANCH | CODE_RETURN, "cib" },
		{ CODE_BRANCH | CODE_RETURN, "cgib" },
		{ CODE_BRANCH | CODE_RETURN, "clib" },
		{ CODE_BRANCH | CODE_RETURN, "clgib" },
		{ CODE_SELECT, "locr" }, { CODE_SELECT, "locgr" },
		{ CODE_SELECT, "lochi" }, { CODE_SELECT, "locghi" },
		{ CODE_SELECT, "selr" }, { CODE_SELECT, "selgr" },
		{ CODE_SELECT | CODE_LOAD, "loc" },
		{ CODE_SELECT | CODE_LOAD, "locg" },
		{ CODE_SELECT | CODE_STORE, "stoc" },
		{ CODE_SELECT | CODE_STORE, "stocg" },
		{ 0 }
	};
	const struct mnemonics *row;

	/* a branch to register 0 is none: bcr 14,0 and bcr 15,0 serialise */
	if ((has_mnemonic("br bnor", name, n) && !strcmp(operands, "%r0")))
		return CODE_BARRIER;
	if (has_mnemonic("br", name, n))
		return strcmp(operands, "%r14") ? CODE_JUMP : CODE_RETURN;
	if (s390x_condition("b", "r", name, n) && !strcmp(operands, "%r14"))
		return CODE_BRANCH | CODE_RETURN;
	for (row = by_condition; row->names; row++)
		if (s390x_condition(row->names, "", name, n))
			return row->classes;
	return look_up_mnemonic(s390x_rows, name, n);
}

unsigned int code_classify(const struct code_arch *arch, const char *text)
{
	size_t n = strcspn(text, " ");
	const char *operands = text + n + strspn(text + n, " ");

	if (!strcmp(arch->name, "x86-64"))
		return classify_x86(text, n, operands);
	if (!strcmp(arch->name, "arm64"))
		return look_up_mnemonic(arm64_rows, text, n);
	if (!strcmp(arch->name, "riscv64"))
		return look_up_mnemonic(riscv64_rows, text, n);
	if (!strcmp(arch->name, "ppc64le"))
		return classify_ppc64(text, n, operands);
	if (!strcmp(arch->name, "s390x"))
		return classify_s390x(text, n, operands);
	return CODE_UNKNOWN;
}

# SPDX-License-Identifier: GPL-2.0
#
# Print the steps of the interleaving that refutes the first assertion of
# reference.c, one per line, from a trace of cbmc (--trace).

function step(text)
{
	printf "  %-7s %s\n", thread ? "taker " thread : "owner", text
}

# 0x80000000 and what failed attempts added to it
function count(bits,    i, n)
{
	if (substr(bits, 1, 1) == 1)
		n = -2147483648
	for (i = 2; i <= length(bits); i++)
		n += substr(bits, i, 1) * 2 ^ (32 - i)
	return n < -1073741824 ? sprintf("0x80000000 + %d", n + 2147483648) : n
}

/^Trace for / { on = /main\.assertion\.1:/ }
!on { next }
/^State / { thread = $NF; next }
/^  ref\.counter=/ {
	bits = $0
	sub(/.*\(/, "", bits)
	gsub(/[ )]/, "", bits)
	step("count is " count(bits))
}
/^  return_value_pf_ref_try_get=(TRUE|1)/ { step("has a reference") }
/^  frees=[1-9]/ { step("frees the page") }
/^  allocated=1/ && allocations++ { step("allocates the page again") }
/^  wrong=(TRUE|1)/ { step("finds it free") }

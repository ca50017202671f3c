# SPDX-License-Identifier: GPL-2.0
#
# Prints what the kernel's scripts/bloat-o-meter prints, without python:
#	nm --size-sort OLD >old; nm --size-sort NEW >new
#	awk -f compare-kernels-bloat.awk old new
function hex(s,    i, n) {
	for (i = 1; i <= length(s); i++)
		n = 16 * n + index("0123456789abcdef", substr(s, i, 1)) - 1
	return n
}
/:/ || NF != 3 || $2 !~ /^[tTdDbBrRvVwW]$/ { next }
# generated symbols
$3 ~ /^(__mod_|__se_sys|__se_compat_sys|__addressable_)/ ||
$3 ~ /^(__noinstr_text_start|_sdata)/ ||
$3 == "linux_banner" || $3 == "vermagic" { next }
{
	name = $3
	# statics and some other optimizations add random .NUMBER
	gsub(/\.[0-9]+/, "", name)
	seen[name]
	if (FILENAME == ARGV[1])
		old[name] += hex($1)
	else
		new[name] += hex($1)
}
END {
	for (name in seen) {
		before += old_size = name in old ? old[name] : 0
		after += new_size = name in new ? new[name] : 0
		d = new_size - old_size
		if (!(name in old))
			added++
		else if (!(name in new))
			removed++
		else if (d > 0)
			grown++
		else if (d < 0)
			shrunk++
		if (d > 0)
			up += d
		else
			down -= d
		if (d)
			row[++n] = sprintf("%d\t%s\t%-40s %7s %7s %+7d", d, name,
				name, name in old ? old[name] : "-",
				name in new ? new[name] : "-", d)
	}
	printf "add/remove: %d/%d grow/shrink: %d/%d up/down: %d/%d (%d)\n",
		added, removed, grown, shrunk, up, -down, up - down
	printf "%-40s %7s %7s %7s\n", "Function", "old", "new", "delta"
	fflush()
	sort = "LC_ALL=C sort -t '\t' -k 1,1nr -k 2,2r | cut -f 3-"
	for (i = 1; i <= n; i++)
		print row[i] | sort
	close(sort)
	printf "Total: Before=%d, After=%d, chg %+.2f%%\n", before, after,
		before ? 100 * (after - before) / before : 0
}

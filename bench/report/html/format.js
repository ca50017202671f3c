// SPDX-License-Identifier: GPL-2.0
/* Figures as text, and text as HTML. */
'use strict';

(function () {
	const entities = {
		'&': '&amp;',
		'<': '&lt;',
		'>': '&gt;',
		'"': '&quot;',
		"'": '&#39;',
	};

	/* Text that may stand in HTML and in attributes */
	pf.escape = (text) => String(text).replace(/[&<>"']/g, (c) => entities[c]);

	/* As pfbench report prints medians */
	pf.number = function (v) {
		const a = Math.abs(v);

		if (!isFinite(v)) return '-';
		return v.toFixed(a < 0.9995 ? 3 : a < 99.995 ? 2 : 1);
	};

	/* Half the width of the interval, rounded up; null without one */
	pf.reach = function (e) {
		return e.lo === null || e.hi === null
			? null
			: Math.max(e.mid - e.lo, e.hi - e.mid);
	};

	pf.withReach = function (e) {
		const r = pf.reach(e),
			digits = Math.abs(e.mid) < 0.9995 ? 3 : 2;
		const scale = Math.pow(10, digits);

		if (r === null) return '(' + pf.number(e.mid) + ')';
		return (
			pf.number(e.mid) +
			' \u00b1' +
			(Math.ceil(r * scale - 1e-6) / scale).toFixed(digits)
		);
	};

	pf.percent = function (share) {
		const p = 100 * share;

		return (Math.abs(p) < 9.95 ? p.toFixed(1) : p.toFixed(0)) + ' %';
	};

	pf.count = (n, one) => n + ' ' + one + (n === 1 ? '' : 's');
})();

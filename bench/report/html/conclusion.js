// SPDX-License-Identifier: GPL-2.0
/* One conclusion: as text, as a bar of machines, as a card, in detail. */
'use strict';

(function () {
	const d = pf.data;
	const kinds = [
		'turns round',
		'holds on all',
		'holds on some',
		'no difference',
	];
	const classes = ['turns', 'holds', 'some', 'none'];
	const letters = { w: 'wins', l: 'loses', s: 'same', u: 'undecided' };

	/* Numbers of machines by answer, and the least and most that is saved */
	function judge(c, number) {
		const n = { w: 0, l: 0, s: 0, u: 0, '-': 0 };

		for (const letter of c.answers) n[letter]++;
		c.number = number;
		c.n = n;
		c.asked = d.machines.length - n['-'];
		c.kind = n.l ? 0 : !n.w ? 3 : n.w === c.asked ? 1 : 2;
		c.text = c.a + ' beats ' + c.b;
	}
	d.conclusions.forEach(judge);

	function savedText(c) {
		const s = c.saved,
			a = s && Math.round(s[0]),
			b = s && Math.round(s[1]);

		return !s ? '' : a === b ? b + ' %' : a + ' to ' + b + ' %';
	}

	function where(c) {
		return (
			c.accessor +
			', ' +
			c.population +
			' pages' +
			(c.instructions ? ', instructions' : '')
		);
	}

	function bar(c) {
		const parts = ['w', 's', 'u', 'l']
			.filter((k) => c.n[k])
			.map(
				(k) =>
					'<span class="' +
					letters[k] +
					'" style="flex-grow:' +
					c.n[k] +
					'" title="' +
					letters[k] +
					' on ' +
					c.n[k] +
					'">' +
					c.n[k] +
					'</span>'
			);

		return (
			'<span class="bar" role="img" aria-label="' +
			pf.escape(barText(c)) +
			'">' +
			parts.join('') +
			'</span>'
		);
	}

	function barText(c) {
		return ['w', 'l', 's', 'u']
			.filter((k) => c.n[k])
			.map((k) => letters[k] + ' on ' + c.n[k])
			.join(', ');
	}

	/* "on all 5", "on 2 of 5" */
	function on(c) {
		return c.n.w === c.asked
			? 'on ' + (c.asked > 1 ? 'all ' : '') + c.asked
			: 'on ' + c.n.w + ' of ' + c.asked;
	}

	/* Microarchitectures with an answer: "Zen 4 (2 of 3)" */
	function groupsWith(c, letter) {
		return pf.groups
			.map(function (group) {
				const of = group.filter(
					(m) => c.answers[m.number] !== '-'
				).length;
				const n = group.filter(
					(m) => c.answers[m.number] === letter
				).length;

				return n
					? group[0].microarchitecture + ' (' + n + ' of ' + of + ')'
					: null;
			})
			.filter((t) => t);
	}

	function card(c) {
		const saved = savedText(c);
		const e = pf.element('a', {
			class: 'card ' + classes[c.kind],
			href: pf.address({ view: 'summary', conclusion: c.number + 1 }, {}),
		});

		e.append(
			pf.element('span', { class: 'verdict' }, kinds[c.kind]),
			pf.element(
				'span',
				{ class: 'claim' },
				pf.element('b', {}, c.a),
				' beats ',
				pf.element('b', {}, c.b),
				' ' + on(c),
				saved ? ', by ' + saved : '',
				c.n.l ? '; loses on ' + c.n.l : ''
			),
			pf.element('span', { class: 'where' }, where(c))
		);
		e.insertAdjacentHTML('beforeend', bar(c));
		return e;
	}

	/* One conclusion: the difference on each machine */
	function detail(container, c) {
		const list = pf.differences(c.number);
		const machines = d.machines.filter((m) => c.answers[m.number] !== '-');
		const of = (m) => pf.estimate(list, 3 * m.number);

		machines.sort((x, y) => of(x).mid - of(y).mid);
		container.append(
			pf.element(
				'p',
				{},
				pf.link('\u2190 all conclusions', { view: 'summary' })
			),
			pf.element('h2', {}, c.a + ' and ' + c.b),
			card(c)
		);
		['w', 'l'].forEach(function (letter) {
			const groups = groupsWith(c, letter);

			if (groups.length)
				container.append(
					pf.element(
						'p',
						{},
						pf.element('b', {}, c.a + ' ' + letters[letter] + ': '),
						groups.join(', ')
					)
				);
		});
		const units = new Set(machines.map((m) => m.unit));

		pf.pointPlot(container, {
			name: 'What ' + c.b + ' costs more than ' + c.a,
			title:
				'What ' +
				c.b +
				' costs more than ' +
				c.a +
				', on each machine (' +
				where(c) +
				'); above 0, ' +
				c.a +
				' is cheaper',
			className: 'wide',
			slanted: machines.length <= 40,
			labels: machines.map((m) => m.label + ', ' + m.microarchitecture),
			tick: (i) =>
				machines.length <= 40 ? machines[i].label : String(i + 1),
			xlabel: machines.length <= 40 ? null : 'machines, by difference',
			ylabel: Array.from(units).join(', '),
			series: [{ name: 'difference', colour: '#0072B2' }],
			value: (k, i) => of(machines[i]),
			unit: (i) => machines[i].unit,
			click: (i) =>
				pf.go(
					{ view: 'machines', machine: machines[i].number + 1 },
					{}
				),
		});
		pf.table(container, {
			name: 'Differences',
			page: 25,
			rows: machines,
			order: [[3, 'asc']],
			columns: [
				{
					key: 'machine',
					title: 'Machine',
					value: (m) => m.label,
					html: pf.machineLink,
				},
				{
					key: 'uarch',
					title: 'Microarchitecture',
					value: (m) => m.microarchitecture,
				},
				{
					key: 'answer',
					title: c.a,
					value: (m) => letters[c.answers[m.number]],
				},
				{
					key: 'difference',
					title: 'Difference',
					className: 'num',
					figure: (m) => of(m).mid,
					value: (m) => pf.withReach(of(m)),
				},
				{ key: 'unit', title: 'Unit', value: (m) => m.unit },
			],
		});
	}

	pf.conclusion = {
		kinds,
		classes,
		savedText,
		bar,
		barText,
		on,
		card,
		detail,
	};
})();

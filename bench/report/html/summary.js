// SPDX-License-Identifier: GPL-2.0
/* The first screen: which conclusions hold on every machine. */
'use strict';

(function () {
	const d = pf.data;
	const { kinds, classes, savedText, bar, barText, on, card, detail } =
		pf.conclusion;

	/* The colours of the bars */
	function barLegend() {
		const texts = [
			['wins', 'the first wins'],
			['same', 'the same'],
			['undecided', 'undecided'],
			['loses', 'the first loses'],
		];

		return pf.element(
			'p',
			{ class: 'note keys' },
			'Machines on which ',
			...texts.map(([name, text]) =>
				pf.element(
					'span',
					{},
					pf.element('span', { class: 'key ' + name }),
					text
				)
			)
		);
	}

	/* "v4.4-word v7.1-mask", whatever the lowerings */
	function generations(c) {
		return [c.a, c.b].map((name) => name.split(' ')[0]).join(' ');
	}

	/* One per pair of generations: the most machines, then times before counts */
	function best(list, compare, nr) {
		const seen = new Set();

		return list
			.slice()
			.sort(compare)
			.filter(function (c) {
				const pair = generations(c);

				if (seen.has(pair)) return false;
				seen.add(pair);
				return true;
			})
			.slice(0, nr);
	}

	function highlights() {
		const turning = best(
			d.conclusions.filter((c) => c.kind === 0),
			(x, y) =>
				x.instructions - y.instructions ||
				Math.min(y.n.w, y.n.l) - Math.min(x.n.w, x.n.l) ||
				y.asked - x.asked ||
				x.number - y.number,
			3
		);
		const holding = best(
			d.conclusions.filter((c) => c.kind === 1),
			(x, y) =>
				x.instructions - y.instructions ||
				y.asked - x.asked ||
				mask(y) - mask(x) ||
				x.number - y.number,
			turning.length ? 3 : 6
		);

		return turning.concat(holding);
	}

	const mask = (c) => (c.a === 'v7.1-mask') + (c.b === 'v7.1-mask');

	function tile(n, text, changes) {
		return pf.element(
			'a',
			{ class: 'tile', href: pf.address(changes, {}) },
			pf.element('b', {}, String(n)),
			pf.element('span', {}, text)
		);
	}

	function tiles() {
		const of = (kind) =>
			d.conclusions.filter((c) => c.kind === kind).length;

		return pf.element(
			'div',
			{ class: 'tiles' },
			tile(
				d.machines.length,
				d.machines.length === 1 ? 'machine' : 'machines',
				{ view: 'machines' }
			),
			tile(
				pf.groups.length,
				pf.groups.length === 1
					? 'microarchitecture'
					: 'microarchitectures',
				{ view: 'matrix' }
			),
			tile(of(0), 'conclusions turn round', {
				view: 'summary',
				verdict: 'turns round',
			}),
			tile(of(1), 'hold on every machine', {
				view: 'summary',
				verdict: 'holds on all',
			}),
			tile(of(2), 'hold on some', {
				view: 'summary',
				verdict: 'holds on some',
			}),
			tile(d.left_out.length, 'files left out', { view: 'about' })
		);
	}

	const columns = [
		{
			key: 'verdict',
			title: 'Verdict',
			value: (c) => kinds[c.kind],
			order: (c) => c.kind,
			html: (c) =>
				'<span class="verdict ' +
				classes[c.kind] +
				'">' +
				kinds[c.kind] +
				'</span>',
		},
		{
			key: 'claim',
			title: 'Conclusion',
			value: (c) => c.text + ' ' + on(c),
			html: (c) =>
				'<a href="' +
				pf.escape(
					pf.address(
						{
							view: 'summary',
							conclusion: c.number + 1,
						},
						{}
					)
				) +
				'"><b>' +
				pf.escape(c.a) +
				'</b> beats <b>' +
				pf.escape(c.b) +
				'</b></a>',
		},
		{ key: 'accessor', title: 'Accessor', value: (c) => c.accessor },
		{ key: 'pages', title: 'Pages', value: (c) => c.population },
		{
			key: 'machines',
			title: 'Machines',
			value: barText,
			html: bar,
			order: (c) => c.n.w - c.n.l,
			className: 'bars',
		},
		{
			key: 'saves',
			title: 'Saves',
			value: savedText,
			className: 'num',
			figure: (c) => (c.saved ? c.saved[1] : null),
		},
		{
			key: 'unit',
			title: 'Of',
			className: 'opt',
			value: (c) => (c.instructions ? 'instructions' : 'time'),
		},
	];

	function list(container) {
		const verdict = pf.state.verdict || '';
		const rows = d.conclusions.filter(
			(c) => !verdict || kinds[c.kind] === verdict
		);

		container.append(
			pf.element('h2', {}, 'All conclusions'),
			pf.element(
				'p',
				{ class: 'note' },
				'On a machine, one wins if the whole 95 % ' +
					'interval of the difference is beyond ' +
					pf.percent(d.threshold) +
					' of the larger cost. Machines that counted instructions ' +
					'answer apart.'
			),
			barLegend(),
			pf.element(
				'div',
				{ class: 'controls' },
				pf.select(
					'Verdict',
					[['', 'any']].concat(kinds),
					verdict,
					(v) => pf.go({ verdict: v, conclusion: null })
				)
			)
		);
		pf.table(container, {
			name: 'Conclusions',
			columns: columns,
			rows: rows,
			page: 25,
			order: [
				[0, 'asc'],
				[4, 'asc'],
			],
			sort: pf.state.sort,
			filter: pf.state.filter,
			changed: pf.remember,
		});
	}

	pf.views.summary = function (container) {
		const c = d.conclusions[pf.state.conclusion - 1];

		if (c) {
			detail(container, c);
			return;
		}
		if (!pf.state.verdict)
			container.append(
				tiles(),
				pf.element('div', { class: 'cards' }, ...highlights().map(card))
			);
		else container.append(tiles());
		if (d.conclusions.length) list(container);
		else
			container.append(
				pf.element('p', {}, 'No machine has two costs to compare.')
			);
	};
})();

// SPDX-License-Identifier: GPL-2.0
/* The figures of all machines: one accessor and kind of page at a time. */
'use strict';

(function () {
	const d = pf.data;
	const modes = [
		['cost', 'cost'],
		['added', 'more than plain'],
		['ratio', '\u00d7 the cheapest look-up'],
	];

	/* Does the page sort by a forced branch or select? */
	function isForced(sort) {
		const name = (sort || '').replace(/^-/, '');

		return d.variants.some((v) => v.lowering && v.name === name);
	}

	/* The state, with defaults for what it lacks or has wrong */
	function choose() {
		const s = pf.state;
		const accessor = pf.accessors.includes(s.accessor)
			? s.accessor
			: pf.accessors[0];
		const pages = pf.populations(accessor);

		return {
			accessor: accessor,
			pages: pages.includes(s.pages) ? s.pages : pages[0],
			mode: modes.some((m) => m[0] === s.values) ? s.values : 'cost',
			forced: s.forced === '1' || isForced(s.sort),
			arch: s.arch || '',
		};
	}

	/* The cheapest look-up of a machine; plain looks nothing up */
	function cheapest(machine, o, variants) {
		let least = Infinity;

		variants.forEach(function (v) {
			const e = d.variants[v].lookup
				? pf.figure(machine, o.accessor, o.pages, v)
				: null;

			if (e) least = Math.min(least, e.mid);
		});
		return isFinite(least) ? least : null;
	}

	function figureColumn(v, o, plain) {
		const variant = d.variants[v];

		function shown(row) {
			const e = row.figures[v],
				base = plain < 0 ? null : row.figures[plain];

			if (!e) return null;
			if (o.mode === 'cost') return e.mid;
			if (o.mode === 'added') return base ? e.mid - base.mid : null;
			return row.least > 0 ? e.mid / row.least : null;
		}
		/* 0: the cheapest look-up of the machine; 8: three times its cost, or more */
		function heat(row) {
			const e = row.figures[v];

			if (!e || !variant.lookup || row.least === null || row.least <= 0)
				return '';
			return (
				'heat' +
				Math.min(
					8,
					Math.max(
						0,
						Math.round(
							(8 * Math.log(e.mid / row.least)) / Math.log(3)
						)
					)
				)
			);
		}
		return {
			key: variant.name,
			title: variant.name,
			className: 'num fig',
			figure: shown,
			value: (row) => (shown(row) === null ? '-' : pf.number(shown(row))),
			html: function (row) {
				const value = shown(row),
					e = row.figures[v];

				if (value === null) return '<span class="missing">-</span>';
				return (
					'<button type="button" class="figure ' +
					heat(row) +
					'" data-machine="' +
					row.m.number +
					'" data-variant="' +
					v +
					'" title="' +
					pf.escape(pf.withReach(e) + ' ' + row.m.unit) +
					'">' +
					pf.number(value) +
					(e.contended ? '!' : '') +
					'</button>'
				);
			},
		};
	}

	function columnsOf(o, variants) {
		const plain = variants.find((v) => d.variants[v].name === 'plain');

		return [
			{
				key: 'machine',
				title: 'Machine',
				value: (r) =>
					r.m.label +
					' ' +
					r.m.cpu_model +
					' ' +
					r.m.kernel +
					' ' +
					r.m.backend,
				html: (r) => pf.machineLink(r.m),
				className: 'name',
			},
			{
				key: 'uarch',
				title: 'Microarchitecture',
				className: 'uarch',
				order: (r) => r.m.group + (r.m.emulated ? 1e6 : 0),
				value: (r) =>
					r.m.microarchitecture +
					' ' +
					r.m.arch +
					(r.m.emulated ? ' emulated' : ''),
				html: (r) =>
					pf.escape(r.m.microarchitecture) +
					(r.m.emulated ? ' <i>emulated</i>' : ''),
			},
			{
				key: 'unit',
				title: 'Unit',
				value: (r) => r.m.unit,
				className: 'opt',
			},
		].concat(
			variants.map((v) =>
				figureColumn(v, o, plain === undefined ? -1 : plain)
			)
		);
	}

	function controls(o) {
		const archs = Array.from(new Set(d.machines.map((m) => m.arch)));
		const keep = (changes) =>
			pf.go(Object.assign({ view: 'matrix' }, changes));

		return pf.element(
			'div',
			{ class: 'controls' },
			pf.select('Accessor', pf.accessors, o.accessor, (v) =>
				keep({ accessor: v })
			),
			pf.select('Pages', pf.populations(o.accessor), o.pages, (v) =>
				keep({ pages: v })
			),
			pf.select('Values', modes, o.mode, (v) => keep({ values: v })),
			archs.length > 1
				? pf.select(
						'Architecture',
						[['', 'all']].concat(archs),
						o.arch,
						(v) => keep({ arch: v })
					)
				: null,
			pf.check('forced branch and select', o.forced, (v) =>
				keep({ forced: v ? '1' : null })
			)
		);
	}

	function legend() {
		const scale = pf.element('span', { class: 'scale' });

		for (let i = 0; i <= 8; i++)
			scale.append(pf.element('span', { class: 'heat' + i }));
		return pf.element(
			'p',
			{ class: 'note legend' },
			'the cheapest look-up of the machine ',
			scale,
			' three times its cost, or more. A figure opens its interval and its code.'
		);
	}

	pf.views.matrix = function (container) {
		const o = choose();
		const variants = pf
			.variants(o.accessor, o.pages)
			.filter((v) => o.forced || !d.variants[v].lowering);
		const rows = d.machines
			.filter((m) => !o.arch || m.arch === o.arch)
			.map((m) => ({
				m: m,
				least: cheapest(m.number, o, variants),
				figures: [],
			}))
			.filter(function (row) {
				variants.forEach(function (v) {
					row.figures[v] = pf.figure(
						row.m.number,
						o.accessor,
						o.pages,
						v
					);
				});
				return row.figures.some((e) => e);
			});

		container.append(
			pf.element(
				'h2',
				{},
				o.accessor + ', ' + o.pages + ' pages, ' + d.form
			),
			controls(o),
			legend()
		);
		pf.table(container, {
			name: 'Costs of ' + o.accessor + ', ' + o.pages + ' pages',
			className: 'matrix',
			columns: columnsOf(o, variants),
			rows: rows,
			order: [[1, 'asc']],
			sort: pf.state.sort,
			filter: pf.state.filter,
			changed: pf.remember,
		});
		container.addEventListener('click', function (event) {
			const button = event.target.closest('button.figure');

			if (!button) return;
			const m = d.machines[button.dataset.machine];
			const v = d.variants[button.dataset.variant];

			pf.showFigure({
				machine: m.number,
				accessor: o.accessor,
				generation: v.generation,
				lowering: v.lowering,
				form: d.form,
				unit: m.unit,
				text: d.form + ', ' + o.pages + ' pages',
				e: pf.figure(
					m.number,
					o.accessor,
					o.pages,
					+button.dataset.variant
				),
			});
		});
	};
})();

// SPDX-License-Identifier: GPL-2.0
/* The list of machines, and the report of one: context, tables, plot, code. */
'use strict';

(function () {
	const d = pf.data;

	const columns = [
		{
			key: 'number',
			title: '#',
			value: (m) => String(m.number + 1),
			order: (m) => m.number,
			className: 'num',
		},
		{
			key: 'machine',
			title: 'Machine',
			value: (m) => m.label,
			html: pf.machineLink,
			className: 'name',
		},
		{
			key: 'uarch',
			title: 'Microarchitecture',
			value: (m) =>
				m.microarchitecture + (m.emulated ? ', emulated' : ''),
		},
		{
			key: 'model',
			title: 'CPU',
			className: 'wrap',
			value: (m) => m.cpu_model,
		},
		{ key: 'arch', title: 'Architecture', value: (m) => m.arch },
		{ key: 'kernel', title: 'Kernel', value: (m) => m.kernel },
		{ key: 'backend', title: 'Backend', value: (m) => m.backend },
		{ key: 'unit', title: 'Unit', value: (m) => m.unit },
		{ key: 'commit', title: 'Commit', value: (m) => m.commit },
		{ key: 'date', title: 'Date', value: (m) => m.date.slice(0, 10) },
		{ key: 'file', title: 'File', value: (m) => m.file || '(not UTF-8)' },
	];

	function list(container) {
		container.append(
			pf.element('h2', {}, pf.count(d.machines.length, 'machine'))
		);
		pf.table(container, {
			name: 'Machines',
			className: 'machines',
			columns: columns,
			rows: d.machines,
			sort: pf.state.sort,
			filter: pf.state.filter,
			changed: pf.remember,
		});
	}

	/* A table of figures; a figure opens its interval and its code. */
	function figuresTable(machine, shape, cells) {
		const [numbers, contended] = cells,
			nr = shape.columns.length;
		const busy = new Set(contended);
		const modes = new Set(shape.columns.map((c) => c[1])).size > 1;
		const body = pf.element('tbody', {});

		shape.rows.forEach(function ([generation, lowering], r) {
			const tr = pf.element(
				'tr',
				{},
				pf.element(
					'th',
					{
						scope: 'row',
						class: lowering ? 'lowering' : '',
					},
					lowering ? generation + ' ' + lowering : generation
				)
			);

			shape.columns.forEach(function ([head, form, population], c) {
				const e = pf.estimate(numbers, 3 * (r * nr + c));

				if (!e) {
					tr.append(pf.element('td', { class: 'num missing' }, '-'));
					return;
				}
				e.contended = busy.has(r * nr + c);
				const reach = pf.withReach(e).split(' ');

				tr.append(
					pf.element(
						'td',
						{ class: 'num' },
						pf.element(
							'button',
							{
								type: 'button',
								class: 'figure',
								onclick: () =>
									pf.showFigure({
										machine: machine.number,
										accessor: shape.accessor,
										generation: generation,
										lowering: lowering,
										form: form,
										e: e,
										unit: shape.unit,
										text: shape.title + ', ' + head,
									}),
							},
							reach[0] + (e.contended ? '!' : ''),
							pf.element(
								'span',
								{ class: 'reach' },
								reach[1] || ''
							)
						)
					)
				);
			});
			body.append(tr);
		});
		return pf.element(
			'table',
			{ class: 'report' },
			pf.element('caption', {}, shape.title),
			pf.element(
				'thead',
				{},
				pf.element(
					'tr',
					{},
					pf.element('th', {}, shape.unit),
					...shape.columns.map((c) =>
						pf.element(
							'th',
							{ scope: 'col' },
							c[0],
							modes
								? pf.element('span', { class: 'mode' }, c[1])
								: null
						)
					)
				)
			),
			body
		);
	}

	/* Texts in columns, as pfbench report prints them */
	function textTable(shape, cells) {
		const nr = shape.columns,
			rows = [];

		for (let i = 0; i < cells.length; i += nr)
			rows.push(cells.slice(i, i + nr));
		const tr = (row, name) =>
			pf.element(
				'tr',
				{},
				...row.map((text, i) =>
					pf.element(
						i && name === 'td' ? 'td' : 'th',
						{ class: i ? 'num' : '' },
						text.trim()
					)
				)
			);

		return pf.element(
			'table',
			{ class: 'report' },
			pf.element('caption', {}, shape.title),
			pf.element('thead', {}, tr(rows[0], 'th')),
			pf.element(
				'tbody',
				{},
				...rows.slice(1).map((row) => tr(row, 'td'))
			)
		);
	}

	/* Costs of all generations, from the first table of an accessor */
	function plot(container, tables) {
		const found = tables.find(
			([shape]) => shape.kind === 'median' && shape.rows.length > 1
		);

		if (!found) return;
		const [shape, cells] = found,
			nr = shape.columns.length;
		const form = shape.columns[0][1];
		const shown = shape.columns
			.map((c, i) => i)
			.filter(
				(i) =>
					shape.columns[i][1] === form &&
					shape.columns[i][2] !== 'mixed'
			)
			.slice(0, 3);
		const colours = ['#56B4E9', '#0072B2', '#E69F00'];

		pf.pointPlot(container, {
			name: shape.accessor + ', ' + form + ', by generation',
			className: 'wide',
			slanted: true,
			ylabel: shape.unit,
			labels: shape.rows.map(([g, l]) => (l ? g + ' ' + l : g)),
			series: shown.map((i, k) => ({
				name: shape.columns[i][0],
				colour: colours[k],
			})),
			value: (k, r) => pf.estimate(cells[0], 3 * (r * nr + shown[k])),
			unit: () => shape.unit,
		});
		container.append(
			pf.element(
				'p',
				{ class: 'note keys' },
				...shown.map(function (i, k) {
					const key = pf.element('span', { class: 'key' });

					key.style.setProperty('--key', pf.colour(colours[k]));
					return pf.element(
						'span',
						{},
						key,
						shape.columns[i][0] + ' '
					);
				})
			)
		);
	}

	function contextTable(m) {
		const rows = pf
			.context(m.number)
			.map(([key, value]) =>
				pf.element(
					'tr',
					{},
					pf.element('th', { scope: 'row' }, key),
					pf.element('td', {}, value)
				)
			);

		return pf.element(
			'details',
			{ open: pf.state.context ? true : false },
			pf.element(
				'summary',
				{},
				'Context: ' + pf.count(rows.length, 'field')
			),
			pf.element(
				'div',
				{
					class: 'scroll',
					tabindex: '0',
					role: 'region',
					'aria-label': 'Context',
				},
				pf.element(
					'table',
					{ class: 'context' },
					pf.element('tbody', {}, ...rows)
				)
			)
		);
	}

	function steps(m) {
		const go = (i, text, label) =>
			i < 0 || i >= d.machines.length
				? null
				: pf.element(
						'a',
						{
							href: pf.address(
								{
									view: 'machines',
									machine: i + 1,
									table: pf.state.table,
								},
								{}
							),
							'aria-label': label,
						},
						text
					);

		return pf.element(
			'p',
			{ class: 'steps' },
			pf.link('\u2190 all machines', { view: 'machines' }),
			' ',
			go(m.number - 1, '\u2039 previous', 'Previous machine'),
			' ',
			go(m.number + 1, 'next \u203a', 'Next machine')
		);
	}

	function one(container, m) {
		const report = pf.report(m.number),
			shared = pf.shared();
		const tables = report.tables.map(([shape, cells]) => [
			shared.shapes[shape],
			cells,
		]);
		const accessors = Array.from(
			new Set(tables.map(([s]) => s.accessor || 'other'))
		);
		const chosen = accessors.includes(pf.state.table)
			? pf.state.table
			: accessors[0];
		const mine = tables.filter(([s]) => (s.accessor || 'other') === chosen);

		container.append(
			steps(m),
			pf.element(
				'h2',
				{},
				m.label.includes(m.microarchitecture)
					? m.label
					: m.label + ': ' + m.microarchitecture
			),
			pf.element(
				'p',
				{},
				m.cpu_model +
					', ' +
					m.arch +
					', Linux ' +
					m.kernel +
					', ' +
					m.backend +
					' backend' +
					(m.date ? ', ' + m.date.slice(0, 10) : '') +
					', ',
				pf.element('code', {}, m.file || ''),
				m.emulated
					? pf.element(
							'span',
							{ class: 'badge' },
							'emulated: no time of a real CPU'
						)
					: null
			)
		);
		if (report.fault) {
			container.append(pf.element('p', { class: 'warn' }, report.fault));
			return;
		}
		container.append(
			contextTable(m),
			pf.element(
				'details',
				{ open: true },
				pf.element('summary', {}, 'Remarks of the report'),
				pf.element(
					'pre',
					{ class: 'remarks', tabindex: '0' },
					shared.texts[report.text].trim()
				)
			)
		);
		if (!tables.length) {
			container.append(pf.element('p', {}, 'No points in this file.'));
			return;
		}
		container.append(
			pf.element(
				'div',
				{ class: 'controls' },
				pf.select('Accessor', accessors, chosen, (v) =>
					pf.go({ table: v })
				)
			)
		);
		plot(container, mine);
		mine.forEach(([shape, cells]) =>
			container.append(
				pf.element(
					'div',
					{
						class: 'scroll',
						tabindex: '0',
						role: 'region',
						'aria-label': shape.title,
					},
					shape.kind === 'text'
						? textTable(shape, cells)
						: figuresTable(m, shape, cells)
				)
			)
		);
	}

	pf.views.machines = function (container) {
		const m = d.machines[pf.state.machine - 1];

		if (m) one(container, m);
		else list(container);
	};
})();

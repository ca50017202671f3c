// SPDX-License-Identifier: GPL-2.0
/* One figure: its interval, its machine, and the code behind it. */
'use strict';

(function () {
	const dialog = document.getElementById('figure');
	const counts = [
		'bytes',
		'instructions',
		'loads',
		'stores',
		'branches',
		'selects',
		'barriers',
		'atomics',
	];

	function closeButton() {
		return pf.element(
			'button',
			{
				type: 'button',
				class: 'close',
				'aria-label': 'Close',
				onclick: () => dialog.close(),
			},
			'\u00d7'
		);
	}

	dialog.addEventListener('click', function (event) {
		if (event.target === dialog) dialog.close();
	});

	/* The use behind a figure: PageLocked/v4.4-word/select/value */
	function useOf(f) {
		return [f.accessor, f.generation]
			.concat(f.lowering ? [f.lowering] : [])
			.concat([f.form.includes('cond') ? 'condition' : 'value'])
			.join('/');
	}

	function countsTable(code, use) {
		const rows = ['small', 'head', 'tail']
			.map((page) => [page, code.counts[use + ' ' + page]])
			.filter((r) => r[1]);

		if (!rows.length) return null;
		return pf.element(
			'table',
			{ class: 'counts' },
			pf.element(
				'caption',
				{},
				'On the path of a page (bytes: the whole use)'
			),
			pf.element(
				'thead',
				{},
				pf.element(
					'tr',
					{},
					pf.element('th', {}, 'page'),
					...counts.map((c) => pf.element('th', { scope: 'col' }, c))
				)
			),
			pf.element(
				'tbody',
				{},
				...rows.map((r) =>
					pf.element(
						'tr',
						{},
						pf.element('th', { scope: 'row' }, r[0]),
						...r[1].map((v) =>
							pf.element('td', {}, v < 0 ? 'n/a' : String(v))
						)
					)
				)
			)
		);
	}

	function compilerOf(machine) {
		const pair = pf.context(machine).find((p) => p[0] === 'compiler');

		return pair ? pair[1] : '';
	}

	/* A listing of another compiler may differ from the code that was measured. */
	function listing(code, use, compiler) {
		const insns = code.uses[use].split('; ');
		const same = compiler && code.compiler === compiler;

		return pf.element(
			'section',
			{ class: 'listing' },
			pf.element('h3', {}, use),
			pf.element(
				'p',
				{ class: same ? 'note' : 'note warn' },
				same
					? 'Compiled by ' +
							code.compiler +
							', as the figure; ' +
							code.file
					: 'Compiled by ' +
							code.compiler +
							', the figure by ' +
							(compiler || 'an unknown compiler') +
							': its code may differ; ' +
							code.file
			),
			pf.element('pre', { tabindex: '0' }, insns.join('\n')),
			pf.element(
				'p',
				{ class: 'note' },
				'Targets of branches are bytes from the start, in hexadecimal.'
			),
			countsTable(code, use)
		);
	}

	/* Why there is no listing */
	function noListing(f, machine) {
		if (f.generation === 'native')
			return 'The kernel\u2019s own function: its code is in the kernel.';
		return pf.hasCode
			? 'No listing of ' +
					useOf(f) +
					' for ' +
					machine.arch +
					' among the files of this page.'
			: 'No listing: pfbench html was given no code table ' +
					'(pfbench codegen --out=DIR writes one).';
	}

	/* Show f: machine, accessor, generation, lowering, form, population, e, unit */
	pf.showFigure = function (f) {
		const machine = pf.data.machines[f.machine];
		const codes = pf.code(machine.arch).filter((c) => c.uses[useOf(f)]);
		const e = f.e,
			v = pf.data.variants.find((x) => x.generation === f.generation);
		const interval =
			e.lo === null || e.hi === null
				? 'too few quiet rounds for a 95 % interval'
				: '95 % interval ' + e.lo.toFixed(4) + ' to ' + e.hi.toFixed(4);

		pf.clear(dialog).append(
			closeButton(),
			pf.element(
				'h2',
				{ id: 'figure-title' },
				f.accessor +
					' / ' +
					f.generation +
					(f.lowering ? ' ' + f.lowering : '')
			),
			pf.element(
				'p',
				{ class: 'big' },
				pf.number(e.mid),
				' ',
				pf.element('span', {}, f.unit)
			),
			pf.element(
				'p',
				{},
				interval +
					(e.contended ? '; contended: no round was quiet' : '')
			),
			pf.element(
				'p',
				{},
				f.text,
				'; ',
				pf.link(machine.label, {
					view: 'machines',
					machine: f.machine + 1,
				}),
				', ' +
					machine.microarchitecture +
					(machine.emulated ? ', emulated' : '')
			),
			v
				? pf.element(
						'p',
						{ class: 'note' },
						v.generation + ': ' + v.text + '; ' + v.origin
					)
				: null,
			...(codes.length
				? codes.map((c) => listing(c, useOf(f), compilerOf(f.machine)))
				: [pf.element('p', { class: 'note' }, noListing(f, machine))])
		);
		dialog.showModal();
	};

	window.addEventListener('hashchange', () => dialog.close());
})();

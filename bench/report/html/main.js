// SPDX-License-Identifier: GPL-2.0
/* Shows the view that the address names. */
'use strict';

(function () {
	const d = pf.data;
	const views = [
		['summary', 'Summary'],
		['matrix', 'Matrix'],
		['curves', 'Curves'],
		['machines', 'Machines'],
		['about', 'About'],
	];

	pf.views.about = function (container) {
		container.append(
			pf.element(
				'h2',
				{},
				pf.count(d.left_out.length, 'file') + ' left out'
			)
		);
		if (d.left_out.length)
			container.append(
				pf.element(
					'ul',
					{ class: 'left-out' },
					...d.left_out.map((t) => pf.element('li', {}, t))
				)
			);
		container.append(
			pf.element('h2', {}, 'Generations'),
			pf.element(
				'div',
				{
					class: 'scroll',
					tabindex: '0',
					role: 'region',
					'aria-label': 'Generations',
				},
				pf.element(
					'table',
					{ class: 'context' },
					pf.element(
						'tbody',
						{},
						...d.variants
							.filter((v) => !v.lowering)
							.map((v) =>
								pf.element(
									'tr',
									{},
									pf.element(
										'th',
										{ scope: 'row' },
										v.generation
									),
									pf.element('td', {}, v.text),
									pf.element('td', {}, v.origin)
								)
							)
					)
				)
			),
			pf.element('h2', {}, 'Figures'),
			pf.element(
				'p',
				{},
				'Costs are medians per operation, net of the empty loop, with ' +
					'95 % intervals. \u201c!\u201d: contended, no round was quiet. \u201c( )\u201d: ' +
					'too few quiet rounds for an interval. \u201c-\u201d: not measured.'
			),
			pf.element(
				'p',
				{},
				'Made by pfbench ' +
					d.version +
					' html, with jQuery ' +
					$.fn.jquery +
					', DataTables ' +
					$.fn.dataTable.version +
					' and dygraphs ' +
					Dygraph.VERSION +
					'.'
			)
		);
	};

	function current() {
		if (pf.state.view && pf.views[pf.state.view]) return pf.state.view;
		if (pf.state.machine) return 'machines';
		return pf.state.accessor || pf.state.pages ? 'matrix' : 'summary';
	}

	function header() {
		const nav = document.getElementById('views');

		document.getElementById('subtitle').textContent =
			pf.count(d.machines.length, 'machine') +
			' of ' +
			pf.count(pf.groups.length, 'microarchitecture') +
			'; cost per operation, ' +
			d.form;
		views.forEach(([name, text]) =>
			nav.append(
				pf.element(
					'a',
					{
						href: '#view=' + name,
						'data-view': name,
					},
					text
				)
			)
		);
	}

	let before = null;

	function show() {
		const view = current();

		views.forEach(function ([name]) {
			const section = document.getElementById(name);
			const box =
				name === 'about'
					? document.getElementById('about-data')
					: section;

			section.hidden = name !== view;
			pf.dropTables(box);
			pf.dropPlots(box);
			pf.clear(box);
			if (name === view) {
				const inner = pf.element('div', { class: 'view' });

				box.append(inner);
				pf.views[name](inner);
			}
			const link = document.querySelector('[data-view=' + name + ']');

			if (name === view) link.setAttribute('aria-current', 'page');
			else link.removeAttribute('aria-current');
		});
		const place = [view, pf.state.machine, pf.state.conclusion].join();

		if (before !== null && place !== before) window.scrollTo(0, 0);
		before = place;
	}

	document.getElementById('skip').addEventListener('click', function (event) {
		event.preventDefault();
		document.getElementById('main').focus();
	});
	header();
	pf.onState(show);
	show();
	document.documentElement.dataset.ready = 'true';
})();

// SPDX-License-Identifier: GPL-2.0
/* Cost by the share of tail pages: a panel per machine or microarchitecture. */
'use strict';

(function () {
	const d = pf.data,
		WIDTH = 6; /* numbers per point of a curve */
	const MOST = 12; /* machines with a panel each */

	/* Accessors that have a line: two shares on some machine */
	function accessorsWithCurves() {
		const found = new Set();

		d.curves.forEach(function (list, machine) {
			for (let i = 0; i < list.length; i += WIDTH)
				if (!found.has(list[i]) && linesOf(machine, list[i]).size)
					found.add(list[i]);
		});
		return Array.from(found);
	}

	/* generation -> share -> estimate of one machine */
	function linesOf(machine, accessor) {
		const lines = new Map(),
			list = d.curves[machine];

		for (let i = 0; i < list.length; i += WIDTH) {
			if (list[i] !== accessor) continue;
			if (!lines.has(list[i + 1])) lines.set(list[i + 1], new Map());
			lines.get(list[i + 1]).set(list[i + 2], pf.estimate(list, i + 3));
		}
		/* one share makes no line */
		lines.forEach((line, g) => line.size > 1 || lines.delete(g));
		return lines;
	}

	function median(list) {
		const s = list.slice().sort((a, b) => a - b),
			n = s.length >> 1;

		return s.length % 2 ? s[n] : (s[n - 1] + s[n]) / 2;
	}

	/* The medians of several machines have no interval. */
	function medianLines(machines, accessor) {
		const all = new Map(),
			lines = new Map();

		machines.forEach((m) =>
			linesOf(m.number, accessor).forEach((line, g) =>
				line.forEach(function (e, share) {
					const key = g + '/' + share;

					if (!all.has(key)) all.set(key, []);
					all.get(key).push(e.mid);
				})
			)
		);
		all.forEach(function (values, key) {
			const [g, share] = key.split('/').map(Number);

			if (!lines.has(g)) lines.set(g, new Map());
			lines
				.get(g)
				.set(share, { mid: median(values), lo: null, hi: null });
		});
		return lines;
	}

	function panels(accessor) {
		const machines = d.machines.filter(
			(m) => linesOf(m.number, accessor).size
		);

		if (machines.length <= MOST)
			return machines.map((m) => ({
				title:
					m.label +
					', ' +
					m.microarchitecture +
					', ' +
					m.unit +
					(m.emulated ? ', emulated' : ''),
				unit: m.unit,
				lines: linesOf(m.number, accessor),
			}));
		return pf.groups
			.map(function (group) {
				const of = group.filter((m) => machines.includes(m));

				return {
					title:
						group[0].microarchitecture +
						', medians of ' +
						pf.count(of.length, 'machine') +
						', ' +
						group[0].unit,
					unit: group[0].unit,
					lines: medianLines(of, accessor),
				};
			})
			.filter((p) => p.lines.size);
	}

	/* Generations that the reader has switched off, by name */
	const hidden = () =>
		new Set((pf.state.hide || '').split(',').filter((n) => n));

	function toggles(generations, plots, names) {
		const box = pf.element(
			'fieldset',
			{ class: 'toggles' },
			pf.element('legend', {}, 'Generations')
		);
		const off = hidden();

		generations.forEach(function (g) {
			const [name, colour] = d.curve_generations[g];
			const label = pf.check('', !off.has(name), function (on) {
				const now = hidden();

				if (on) now.delete(name);
				else now.add(name);
				pf.remember({ hide: Array.from(now).join(',') });
				plots.forEach(function (plot) {
					const i = plot.names.indexOf(name);

					if (i >= 0) plot.g.setVisibility(i, on);
				});
			});
			const key = pf.element('span', { class: 'key' });

			key.style.setProperty('--key', pf.colour(colour));
			label.append(key, name);
			box.append(label);
		});
		return box;
	}

	pf.views.curves = function (container) {
		const list = accessorsWithCurves();
		const names = list.map((a) => d.curve_accessors[a]);
		const i = Math.max(0, names.indexOf(pf.state.accessor));
		const off = hidden(),
			plots = [];

		container.append(
			pf.element('h2', {}, 'Cost by the share of tail pages')
		);
		if (!list.length) {
			container.append(
				pf.element('p', {}, 'No result has costs on mixed pages.')
			);
			return;
		}
		const all = panels(list[i]);
		const generations = Array.from(
			new Set([].concat(...all.map((p) => Array.from(p.lines.keys()))))
		).sort((a, b) => a - b);
		const grid = pf.element('div', { class: 'panels' });

		container.append(
			pf.element(
				'div',
				{ class: 'controls' },
				pf.select('Accessor', names, names[i], (v) =>
					pf.go({ view: 'curves', accessor: v })
				)
			),
			pf.element(
				'p',
				{ class: 'note' },
				names[i] +
					', ' +
					d.form +
					'; head and tail pages mixed at random. Bands are 95 % intervals.'
			),
			toggles(generations, plots),
			grid
		);
		all.forEach(function (panel) {
			const series = generations
				.filter((g) => panel.lines.has(g))
				.map((g) => ({
					name: d.curve_generations[g][0],
					colour: d.curve_generations[g][1],
					values: panel.lines.get(g),
					visible: !off.has(d.curve_generations[g][0]),
				}));
			const plot = pf.linePlot(grid, {
				name: panel.title,
				series: series,
				ylabel: panel.unit,
				xlabel: '% of tails',
			});

			plot.names = series.map((s) => s.name);
			plots.push(plot);
		});
	};
})();

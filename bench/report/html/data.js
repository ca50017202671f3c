// SPDX-License-Identifier: GPL-2.0
/* The data of the page. Reports and differences are parsed when needed. */
'use strict';

const pf = { views: {} };

(function () {
	const cache = {};

	/* The JSON of an element, parsed once. */
	pf.parse = function (id) {
		if (!(id in cache))
			cache[id] = JSON.parse(document.getElementById(id).textContent);
		return cache[id];
	};

	pf.data = pf.parse('data0');
	const d = pf.data,
		quantum = d.quantum;

	/* Figure i of a flat array, at 3 numbers from offset; null: none */
	pf.estimate = function (list, i) {
		const mid = list[i];

		if (mid === null) return null;
		return {
			mid: mid * quantum,
			lo: list[i + 1] === null ? null : (mid + list[i + 1]) * quantum,
			hi: list[i + 2] === null ? null : (mid + list[i + 2]) * quantum,
		};
	};

	/* Rows by accessor, pages and variant. */
	const rows = new Map();

	d.rows.forEach(function (row) {
		row.busy = new Set(row.contended);
		rows.set(row.accessor + '/' + row.population + '/' + row.variant, row);
	});

	/* The figure of a machine, or null */
	pf.figure = function (machine, accessor, population, variant) {
		const row = rows.get(accessor + '/' + population + '/' + variant);
		const e = row ? pf.estimate(row.figures, 3 * machine) : null;

		if (e) e.contended = row.busy.has(machine);
		return e;
	};

	pf.variantNumber = function (name) {
		return d.variants.findIndex((v) => v.name === name);
	};

	function unique(list) {
		return Array.from(new Set(list));
	}
	pf.accessors = unique(d.rows.map((r) => r.accessor));
	pf.populations = function (accessor) {
		return unique(
			d.rows
				.filter((r) => r.accessor === accessor)
				.map((r) => r.population)
		);
	};
	/* The variants that some machine has, of an accessor and pages */
	pf.variants = function (accessor, population) {
		return d.rows
			.filter(
				(r) => r.accessor === accessor && r.population === population
			)
			.map((r) => r.variant);
	};

	/* "vm": a machine's name; of a guest without one its kernel */
	pf.machineName = function (m) {
		return m.host || m.kernel;
	};
	d.machines.forEach(function (m, i) {
		m.number = i;
		m.name = pf.machineName(m);
	});
	/*
	 * Names that several machines have need more to tell them apart: the kernel,
	 * the microarchitecture, or at last the number.
	 */
	const parts = [
		(m) => m.name,
		(m) => m.name + ' ' + m.kernel.split('-')[0],
		(m) => m.name + ', ' + m.microarchitecture,
		(m) => m.name + ' [' + (m.number + 1) + ']',
	];
	const same = new Map();

	d.machines.forEach(function (m) {
		same.set(m.name, (same.get(m.name) || []).concat([m]));
	});
	same.forEach(function (list) {
		const part = parts.find(
			(f) => new Set(list.map(f)).size === list.length
		);

		list.forEach((m) => {
			m.label = part(m);
		});
	});
	pf.groups = unique(d.machines.map((m) => m.group)).map((g) =>
		d.machines.filter((m) => m.group === g)
	);

	/* Texts and tables that reports have in common. */
	pf.shared = () => pf.parse('shared0');
	pf.report = (machine) => pf.parse('machine-' + machine);
	pf.differences = (conclusion) => pf.parse('conclusion-' + conclusion);
	pf.context = function (machine) {
		const texts = pf.shared().texts,
			list = pf.report(machine).context;
		const pairs = [];

		for (let i = 0; i < list.length; i += 2)
			pairs.push([texts[list[i]], texts[list[i + 1]]]);
		return pairs;
	};

	const code = {};
	document.querySelectorAll('script.code').forEach(function (element) {
		const arch = element.dataset.arch;

		(code[arch] = code[arch] || []).push(element);
	});
	/* The listings of an architecture, parsed once */
	pf.code = function (arch) {
		const name = { x86_64: 'x86-64', aarch64: 'arm64' }[arch] || arch;

		return (code[name] || []).map(function (element) {
			if (!element.parsed)
				element.parsed = JSON.parse(element.textContent);
			return element.parsed;
		});
	};
	pf.hasCode = Object.keys(code).length > 0;
})();

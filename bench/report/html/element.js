// SPDX-License-Identifier: GPL-2.0
/* Elements of the page. Texts go in as texts, never as HTML. */
'use strict';

(function () {
	/* pf.element('a', { href: '#' }, 'text', child, ...) */
	pf.element = function (name, attributes, ...children) {
		const e = document.createElement(name);

		Object.keys(attributes || {}).forEach(function (key) {
			const value = attributes[key];

			if (key.startsWith('on')) e.addEventListener(key.slice(2), value);
			else if (value === true) e.setAttribute(key, '');
			else if (value !== false && value !== null && value !== undefined)
				e.setAttribute(key, value);
		});
		e.append(...children.filter((c) => c !== null && c !== undefined));
		return e;
	};

	pf.clear = function (e) {
		e.replaceChildren();
		return e;
	};

	/* A labelled choice; options are texts or [value, text] */
	pf.select = function (label, options, value, changed) {
		const select = pf.element('select', {
			onchange: () => changed(select.value),
		});

		options.forEach(function (o) {
			const [v, text] = Array.isArray(o) ? o : [o, o];

			select.append(
				pf.element(
					'option',
					{
						value: v,
						selected: String(v) === String(value),
					},
					text
				)
			);
		});
		return pf.element('label', { class: 'control' }, label, select);
	};

	pf.check = function (label, checked, changed) {
		const box = pf.element('input', {
			type: 'checkbox',
			checked: checked,
			onchange: () => changed(box.checked),
		});

		return pf.element('label', { class: 'control check' }, box, label);
	};

	/* A link that changes the state */
	pf.link = function (text, changes, from) {
		return pf.element('a', { href: pf.address(changes, from || {}) }, text);
	};

	/* A link to a machine as HTML, for a table */
	pf.machineLink = function (m) {
		return (
			'<a href="' +
			pf.escape(
				pf.address(
					{
						view: 'machines',
						machine: m.number + 1,
					},
					{}
				)
			) +
			'">' +
			pf.escape(m.label) +
			'</a>'
		);
	};
})();

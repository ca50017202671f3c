// SPDX-License-Identifier: GPL-2.0
/* The state of the page is in its address: #machine=2&sort=-v7.1-mask */
'use strict';

(function () {
	const listeners = [];

	function read() {
		return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
	}

	pf.state = read();

	/* The address of the present state with some changes; null removes */
	pf.address = function (changes, from) {
		const next = Object.assign({}, from || pf.state, changes);
		const params = new URLSearchParams();

		Object.keys(next).forEach(function (key) {
			if (
				next[key] !== null &&
				next[key] !== undefined &&
				next[key] !== ''
			)
				params.set(key, next[key]);
		});
		return '#' + params.toString();
	};

	/* Change the state without a new entry in the history, and draw nothing. */
	pf.remember = function (changes) {
		const address = pf.address(changes);

		if (address === location.hash) return;
		history.replaceState(
			null,
			'',
			address === '#' ? '#view=summary' : address
		);
		pf.state = read();
	};

	/* Change the state and draw */
	pf.go = function (changes, from) {
		location.hash = pf.address(changes, from);
	};

	pf.onState = (f) => listeners.push(f);
	window.addEventListener('hashchange', function () {
		pf.state = read();
		listeners.forEach((f) => f());
	});
})();

// SPDX-License-Identifier: GPL-2.0
/*
 * Drives headless Chromium through the DevTools protocol, over a pipe:
 *   node html-chromium.js CHROMIUM PAGE MANY DIRECTORY [TEST...]
 * tests PAGE in TAP, and MANY, a page of a thousand machines. Screenshots go to
 * DIRECTORY. tests/html-chromium.t makes both pages.
 */
'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const [chromium, page, many, directory, ...only] = process.argv.slice(2);

const chrome = spawn(
	chromium,
	[
		'--headless',
		'--no-sandbox',
		'--disable-gpu',
		'--disable-dev-shm-usage',
		'--remote-debugging-pipe',
		'--no-first-run',
		'--disable-extensions',
		'--disable-background-networking',
		'--hide-scrollbars',
		'--user-data-dir=' + path.join(directory, 'profile'),
		'about:blank',
	],
	{ stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] }
);

let nextId = 1,
	session,
	text = '';
const waiting = new Map(),
	listeners = new Map();
const errors = [],
	requests = [];

chrome.on('error', (e) => {
	console.log('Bail out! ' + e.message);
	process.exit(1);
});
chrome.stdio[4].on('data', function (chunk) {
	text += chunk;
	for (let end; (end = text.indexOf('\0')) >= 0;) {
		const message = JSON.parse(text.slice(0, end));

		text = text.slice(end + 1);
		if (message.id && waiting.has(message.id)) {
			const { done, failed } = waiting.get(message.id);

			waiting.delete(message.id);
			if (message.error) failed(new Error(message.error.message));
			else done(message.result);
		} else if (message.method && listeners.has(message.method)) {
			listeners.get(message.method)(message.params);
		}
	}
});

function send(method, params) {
	const id = nextId++;

	chrome.stdio[3].write(
		JSON.stringify({
			id: id,
			method: method,
			params: params || {},
			sessionId: session,
		}) + '\0'
	);
	return new Promise((done, failed) => waiting.set(id, { done, failed }));
}

async function evaluate(expression) {
	const r = await send('Runtime.evaluate', {
		expression: expression,
		returnByValue: true,
		awaitPromise: true,
	});

	if (r.exceptionDetails)
		throw new Error(
			expression +
				': ' +
				(r.exceptionDetails.exception.description ||
					r.exceptionDetails.text)
		);
	return r.result.value;
}

/* After the next two frames */
const drawn = () =>
	evaluate(
		'new Promise((done) => requestAnimationFrame(() => ' +
			'requestAnimationFrame(() => done(true))))'
	);

async function open(file, hash) {
	const loaded = new Promise((done) =>
		listeners.set('Page.loadEventFired', done)
	);

	await send('Page.navigate', { url: 'about:blank' });
	await loaded;
	const again = new Promise((done) =>
		listeners.set('Page.loadEventFired', done)
	);

	await send('Page.navigate', { url: 'file://' + file + (hash || '') });
	await again;
	await drawn();
}

async function hash(h) {
	await evaluate('location.hash = ' + JSON.stringify(h));
	await drawn();
}

const keys = {
	Tab: { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 },
	Enter: {
		key: 'Enter',
		code: 'Enter',
		windowsVirtualKeyCode: 13,
		text: '\r',
	},
	Escape: { key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 27 },
};

async function press(name) {
	await send(
		'Input.dispatchKeyEvent',
		Object.assign({ type: 'keyDown' }, keys[name])
	);
	await send(
		'Input.dispatchKeyEvent',
		Object.assign({ type: 'keyUp' }, keys[name], { text: undefined })
	);
	await drawn();
}

async function mouse(type, x, y, more) {
	await send(
		'Input.dispatchMouseEvent',
		Object.assign(
			{
				type: type,
				x: x,
				y: y,
				button: type === 'mouseMoved' ? 'none' : 'left',
				clickCount: 1,
			},
			more
		)
	);
}

async function size(width, height) {
	await send('Emulation.setDeviceMetricsOverride', {
		width: width,
		height: height,
		deviceScaleFactor: 1,
		mobile: width < 500,
	});
	await drawn();
}

async function theme(name) {
	await send('Emulation.setEmulatedMedia', {
		media: name === 'print' ? 'print' : '',
		features: [
			{
				name: 'prefers-color-scheme',
				value: name === 'dark' ? 'dark' : 'light',
			},
		],
	});
	await drawn();
}

async function shot(name) {
	const r = await send('Page.captureScreenshot', { format: 'png' });

	fs.writeFileSync(
		path.join(directory, name + '.png'),
		Buffer.from(r.data, 'base64')
	);
}

let n = 0,
	failures = 0;

function result(ok, title, detail) {
	console.log((ok ? 'ok ' : 'not ok ') + ++n + ' - ' + title);
	if (!ok) {
		failures++;
		console.log(
			'# ' + JSON.stringify(detail === undefined ? null : detail)
		);
	}
}

const rows = 'Array.from(document.querySelectorAll(".view tbody tr"))';
const column = (i) =>
	evaluate(
		rows +
			'.map((r) => parseFloat(r.cells[' +
			i +
			'].textContent)).filter((v) => !isNaN(v))'
	);
const sorted = (list, sign) =>
	list.length > 1 &&
	list.every((v, i) => !i || (v - list[i - 1]) * sign >= 0);
const header = (name) =>
	'$(".view thead th").filter((i, e) => e.textContent === ' +
	JSON.stringify(name) +
	')';

async function summary() {
	await open(page);
	result(
		(await evaluate('document.documentElement.dataset.ready')) === 'true',
		'the page is ready'
	);
	result(
		await evaluate(
			'!document.getElementById("summary").hidden && ' +
				'document.querySelectorAll(".card").length > 0'
		),
		'the first screen is the summary'
	);
	result(
		await evaluate(
			'document.querySelector(".tile b").textContent == pf.data.machines.length'
		),
		'with the number of machines'
	);
	await shot('summary-light');
	const claim = await evaluate('document.querySelector(".card").href');

	await open(page, claim.slice(claim.indexOf('#')));
	result(
		await evaluate(
			'document.querySelectorAll(".plot canvas").length > 0 && ' +
				'document.querySelectorAll(".view tbody tr").length > 0'
		),
		'a conclusion has a plot and a table'
	);
	await shot('conclusion-light');
}

async function matrix() {
	await open(page, '#view=matrix&accessor=PageLocked&pages=small');
	const at = await evaluate(header('v7.1-mask') + '.index()');

	await evaluate(header('v7.1-mask') + '.click()');
	await drawn();
	result(sorted(await column(at), 1), 'sort: up', await column(at));
	result(
		(await evaluate('pf.state.sort')) === 'v7.1-mask',
		'the address has it',
		await evaluate('location.hash')
	);
	await evaluate(header('v7.1-mask') + '.click()');
	await drawn();
	result(sorted(await column(at), -1), 'sort: down');
	result(
		(await evaluate(header('v7.1-mask') + '.attr("aria-sort")')) ===
			'descending',
		'a screen reader gets the order'
	);
	await shot('matrix-light');
	const before = await evaluate(rows + '.length');

	await evaluate('$("input[type=search]").val("Zen").trigger("input")');
	await drawn();
	const after = await evaluate(rows + '.map((r) => r.textContent)');

	result(
		after.length > 0 &&
			after.length < before &&
			after.every((t) => t.includes('Zen')),
		'filter',
		after
	);
	result((await evaluate('pf.state.filter')) === 'Zen', 'the address has it');
	await evaluate(
		'$("input[type=search]").val("no such machine").trigger("input")'
	);
	result(
		(
			await evaluate('document.querySelector(".view tbody").textContent')
		).includes('nothing matches'),
		'a filter that nothing matches'
	);
}

async function links() {
	await open(
		page,
		'#view=matrix&accessor=PageLocked&pages=small&sort=-v7.1-mask&filter=Zen'
	);
	const at = await evaluate(header('v7.1-mask') + '.index()');

	result(
		sorted(await column(at), -1) &&
			(await evaluate(
				rows + '.every((r) => r.textContent.includes("Zen"))'
			)),
		'deep link: sort and filter'
	);
	await open(page, '#machine=2');
	result(
		await evaluate(
			'document.querySelector("h2").textContent.includes(pf.data.machines[1].name) && ' +
				'document.querySelectorAll("table.report").length > 0 && ' +
				'document.querySelectorAll("table.context tr").length > 5'
		),
		'deep link: the report and the context of a machine'
	);
	for (const h of [
		'#machine=99999',
		'#view=nothing',
		'#sort=%zz',
		'#conclusion=-1&view=summary',
		'#view=matrix&accessor=nothing&pages=x&sort=-y',
	]) {
		await open(page, h);
		result(
			(await evaluate('document.documentElement.dataset.ready')) ===
				'true',
			'deep link that leads nowhere: ' + h
		);
	}
	await open(page, '#view=about');
	result(
		await evaluate(
			'document.querySelector(".licences").textContent.includes("SpryMedia")'
		),
		'licences'
	);
}

async function keyboard() {
	await open(page, '#view=matrix&accessor=PageLocked&pages=small');
	const reached = new Set();
	let visible = true;

	for (let i = 0; i < 40; i++) {
		await press('Tab');
		reached.add(
			await evaluate(
				'(() => { const e = document.activeElement; ' +
					'return e.id === "skip" ? "skip" : e.closest("nav") ? "nav" : ' +
					'e.type === "search" ? "filter" : e.tagName === "TH" ? "head" : ' +
					'e.className.startsWith("figure") ? "figure" : e.tagName })()'
			)
		);
		visible =
			visible &&
			(await evaluate(
				'document.activeElement === document.body || ' +
					'getComputedStyle(document.activeElement).outlineStyle !== "none"'
			));
	}
	result(
		['skip', 'nav', 'filter', 'head', 'SELECT'].every((t) =>
			reached.has(t)
		),
		'keyboard: links, filter and heads are reached',
		Array.from(reached)
	);
	result(visible, 'keyboard: the focus is visible');
	await evaluate(header('v7.1-mask') + '.focus()');
	await press('Enter');
	result(
		(await evaluate('pf.state.sort')) === 'v7.1-mask',
		'keyboard: Enter sorts'
	);
	await evaluate('document.querySelector("button.figure").focus()');
	await press('Enter');
	result(
		await evaluate('document.getElementById("figure").open'),
		'keyboard: Enter opens a figure'
	);
	await press('Escape');
	result(
		await evaluate('!document.getElementById("figure").open'),
		'keyboard: Escape closes it'
	);
}

async function listing() {
	await open(
		page,
		'#view=matrix&accessor=PageLocked&pages=small&filter=amd64'
	);
	await evaluate(
		'document.querySelector("button.figure[data-variant=\\"" + ' +
			'pf.variantNumber("v7.1-mask") + "\\"]").click()'
	);
	const shown = await evaluate(
		'document.getElementById("figure").textContent'
	);

	result(
		shown.includes('PageLocked/v7.1-mask/value') &&
			shown.includes('mov') &&
			shown.includes('instructions'),
		'a figure shows its listing',
		shown
	);
	await shot('listing-light');
}

async function plots() {
	await open(page, '#view=curves');
	const box = await evaluate(
		'(() => { const p = document.querySelector(".plot"); ' +
			'p.scrollIntoView(); const r = p.getBoundingClientRect(); ' +
			'return [r.x, r.y, r.width, r.height] })()'
	);
	const [x, y, w, h] = box,
		hint = await evaluate('document.querySelector(".hover").textContent');

	await mouse('mouseMoved', x + w / 2, y + h / 2);
	await drawn();
	result(
		/tails: [0-9.]+ \u00b1/.test(
			await evaluate('document.querySelector(".hover").textContent')
		),
		'plot: hover shows a figure',
		hint
	);
	const width =
		'document.querySelector(".plot .dygraph-axis-label-x").parentNode.parentNode.textContent';
	const before = await evaluate(width);

	await mouse('mousePressed', x + w * 0.4, y + h / 2, { buttons: 1 });
	await mouse('mouseMoved', x + w * 0.5, y + h / 2, {
		buttons: 1,
		button: 'left',
	});
	await mouse('mouseMoved', x + w * 0.7, y + h / 2, {
		buttons: 1,
		button: 'left',
	});
	await mouse('mouseReleased', x + w * 0.7, y + h / 2);
	await drawn();
	result((await evaluate(width)) !== before, 'plot: drag zooms', before);
	await shot('curves-light');
}

/* The contrast of an element's text with its background */
const contrast = `((selector) => {
	const light = (c) => {
		const v = c.map((x) => x / 255).map((x) => x <= 0.03928 ? x / 12.92 :
			Math.pow((x + 0.055) / 1.055, 2.4));
		return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
	};
	const rgb = (t) => t.match(/[0-9.]+/g).map(Number);
	return Array.from(document.querySelectorAll(selector)).map((e) => {
		const text = rgb(getComputedStyle(e).color);
		let back;
		for (let p = e; p && !back; p = p.parentElement) {
			const c = rgb(getComputedStyle(p).backgroundColor);
			if (c.length < 4 || c[3] > 0)
				back = c;
		}
		const a = light(text), b = light(back || [255, 255, 255]);
		return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	}).reduce((x, y) => Math.min(x, y), 99);
})`;

async function looks() {
	const views = [
		'#view=summary',
		'#view=matrix&accessor=PageLocked',
		'#view=curves',
		'#view=machines',
		'#machine=1',
		'#view=about',
		'#view=summary&conclusion=1',
	];

	for (const name of ['light', 'dark']) {
		let least = 99;

		await theme(name);
		for (const h of views) {
			await open(page, h);
			least = Math.min(
				least,
				await evaluate(
					contrast +
						'("h2, p, a, .note, td, th, button.figure, .bar span, .verdict, .hover")'
				)
			);
		}
		result(
			least >= 4.5,
			'contrast of all text at least 4.5: ' + name,
			least
		);
	}
	const dark = await evaluate(
		'getComputedStyle(document.body).backgroundColor'
	);

	for (const [i, h] of views.entries()) {
		await open(page, h);
		await shot('dark-' + i);
	}
	await theme('light');
	result(
		dark !==
			(await evaluate('getComputedStyle(document.body).backgroundColor')),
		'dark and light differ'
	);
	await size(375, 800);
	for (const [i, h] of views.entries()) {
		await open(page, h);
		const wide = await evaluate('document.documentElement.scrollWidth');

		result(
			wide <= 375,
			'phone: no part is wider than the screen: ' + h,
			wide
		);
		await shot('phone-' + i);
	}
	await size(1280, 900);
	for (const [i, h] of views.entries()) {
		await open(page, h);
		await shot('light-' + i);
	}
	await theme('print');
	await open(page, '#view=matrix&accessor=PageLocked');
	result(
		(await evaluate(
			'getComputedStyle(document.querySelector("nav")).display'
		)) === 'none',
		'print: no navigation'
	);
	await send('Page.printToPDF', { landscape: true });
	await theme('light');
}

async function thousand() {
	const bytes = fs.statSync(many).size;
	const before = Date.now();

	await open(many);
	const opened = Date.now() - before;

	await hash('#view=matrix');
	const took = await evaluate(
		'(() => { const t = performance.now(); ' +
			header('v7.1-mask') +
			'.click(); document.body.offsetHeight; ' +
			'return performance.now() - t })()'
	);
	const first = await evaluate('pf.data.machines.length');

	await shot('many');
	console.log(
		'# ' +
			first +
			' machines: ' +
			(bytes / 1e6).toFixed(1) +
			' MB, opens in ' +
			opened +
			' ms, sorts in ' +
			took.toFixed(0) +
			' ms'
	);
	result(bytes <= 20e6, 'a thousand machines: at most 20 MB', bytes);
	result(opened < 1000, 'a thousand machines: opens in 1 s', opened);
	result(took < 1000, 'a thousand machines: sorts in 1 s', took);
}

async function main() {
	const { targetInfos } = await send('Target.getTargets');
	const target = targetInfos.find((t) => t.type === 'page');

	session = (
		await send('Target.attachToTarget', {
			targetId: target.targetId,
			flatten: true,
		})
	).sessionId;
	listeners.set('Runtime.exceptionThrown', (p) =>
		errors.push(
			p.exceptionDetails.text +
				' ' +
				(p.exceptionDetails.exception || {}).description
		)
	);
	listeners.set('Runtime.consoleAPICalled', (p) =>
		errors.push(
			p.type +
				': ' +
				p.args.map((a) => a.value || a.description).join(' ')
		)
	);
	listeners.set('Log.entryAdded', (p) => errors.push(p.entry.text));
	listeners.set('Network.requestWillBeSent', (p) =>
		requests.push(p.request.url)
	);
	await send('Runtime.enable');
	await send('Log.enable');
	await send('Network.enable');
	await send('Page.enable');
	await size(1280, 900);
	for (const test of [
		summary,
		matrix,
		links,
		keyboard,
		listing,
		plots,
		looks,
		thousand,
	].filter((f) => !only.length || only.includes(f.name)))
		try {
			await test();
		} catch (e) {
			result(false, test.name + ' runs', e.message);
		}
	result(!errors.length, 'no errors on the console', errors);
	const foreign = requests.filter(
		(u) =>
			!u.startsWith('file://' + page) &&
			!u.startsWith('file://' + many) &&
			u !== 'about:blank' &&
			!u.startsWith('data:')
	);

	result(
		requests.length > 0 && !foreign.length,
		'no request but for the page',
		foreign
	);
	console.log('1..' + n);
	chrome.kill();
	process.exit(failures ? 1 : 0);
}

setTimeout(() => {
	console.log('Bail out! no answer in 300 s');
	chrome.kill();
	process.exit(1);
}, 300e3);
main().catch((e) => {
	console.log('Bail out! ' + e.stack);
	chrome.kill();
	process.exit(1);
});

// SPDX-License-Identifier: GPL-2.0
/* Plots to hover and zoom, by dygraphs. */
'use strict';

(function () {
	const dark = matchMedia('(prefers-color-scheme: dark)');
	const plots = new Set();

	pf.isDark = () => dark.matches;
	pf.onTheme = (f) => dark.addEventListener('change', f);

	function css(name) {
		return getComputedStyle(document.documentElement)
			.getPropertyValue(name)
			.trim();
	}

	/* A colour that is visible on the background */
	pf.colour = function (hex) {
		const c = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
		const light = (0.3 * c[0] + 0.6 * c[1] + 0.1 * c[2]) / 255;
		const share = dark.matches ? Math.max(0, 0.5 - light) : 0;

		return (
			'rgb(' +
			c.map((v) => Math.round(v + (255 - v) * share)).join(',') +
			')'
		);
	};

	/* A dot and its interval per point; no line */
	function drawPoints(e, boundsOf) {
		const ctx = e.drawingContext,
			area = e.plotArea;

		ctx.strokeStyle = e.color;
		ctx.fillStyle = e.color;
		ctx.lineWidth = 1.5;
		e.points.forEach(function (p) {
			const bounds = boundsOf(p);

			if (!isFinite(p.canvasy)) return;
			if (bounds) {
				const y = bounds.map((v) => e.dygraph.toDomYCoord(v));

				ctx.beginPath();
				ctx.moveTo(p.canvasx, Math.max(area.y, y[0]));
				ctx.lineTo(p.canvasx, Math.min(area.y + area.h, y[1]));
				ctx.stroke();
			}
			ctx.beginPath();
			ctx.arc(p.canvasx, p.canvasy, 3, 0, 2 * Math.PI);
			ctx.fill();
		});
	}

	/* Labels at 38 degrees, of about 6.5 pixels per character */
	function slantedHeight(o) {
		const longest = o.labels
			.map((label, i) => (o.tick ? o.tick(i) : label))
			.reduce((n, text) => Math.max(n, text.length), 0);

		return Math.min(130, 24 + Math.round(longest * 6.5 * Math.sin(0.66)));
	}

	function drawZero(ctx, area, g) {
		const y = g.toDomYCoord(0);

		if (y < area.y || y > area.y + area.h) return;
		ctx.strokeStyle = css('--text-2');
		ctx.lineWidth = 1;
		ctx.beginPath();
		ctx.moveTo(area.x, Math.round(y) + 0.5);
		ctx.lineTo(area.x + area.w, Math.round(y) + 0.5);
		ctx.stroke();
	}

	function add(container, o, make) {
		const hover = pf.element(
			'div',
			{ class: 'hover', 'aria-live': 'off' },
			o.hint || 'drag to zoom, double-click to zoom out'
		);
		const box = pf.element('div', {
			class:
				'plot ' + (o.className || '') + (o.slanted ? ' slanted' : ''),
			role: 'img',
			'aria-label': o.name,
		});
		const figure = pf.element(
			'figure',
			{},
			pf.element('figcaption', {}, o.title || o.name),
			box,
			hover
		);
		const plot = { box: box, hover: hover, make: make, g: null };

		container.append(figure);
		plot.hint = hover.textContent;
		plot.g = make(plot);
		plots.add(plot);
		return plot;
	}

	function options(o, plot) {
		return {
			legend: 'never',
			gridLineColor: css('--line'),
			axisLineColor: css('--text-2'),
			axisLabelFontSize: 12,
			strokeWidth: 1.5,
			highlightCircleSize: 4,
			rightGap: 12,
			ylabel: o.ylabel || null,
			xlabel: o.xlabel || null,
			yLabelWidth: 16,
			animatedZooms: false,
			unhighlightCallback: () => {
				plot.hover.textContent = plot.hint;
			},
		};
	}

	/*
	 * Points of categories. o.series: [{ name, colour }]; o.labels: a text per
	 * category; o.value(series, category): an estimate or null
	 */
	pf.pointPlot = function (container, o) {
		const nr = o.series.length,
			rows = [],
			at = [];

		o.labels.forEach(function (label, i) {
			o.series.forEach(function (s, k) {
				const e = o.value(k, i),
					row = new Array(nr).fill(null);
				const x = i + (k - (nr - 1) / 2) * Math.min(0.22, 0.6 / nr);

				row[k] = e ? e.mid : null;
				rows.push([x].concat(row));
				at.push({ category: i, series: k, e: e });
			});
		});
		const byX = new Map(rows.map((row, i) => [row[0], at[i].e]));

		function boundsOf(p) {
			const e = byX.get(p.xval);

			return e && e.lo !== null && e.hi !== null ? [e.hi, e.lo] : null;
		}
		let low = 0;
		let high = 0;

		at.forEach(function (p) {
			if (!p.e) return;
			low = Math.min(low, p.e.lo === null ? p.e.mid : p.e.lo);
			high = Math.max(high, p.e.hi === null ? p.e.mid : p.e.hi);
		});
		const margin = 0.05 * (high - low || 1);

		return add(container, o, function (plot) {
			return new Dygraph(
				plot.box,
				rows,
				Object.assign(options(o, plot), {
					labels: ['x'].concat(o.series.map((s) => s.name)),
					colors: o.series.map((s) => pf.colour(s.colour)),
					plotter: (e) => drawPoints(e, boundsOf),
					valueRange: [low < 0 ? low - margin : 0, high + margin],
					dateWindow: [-0.6, o.labels.length - 0.4],
					xRangePad: 0,
					underlayCallback: drawZero,
					axes: {
						x: {
							drawGrid: false,
							axisLabelWidth: o.slanted ? 130 : 60,
							axisLabelFormatter: (v) =>
								Number.isInteger(v) && o.labels[v] !== undefined
									? o.tick
										? o.tick(v)
										: o.labels[v]
									: '',
							ticker: function (a, b, pixels) {
								const step = Math.max(
									1,
									Math.ceil(((b - a) * 34) / pixels)
								);
								const ticks = [];

								for (
									let v = Math.max(
										0,
										Math.ceil(a / step) * step
									);
									v <= b && v < o.labels.length;
									v += step
								)
									ticks.push({
										v: v,
										label: pf.escape(
											o.tick ? o.tick(v) : o.labels[v]
										),
									});
								return ticks;
							},
						},
						y: {
							axisLabelFormatter: (v) =>
								String(+v.toPrecision(6)),
						},
					},
					xAxisHeight: o.slanted ? slantedHeight(o) : undefined,
					highlightCallback: function (event, x, points, row) {
						const p = at[row];

						if (p && p.e)
							plot.hover.textContent =
								o.labels[p.category] +
								(nr > 1 ? ', ' + o.series[p.series].name : '') +
								': ' +
								pf.withReach(p.e) +
								' ' +
								(o.unit(p.category) || '');
					},
					clickCallback: function (event, x, points) {
						if (o.click && points.length)
							o.click(Math.round(points[0].xval));
					},
				})
			);
		});
	};

	/*
	 * Lines with intervals. o.series: [{ name, colour, values: Map x -> estimate }]
	 */
	pf.linePlot = function (container, o) {
		const xs = Array.from(
			new Set(
				[].concat(...o.series.map((s) => Array.from(s.values.keys())))
			)
		).sort((a, b) => a - b);
		const rows = xs.map((x) =>
			[x].concat(
				o.series.map(function (s) {
					const e = s.values.get(x);

					if (!e) return [null, null, null];
					return [
						e.lo === null ? e.mid : e.lo,
						e.mid,
						e.hi === null ? e.mid : e.hi,
					];
				})
			)
		);

		return add(container, o, function (plot) {
			return new Dygraph(
				plot.box,
				rows,
				Object.assign(options(o, plot), {
					labels: ['x'].concat(o.series.map((s) => s.name)),
					colors: o.series.map((s) => pf.colour(s.colour)),
					customBars: true,
					connectSeparatedPoints: true,
					drawPoints: true,
					pointSize: 2,
					includeZero: true,
					visibility: o.series.map((s) => s.visible !== false),
					highlightSeriesOpts: { strokeWidth: 3 },
					axes: {
						y: {
							axisLabelFormatter: (v) =>
								String(+v.toPrecision(6)),
						},
					},
					highlightCallback: function (event, x, points, row, name) {
						const s = o.series.find((t) => t.name === name);
						const e = s && s.values.get(x);

						if (e)
							plot.hover.textContent =
								name +
								', ' +
								x +
								' % tails: ' +
								pf.withReach(e) +
								' ' +
								o.ylabel;
					},
				})
			);
		});
	};

	pf.dropPlots = function (container) {
		plots.forEach(function (plot) {
			if (container.contains(plot.box)) {
				plots.delete(plot);
				plot.g.destroy();
			}
		});
	};

	/* Colours are part of a plot: draw anew. */
	pf.onTheme(function () {
		plots.forEach(function (plot) {
			plot.g.destroy();
			plot.g = plot.make(plot);
		});
	});
})();

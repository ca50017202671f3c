// SPDX-License-Identifier: GPL-2.0
/* Tables to sort and filter, by DataTables. */
'use strict';

(function () {
	const tables = new Set();

	$.fn.dataTable.ext.errMode = 'throw';

	/* Sort columns of figures with missing ones at the end, either way. */
	function missingLast(sign) {
		return function (a, b) {
			if (a === b) return 0;
			if (a === null || b === null) return a === null ? 1 : -1;
			return (a < b ? -1 : 1) * sign;
		};
	}
	$.fn.dataTable.ext.type.order['figure-asc'] = missingLast(1);
	$.fn.dataTable.ext.type.order['figure-desc'] = missingLast(-1);

	function column(c) {
		return {
			title: pf.escape(c.title),
			className: c.className || '',
			type: c.figure || c.order ? 'figure' : 'html',
			orderSequence: ['asc', 'desc'],
			data: null,
			render: function (row, type) {
				if (type === 'display')
					return c.html ? c.html(row) : pf.escape(c.value(row));
				if (type === 'sort' || type === 'type')
					return c.figure
						? c.figure(row)
						: c.order
							? c.order(row)
							: c.value(row);
				return c.value ? c.value(row) : '';
			},
		};
	}

	/* The column and direction of "-name", or the default */
	function orderOf(columns, sort, otherwise) {
		const down = (sort || '').startsWith('-');
		const i = columns.findIndex(
			(c) => c.key === (sort || '').slice(down ? 1 : 0)
		);

		return i < 0 ? otherwise : [[i, down ? 'desc' : 'asc']];
	}

	/*
	 * pf.table(container, { name, columns, rows, order, page, sort, filter })
	 * columns: key, title, value(row) for filters, html(row), figure(row) or
	 * order(row) to sort by. changed({ sort, filter }) remembers the state.
	 */
	pf.table = function (container, o) {
		const element = pf.element('table', {
			class: 'data ' + (o.className || ''),
			'aria-label': o.name,
		});
		const scroll = pf.element(
			'div',
			{
				class: 'scroll',
				tabindex: '0',
				role: 'region',
				'aria-label': o.name,
			},
			element
		);

		container.append(scroll);
		const length = o.page || 50;
		const dt = $(element).DataTable({
			data: o.rows,
			columns: o.columns.map(column),
			order: orderOf(o.columns, o.sort, o.order || [[0, 'asc']]),
			search: { search: o.filter || '', smart: true },
			pageLength: length,
			paging: o.rows.length > length,
			lengthMenu: [
				[25, 50, 100, 250, -1],
				[25, 50, 100, 250, 'all'],
			],
			deferRender: true,
			autoWidth: false,
			dom: 'ftlip',
			createdRow: o.createdRow || null,
			language: {
				search: '',
				searchPlaceholder: 'filter',
				emptyTable: 'nothing to show',
				zeroRecords: 'nothing matches the filter',
				info: '_START_ to _END_ of _TOTAL_',
				infoEmpty: '0 of 0',
				infoFiltered: '(filtered from _MAX_)',
				lengthMenu: '_MENU_ rows',
			},
		});
		const wrapper = scroll.querySelector('.dataTables_wrapper');
		const filter = wrapper.querySelector('input[type=search]');

		filter.setAttribute('aria-label', 'Filter: ' + o.name);
		/* only the table scrolls */
		container.insertBefore(
			wrapper.querySelector('.dataTables_filter'),
			scroll
		);
		[
			'.dataTables_length',
			'.dataTables_info',
			'.dataTables_paginate',
		].forEach(function (name) {
			const e = wrapper.querySelector(name);

			if (e) container.append(e);
		});
		dt.on('order.dt search.dt', function () {
			const [i, direction] = dt.order()[0];

			if (o.changed)
				o.changed({
					sort: (direction === 'desc' ? '-' : '') + o.columns[i].key,
					filter: dt.search(),
				});
		});
		tables.add(dt);
		return dt;
	};

	pf.dropTables = function (container) {
		tables.forEach(function (dt) {
			if (container.contains(dt.table().node())) {
				tables.delete(dt);
				dt.destroy();
			}
		});
	};

	/* Paper has all rows. */
	window.addEventListener('beforeprint', function () {
		tables.forEach(function (dt) {
			dt.printed = dt.page.len();
			dt.page.len(-1).draw(false);
		});
	});
	window.addEventListener('afterprint', function () {
		tables.forEach((dt) => dt.page.len(dt.printed).draw(false));
	});
})();

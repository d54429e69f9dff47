// The pages can be read without this script. It tells how old a measurement is, folds the columns of a system, and
// filters the table; what is folded and filtered stands in the address, so that a link shows the same.
'use strict';
(() => {
  const root = document.documentElement;
  root.classList.add('js');

  // A result older than this is marked: systems release twice a year.
  const oldDays = 180;

  function ages() {
    for (const t of document.querySelectorAll('time[datetime]')) {
      const days = Math.floor((Date.now() - Date.parse(t.dateTime)) / 86400000);
      if (!(days >= 0)) continue;
      const span = document.createElement('span');
      span.className = days > oldDays ? 'age old' : 'age';
      span.textContent = days === 0 ? ' (today)' : days === 1 ? ' (yesterday)' : ` (${days} days ago${days > oldDays ? ', old' : ''})`;
      t.after(span);
    }
  }

  function table(matrix, form) {
    const [top, heads] = matrix.tHead.rows;
    const groups = [...top.cells].slice(1).map(th => ({th, os: th.dataset.os, folds: 'folds' in th.dataset, columns: 0}));
    let at = 0;
    const columns = [];
    const last = matrix.tBodies[0]?.rows[1]?.cells.length - 1 || 0;
    // The heads of the second row are the columns of the body, in the same order; a folded cell comes before its members.
    for (const th of heads.cells) {
      columns.push({th, os: th.dataset.os, folded: th.classList.contains('s'), member: th.classList.contains('m'), wanted: true, unfolded: false, index: ++at});
    }
    if (last !== columns.length && last) throw new Error('the table and its head differ');
    const bodies = [...matrix.tBodies].map(body => ({
      family: body.dataset.family, head: body.rows[0],
      rows: [...body.rows].slice(1).map(tr => ({tr, level: tr.dataset.level, cells: [...tr.cells], text: tr.textContent.toLowerCase()})),
    }));
    const known = name => new Set(groups.filter(g => g.os && (name !== 'open' || g.folds)).map(g => g.os));
    const open = new Set();
    const unfold = document.getElementById('unfold');
    const shown = document.getElementById('shown');

    for (const g of groups) {
      if (!g.folds) continue;
      g.button = document.createElement('button');
      g.button.type = 'button';
      g.button.textContent = g.th.textContent;
      g.button.addEventListener('click', () => { open.has(g.os) ? open.delete(g.os) : open.add(g.os); apply(); });
      g.th.replaceChildren(g.button);
    }
    if (!groups.some(g => g.folds)) unfold.hidden = true;

    function read() {
      const q = new URLSearchParams(location.search);
      form.q.value = q.get('q') || '';
      form.family.value = q.get('family') || '';
      form.level.value = q.get('level') || '';
      if (form.family.selectedIndex < 0) form.family.value = '';
      if (form.level.selectedIndex < 0) form.level.value = '';
      form.differ.checked = q.has('differ');
      const os = (q.get('os') || '').split(',');
      for (const box of form.querySelectorAll('[name=os]')) box.checked = os.includes(box.value);
      open.clear();
      const may = known('open');
      for (const name of (q.get('open') || '').split(',')) if (may.has(name)) open.add(name);
    }

    const chosen = () => [...form.querySelectorAll('[name=os]:checked')].map(box => box.value);

    function write() {
      const parts = [];
      const put = (name, value) => { if (value) parts.push(name + '=' + encodeURIComponent(value).replace(/%2C/g, ',').replace(/%20/g, '+')); };
      put('mine', new URLSearchParams(location.search).get('mine'));
      put('q', form.q.value.trim());
      put('family', form.family.value);
      put('level', form.level.value);
      put('os', chosen().join(','));
      put('open', [...open].join(','));
      if (form.differ.checked) parts.push('differ');
      const query = parts.length ? '?' + parts.join('&') : '';
      if (query !== location.search) history.replaceState(null, '', location.pathname + query + location.hash);
    }

    // Answers differ when two platforms that were measured show different behaviours; what is unknown differs from nothing.
    function differs(row, members) {
      let first = null;
      for (const c of members) {
        const td = row.cells[c.index];
        if (!/^[cdo]\b/.test(td.className)) continue;
        const text = td.querySelector('a').textContent;
        if (first === null) first = text;
        else if (first !== text) return true;
      }
      return false;
    }

    // show touches only the columns that change: there are thousands of cells.
    function show() {
      const os = chosen(), count = {};
      let width = 1;
      for (const c of columns) {
        const wanted = !os.length || os.includes(c.os), unfolded = open.has(c.os);
        const visible = wanted && (c.folded ? !unfolded : !c.member || unfolded);
        if (visible) { width++; count[c.os] = (count[c.os] || 0) + 1; }
        c.counts = wanted && !c.folded && c.os;
        if (wanted !== c.wanted) cells(c, cell => { cell.hidden = !wanted; });
        if (unfolded !== c.unfolded && (c.folded || c.member)) cells(c, cell => cell.classList.toggle(c.folded ? 'off' : 'on', unfolded));
        c.wanted = wanted;
        c.unfolded = unfolded;
      }
      for (const g of groups) {
        g.th.hidden = !count[g.os];
        if (count[g.os]) g.th.colSpan = count[g.os];
        if (g.button) g.button.setAttribute('aria-expanded', open.has(g.os));
      }
      return width;
    }

    function cells(column, change) {
      change(column.th);
      for (const b of bodies) for (const r of b.rows) change(r.cells[column.index]);
    }

    function apply() {
      const width = show();
      const words = form.q.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const members = columns.filter(c => c.counts);
      let rows = 0, all = 0;
      for (const b of bodies) {
        let any = false;
        for (const r of b.rows) {
          const visible = (!form.family.value || form.family.value === b.family) && (!form.level.value || form.level.value === r.level) &&
            words.every(w => r.text.includes(w)) && (!form.differ.checked || differs(r, members));
          r.tr.hidden = !visible;
          any = any || visible;
          all++;
          if (visible) rows++;
        }
        b.head.hidden = !any;
        b.head.cells[0].colSpan = width;
      }
      shown.textContent = `${rows} of ${all} claims`;
      unfold.textContent = open.size ? 'Fold all' : 'Unfold all';
      write();
    }

    // A link to a cell shows it, whatever is folded or filtered.
    function target() {
      let id;
      try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
      const element = id && document.getElementById(id);
      if (!element || !matrix.contains(element)) return;
      const td = element.closest('td'), tr = element.closest('tr');
      if (tr.hidden) { form.reset(); }
      if (td) {
        const c = columns[td.cellIndex - 1];
        const boxes = [...form.querySelectorAll('[name=os]')];
        if (boxes.some(b => b.checked)) for (const box of boxes) if (box.value === c.os) box.checked = true;
        if (td.classList.contains('m')) open.add(c.os);
      }
      apply();
      centre(td || tr.cells[0]);
      td?.querySelector('a')?.focus({preventScroll: true});
    }

    // centre shows the table, and in it a cell: beside the sticky head and the claim's name, not below them.
    function centre(cell) {
      const region = matrix.parentElement;
      region.scrollIntoView({block: 'center'});
      const inner = cell.getBoundingClientRect(), outer = region.getBoundingClientRect();
      const head = matrix.tHead.offsetHeight, claim = cell.parentElement.cells[0].offsetWidth;
      region.scrollTop += inner.top - outer.top - head - (region.clientHeight - head - inner.height) / 2;
      if (cell.cellIndex) region.scrollLeft += inner.left - outer.left - claim - Math.max(0, (region.clientWidth - claim - inner.width) / 2);
    }

    form.addEventListener('input', () => apply());
    form.addEventListener('submit', e => e.preventDefault());
    form.addEventListener('reset', () => setTimeout(() => { open.clear(); apply(); }));
    unfold.addEventListener('click', () => { if (open.size) open.clear(); else for (const name of known('open')) open.add(name); apply(); });
    addEventListener('hashchange', target);
    addEventListener('popstate', () => { read(); apply(); });
    read();
    form.hidden = false;
    apply();
    root.classList.add('ready');
    target();
    addEventListener('load', () => setTimeout(target)); // the browser scrolls by itself, at the latest when all has loaded
  }

  // The system of the reader comes first in every card. The choice stands in the address, beside the filters of the table.
  function mine(chooser) {
    const select = chooser.querySelector('select');
    const lists = [...document.querySelectorAll('.card .answers')].map(list => ({list, items: [...list.children]}));
    const apply = () => {
      const is = item => select.value && (item.dataset.os || '').split(' ').includes(select.value);
      for (const {list, items} of lists) {
        list.replaceChildren(...items.filter(is), ...items.filter(item => !is(item)));
        for (const item of items) item.classList.toggle('mine', is(item));
      }
    };
    const read = () => {
      select.value = new URLSearchParams(location.search).get('mine') || '';
      if (select.selectedIndex < 0) select.value = '';
      apply();
    };
    select.addEventListener('change', () => {
      const q = new URLSearchParams(location.search);
      if (select.value) q.set('mine', select.value); else q.delete('mine');
      const query = q.toString().replace(/%2C/g, ',');
      history.replaceState(null, '', location.pathname + (query ? '?' + query : '') + location.hash);
      apply();
    });
    addEventListener('popstate', read);
    read();
    chooser.hidden = false;
  }

  // A link to a platform's evidence opens its transcripts for the eye: on paper they are all open.
  function paper() {
    addEventListener('beforeprint', () => { for (const d of document.querySelectorAll('.evidence:target details')) d.open = true; });
  }

  addEventListener('DOMContentLoaded', () => {
    ages();
    const matrix = document.getElementById('matrix'), form = document.getElementById('filters');
    if (matrix && form) table(matrix, form);
    const chooser = document.getElementById('mine');
    if (chooser) mine(chooser);
    paper();
  });
})();

'use strict';
// Everything that comes from servers is put in as text, never as markup.
(function () {
  const INTERVAL = 1000;
  const byId = id => document.getElementById(id);
  const open = new Set();
  let last = null;
  let failures = 0;

  function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === 'class') { element.className = value; } else { element.setAttribute(name, value); }
    }
    for (const child of children.flat()) {
      if (child !== null && child !== undefined && child !== '') {
        element.append(child instanceof Node ? child : document.createTextNode(String(child)));
      }
    }
    return element;
  }

  const chip = (text, kind, title) => h('span', { class: 'chip ' + (kind || ''), title: title || '' }, text);

  const count = (n, what) => chip(n + ' ' + what + (n === 1 ? '' : 's'));

  function health(i) {
    if (i.Status === 'invalid') { return 'bad'; }
    return i.Problems.length > 0 || i.Status === 'unchecked' ? 'warn' : 'ok';
  }

  function matches(cluster, words) {
    const text = [cluster.Name, cluster.Alias, ...cluster.Instances.map(i => i.Key + ' ' + i.Alias)].join(' ').toLowerCase();
    return words.every(w => text.includes(w));
  }

  // The lines of the tree before each row: a branch goes on where a later row of the same depth has the same source.
  function twigs(rows) {
    return rows.map((row, index) => {
      let text = '';
      for (let depth = 1; depth <= row.Depth; depth++) {
        const rest = rows.slice(index + 1);
        const end = rest.findIndex(r => r.Depth < depth);
        const goesOn = (end < 0 ? rest : rest.slice(0, end)).some(r => r.Depth === depth);
        text += depth === row.Depth ? (goesOn ? '├ ' : '└ ') : goesOn ? '│ ' : '  ';
      }
      return text;
    });
  }

  function mode(i) {
    if (i.Version === '') { return ''; }
    const text = i.Writable ? 'read-write' : i.SuperReadOnly ? 'super read-only' : 'read-only';
    return i.Status === 'invalid' ? h('span', { class: 'soft' }, 'was ' + text) : chip(text, i.Writable ? 'ok' : '');
  }

  function row(i, twig) {
    const notes = [];
    if (i.ErrantCount > 0) { notes.push(chip(i.ErrantCount + ' errant', 'bad', i.Errant)); }
    if (i.Fence) { notes.push(chip('former primary', i.Fence.startsWith('ahead') ? 'bad' : 'warn', i.Fence)); }
    if (i.Downtime) { notes.push(chip('downtime', 'info', i.Downtime)); }
    if (i.SemiSyncSource) { notes.push(chip('semi-sync source', 'info')); }
    if (i.SemiSyncReplica) { notes.push(chip('semi-sync', 'info')); }
    if (i.PromotionRule !== 'neutral') { notes.push(chip(i.PromotionRule, 'info', 'promotion rule')); }
    if (i.Limitations.length) { notes.push(chip('limited', 'warn', i.Limitations.join('\n'))); }
    const kind = health(i);
    const seen = i.SeenSecondsAgo < 0 ? 'never seen' : i.SeenSecondsAgo > 15 ? 'seen ' + i.SeenSecondsAgo + ' s ago' : '';
    const cells = h('tr', {},
      h('td', {}, h('span', { class: 'twig' }, twig), h('span', { class: 'dot ' + kind, title: i.Problems.join(', ') || 'ok' }),
        h('span', { class: 'name' }, i.Key), i.Alias ? h('span', { class: 'soft' }, ' ' + i.Alias) : null),
      h('td', {}, chip(i.Status, kind), seen ? h('span', { class: 'soft' }, seen) : null),
      h('td', {}, mode(i)),
      h('td', { class: 'num' }, i.Replica ? i.Lag : ''),
      h('td', { class: 'soft' }, i.Version),
      h('td', { class: 'soft' }, [i.Format, i.Gtid ? 'GTID' : ''].filter(Boolean).join(' ')),
      h('td', {}, notes));
    return i.Failure ? [cells, h('tr', { class: 'more' }, h('td', { colspan: '7' }, i.Failure))] : [cells];
  }

  function cluster(c) {
    const wrong = c.Analyses.filter(a => a.Code && !a.Downtimed);
    const head = h('div', { class: 'head' }, h('b', {}, c.Alias), c.Alias === c.Name ? null : h('span', { class: 'soft name' }, c.Name),
      count(c.Instances.length, 'instance'),
      c.Automated ? chip('automatic recovery', 'ok') : chip('no automatic recovery'),
      wrong.map(a => chip(a.Code, 'bad', a.Description)));
    return h('div', { class: 'card' + (wrong.length ? ' bad' : '') }, head, h('div', { class: 'scroll' }, h('table', {},
      h('thead', {}, h('tr', {}, ['Instance', 'State', 'Mode', 'Lag', 'Version', 'Binary log', ''].map(t => h('th', {}, t)))),
      h('tbody', {}, twigs(c.Instances).flatMap((twig, n) => row(c.Instances[n], twig))))));
  }

  function problem(a, c) {
    return h('div', { class: 'card' + (a.Code && !a.Downtimed ? ' bad' : '') },
      h('div', { class: 'head' }, a.Code ? chip(a.Code, a.Downtimed ? 'info' : 'bad') : null, h('span', { class: 'name' }, a.Instance),
        h('span', { class: 'soft' }, c.Alias), a.Downtimed ? chip('downtime', 'info') : null),
      h('div', { class: 'body' }, a.Code ? h('p', {}, a.Description + '.') : null,
        a.Warnings.length ? h('p', {}, a.Warnings.map(w => chip(w.replace(/StructureWarning$/, ''), 'warn'))) : null,
        a.Evidence.length ? h('ul', {}, a.Evidence.map(e => h('li', {}, e))) : null,
        a.Decision ? h('p', { class: 'soft' }, 'Decision: ' + a.Decision) : null));
  }

  function recovery(r) {
    const state = r.Active ? chip('running', 'warn') : r.Successful ? chip('done', 'ok') : chip('failed', 'bad');
    const steps = r.Steps.length === 0 ? null : h('details', r.Active || open.has(r.Uid) ? { open: '' } : {},
      h('summary', {}, r.Steps.length + ' steps'),
      h('ol', { class: 'steps' }, r.Steps.map(s => h('li', {}, h('time', {}, s.At), s.Instance ? h('code', {}, s.Instance + ' ') : null,
        s.Description + (s.Result ? ' — ' + s.Result : ''),
        s.State === 'NOTE' ? null : [' ', chip(s.State.toLowerCase() + (s.State === 'RUNNING' ? '' : ' ' + s.Millis + ' ms'),
          s.State === 'FAILED' ? 'bad' : s.State === 'DONE' ? 'ok' : 'warn')]))));
    if (steps) {
      steps.addEventListener('toggle', () => steps.open ? open.add(r.Uid) : open.delete(r.Uid));
    }
    return h('div', { class: 'card' },
      h('div', { class: 'head' }, state, h('b', {}, r.Cluster), h('span', { class: 'soft' }, r.Started), r.Acknowledged ? chip('acknowledged') : null),
      h('div', { class: 'body' },
        h('p', {}, chip(r.Analysis, 'info'), ' ', h('span', { class: 'name' }, r.Failed), r.Successor ? ' → ' : null, r.Successor ? h('span', { class: 'name' }, r.Successor) : null),
        h('div', { class: 'marks' }, r.Marks.map(m => chip(m.Name + ' ' + (m.Millis === 0 ? '0' : '+' + m.Millis) + ' ms'))),
        r.Lost ? h('p', {}, chip('lost', 'bad'), h('code', {}, r.Lost)) : null,
        r.LossNote ? h('p', {}, r.LossNote) : null,
        r.Errors.filter(Boolean).map(e => h('p', {}, chip('error', 'bad'), e)),
        h('p', { class: 'soft' }, 'by ' + r.Actor), steps));
  }

  function draw(state) {
    const words = byId('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    const clusters = state.Clusters.filter(c => matches(c, words));
    byId('service').replaceChildren(
      state.Leading ? chip(state.Node + ' leads', 'ok') : chip(state.Leader ? state.Leader + ' leads' : 'nobody leads', state.Leader ? 'info' : 'bad'),
      count(state.Clusters.length, 'cluster'),
      count(state.Clusters.reduce((n, c) => n + c.Instances.length, 0), 'instance'),
      state.RecoveriesEnabled ? '' : chip('recoveries disabled globally', 'bad'),
      state.ObserveOnly ? chip('observing only', 'warn') : '',
      state.RecoveryForbiddenBy.length ? chip('automatic recovery off', 'bad', 'because of ' + state.RecoveryForbiddenBy.join(', ')) : '',
      h('span', { class: 'soft' }, state.Now + ' UTC · ' + state.Backend));
    byId('clusters').replaceChildren(...(clusters.length ? clusters.map(cluster) : [h('div', { class: 'empty' },
      state.Clusters.length ? 'No cluster fits the filter.' : 'No instance is known yet. Discover one: orchestrator discover -i host:port')]));
    const problems = clusters.flatMap(c => c.Analyses.map(a => [a, c]));
    problems.sort((a, b) => (b[0].Code && !b[0].Downtimed ? 1 : 0) - (a[0].Code && !a[0].Downtimed ? 1 : 0));
    byId('problems').replaceChildren(...(problems.length ? problems.map(p => problem(...p)) : [h('div', { class: 'empty' }, 'Nothing is wrong.')]));
    byId('recoveries').replaceChildren(...(state.Recoveries.length ? state.Recoveries.map(recovery) : [h('div', { class: 'empty' }, 'None so far.')]));
    document.title = (problems.some(p => p[0].Code && !p[0].Downtimed) ? '● ' : '') + 'Orchestrator';
  }

  function banner(text) {
    const element = byId('banner');
    element.hidden = !text;
    element.textContent = text || '';
  }

  async function poll() {
    try {
      if (document.visibilityState === 'visible' || last === null) {
        const response = await fetch('api/live', { cache: 'no-store', signal: AbortSignal.timeout(10000) });
        const body = await response.json();
        if (!response.ok) { throw new Error(body.Message || ('status ' + response.status)); }
        const text = JSON.stringify(body);
        if (text !== last) { last = text; draw(body); }
        failures = 0;
        banner('');
      }
    } catch (error) {
      failures++;
      banner('What is shown may be old: ' + error.message);
    }
    setTimeout(poll, Math.min(INTERVAL * (1 + failures), 10000));
  }

  byId('filter').addEventListener('input', () => last && draw(JSON.parse(last)));
  const asked = decodeURIComponent(location.pathname).match(/\/web\/cluster\/(?:alias\/)?([^/]+)\/?$/);
  if (asked) { byId('filter').value = asked[1]; }
  poll();
})();

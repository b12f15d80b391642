// Namespaces that fold: columns keep their order, boxes push each other apart, lines are drawn anew.
const F = D.fold, ROOM = 24;
const isShut = g => $("g" + g).classList.contains("shut");
const home = D.nodes.map((_, n) => F.frames.findIndex(f => f[7].includes(n)));
const at = F.frames.map(f => [f[0], f[1]]);
const way = F.ways.map(w => w[1]);
let columns = F.columns.map(c => [...c]);

function sizeOf(g) {
  const f = F.frames[g];
  return isShut(g) ? [f[4], f[5]] : [f[2], f[3]];
}
// boxes and passages of a column keep their order and come as near as they can to where they want to be
function place() {
  const items = columns.map(() => []);
  F.frames.forEach((f, g) => items[f[6]].push({g, h: sizeOf(g)[1], want: f[1] + f[5] / 2, room: 20}));
  F.ways.forEach((w, i) => items[w[0]].push({i, h: 10, want: w[1], room: 2}));
  let x = F.columns[0][0], top = Infinity;
  columns = columns.map((_, c) => {
    const wide = Math.max(F.columns[c][1], ...items[c].filter(b => b.g !== undefined).map(b => sizeOf(b.g)[0]));
    const before = c ? F.columns[c][0] - F.columns[c - 1][0] - F.columns[c - 1][1] : 0;
    x += before;
    const found = [x, wide];
    x += wide;
    return found;
  });
  for (const row of items) {
    row.sort((a, b) => a.want - b.want);
    const blocks = [];
    for (const b of row) {
      let k = {items: [b], h: b.h + 2 * b.room, y: b.want - b.h / 2 - b.room};
      while (blocks.length && blocks.at(-1).y + blocks.at(-1).h > k.y) {
        const o = blocks.pop();
        const items = [...o.items, ...k.items];
        let down = 0, sum = 0;
        for (const q of items) { sum += q.want - down - q.room - q.h / 2; down += q.h + 2 * q.room; }
        k = {items, h: down, y: sum / items.length};
      }
      blocks.push(k);
    }
    for (const k of blocks) {
      let y = k.y;
      for (const b of k.items) { b.y = y + b.room; y += b.h + 2 * b.room; }
      top = Math.min(top, k.items[0].y);
    }
  }
  let bottom = 0;
  for (const row of items) for (const b of row) {
    const y = b.y - top + ROOM;
    bottom = Math.max(bottom, y + b.h);
    if (b.g === undefined) { way[b.i] = y + b.h / 2; continue; }
    const [left, wide] = columns[F.frames[b.g][6]];
    at[b.g] = [left + (wide - sizeOf(b.g)[0]) / 2, y];
    $("g" + b.g).setAttribute("transform", "translate(" + at[b.g].map(Math.round) + ")");
  }
  const last = columns.at(-1);
  svg.setAttribute("viewBox", "0 0 " + Math.round(last[0] + last[1] + ROOM) + " " + Math.round(bottom + ROOM));
  scale(zoom);
}

// the stops of a line: its own, but the side of the box where a namespace is shut
function stopsOf(s, t, i) {
  const {stops, back} = F.lines[i];
  const out = [], edge = (g, right) => { const [left, wide] = columns[F.frames[g][6]]; return right ? left + wide : left; };
  for (let k = 0; k < stops.length; k += 4) {
    const [o, a, b, y] = stops.slice(k, k + 4);
    if (o < 0) {
      const [left, wide] = columns[F.ways[-1 - o][0]];
      out.push([left + a * wide, left + b * wide, way[-1 - o] + y]);
    } else if (!isShut(o)) {
      const enters = k && stops[k - 4] !== o ? edge(o, back) : at[o][0] + a;
      const leaves = k + 4 < stops.length && stops[k + 4] !== o ? edge(o, !back) : at[o][0] + b;
      out.push([enters, leaves, at[o][1] + y]);
    }
  }
  if (isShut(s)) out.unshift([side(s, !back), edge(s, !back), 0]);
  if (isShut(t)) out.push([edge(t, back), side(t, back), 0]);
  return out;
}
const side = (g, right) => at[g][0] + (right ? sizeOf(g)[0] : 0);
function pathOf(stops) {
  const [first, ...rest] = stops.map(s => s.map(Math.round));
  let [, x, y] = first;
  if (!rest.length) return `M${first[0]} ${y}C${first[0]} ${y - 20} ${x} ${y - 20} ${x} ${y}`;
  let d = `M${first[0]} ${y}H${x}`;
  for (const [a, b, v] of rest) {
    const m = (x + a) >> 1;
    d += v === y ? `H${a}` : `C${m} ${y} ${m} ${v} ${a} ${v}`;
    if (a !== b) d += `H${b}`;
    [x, y] = [b, v];
  }
  return d;
}

function redraw() {
  const units = new Map();
  D.lines.forEach((l, i) => {
    const s = home[l[0]], t = home[l[1]];
    if (gone(l) || (s === t || s < 0) && isShut(t)) return;
    const key = (s >= 0 && isShut(s) ? "g" + s : "n" + l[0]) + " " + (isShut(t) ? "g" + t : "n" + l[1]);
    if (!units.has(key)) units.set(key, {s, t, lines: []});
    units.get(key).lines.push(i);
  });
  const ends = new Map();
  for (const u of units.values()) {
    u.worst = Math.min(...u.lines.map(i => D.lines[i][2]));
    u.verdict = D.words[u.worst][0];
    u.back = F.lines[u.lines[0]].back;
    u.stops = u.s < 0 ? stopsOf(u.t, u.t, u.lines[0]) : stopsOf(u.s, u.t, u.lines[0]);
    const add = (g, right, k, other) => {
      const key = g + (right ? "r" : "l");
      if (!ends.has(key)) ends.set(key, {g, all: []});
      ends.get(key).all.push({u, k, other});
    };
    const middle = g => at[g][1] + sizeOf(g)[1] / 2;
    if (u.s >= 0 && isShut(u.s)) add(u.s, !u.back, 0, u.stops.length > 2 ? u.stops[1][2] : isShut(u.t) ? middle(u.t) : u.stops.at(-1)[2]);
    if (isShut(u.t)) add(u.t, u.back, u.stops.length - 1, u.stops.length > 2 ? u.stops.at(-2)[2] : isShut(u.s) ? middle(u.s) : u.stops[0][2]);
  }
  for (const {g, all} of ends.values()) {
    all.sort((a, b) => a.other - b.other);
    const h = sizeOf(g)[1], step = Math.min(13, (h - 12) / Math.max(1, all.length - 1));
    all.forEach(({u, k}, n) => { u.stops[k][2] = at[g][1] + h / 2 + (n - (all.length - 1) / 2) * step; });
  }
  $("lines").replaceChildren(...[...units.values()].map(element));
}
function element(u) {
  const g = document.createElementNS(NS, "g"), path = document.createElementNS(NS, "path");
  const single = u.lines.length === 1, worst = u.lines.filter(i => D.lines[i][2] === u.worst).length;
  const label = single ? F.lines[u.lines[0]].label : (worst === u.lines.length ? worst : worst + " of " + u.lines.length) + " " + D.words[u.worst][1];
  let zone = 0;
  if (isShut(u.t)) {
    const end = u.stops.at(-1);
    zone = label.length * 5.6 + 18;
    end[0] = u.back ? Math.max(end[0], end[1] + zone) : Math.min(end[0], end[1] - zone);
  }
  if (single) g.id = "e" + u.lines[0];
  g.setAttribute("class", "e " + u.verdict + (u.lines.every(i => D.lines[i][5]) ? " may" : ""));
  path.setAttribute("d", pathOf(u.stops));
  g.append(path);
  if (label && u.stops.length > 1) {
    const text = document.createElementNS(NS, "text"), [a, b, y] = u.stops.at(-1);
    text.setAttribute("x", Math.round(u.back ? b + 12 : zone ? b - zone + 3 : a + 3));
    text.setAttribute("y", Math.round(y) - 4);
    text.textContent = label;
    g.append(text);
  }
  lineParts(g, u.lines);
  return g;
}

function turn(g, to) {
  const e = $("g" + g);
  e.classList.toggle("shut", to);
  for (const t of e.querySelectorAll(".t")) t.setAttribute("aria-expanded", !to);
}
function unfold(node) {
  const e = node.closest(".shut");
  if (e) { turn(+e.id.slice(1), false); place(); redraw(); }
}
F.frames.forEach((f, g) => {
  for (const e of $("g" + g).querySelectorAll(".t")) {
    button(e, "namespace " + f[8] + ", " + f[7].length + " nodes", () => {
      const shut = !isShut(g);
      turn(g, shut);
      place();
      redraw();
      const now = $("g" + g).querySelector(shut ? ".closed.t" : ".open .t");
      now.focus();
      now.scrollIntoView({block: "nearest", inline: "nearest"});
    });
    e.setAttribute("aria-expanded", !isShut(g));
  }
});
const all = make("button", "Unfold all");
all.onclick = () => {
  const shut = !F.frames.some((_, g) => isShut(g));
  F.frames.forEach((_, g) => turn(g, shut));
  all.textContent = shut ? "Unfold all" : "Fold all";
  place();
  redraw();
};
$("fit").after(all);
redraw();
window.unfold = unfold;
window.redraw = redraw;

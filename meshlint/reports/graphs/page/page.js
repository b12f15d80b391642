// The page at work: selection, panel, search, filters, zoom. Texts of manifests are only ever set as text.
"use strict";
const $ = id => document.getElementById(id);
const D = JSON.parse($("data").textContent);
const svg = $("map"), view = $("view"), panel = $("panel"), NS = "http://www.w3.org/2000/svg";
const hidden = new Set();
let auto = true, zoom = 1, chosen = null, from = null;

function make(tag, text, kind) {
  const e = document.createElement(tag);
  if (text !== undefined) e.textContent = text;
  if (kind) e.className = kind;
  return e;
}
const T = D.text, kind = n => T[D.nodes[n][0]], space = n => T[D.nodes[n][1]], title = n => T[D.nodes[n][2]];
const full = n => (space(n) ? space(n) + "/" : "") + title(n);
const word = l => D.words[l[2]][1], verdict = l => D.words[l[2]][0], ports = l => T[l[3]];
const gone = l => hidden.has(verdict(l)) || l[5] && hidden.has("may");
const told = l => full(l[0]) + " → " + full(l[1]) + (ports(l) && " " + ports(l)) + ", " + word(l);

// every part that can be chosen is a button with a name
function button(e, name, act) {
  e.setAttribute("tabindex", 0);
  e.setAttribute("role", "button");
  e.setAttribute("aria-label", name);
  const tip = document.createElementNS(NS, "title");
  tip.textContent = name;
  e.prepend(tip);
  e.addEventListener("click", () => moved || act());
  e.addEventListener("keydown", k => {
    if (k.key === "Enter" || k.key === " ") { k.preventDefault(); act(); }
  });
}
function lineParts(e, lines) {
  const wide = e.querySelector("path").cloneNode();
  wide.setAttribute("class", "wide");
  e.prepend(wide);
  e.lines = lines;
  const name = lines.length > 1 ? lines.length + " calls, the gravest: " + told(D.lines[lines[0]]) : told(D.lines[lines[0]]);
  button(e, name, () => lines.length > 1 ? showLines(e, lines) : showLine(e, lines[0]));
}

function open(e, title, sub) {
  panel.hidden = false;
  panel.replaceChildren();
  const shut = make("button", "×");
  shut.id = "shut";
  shut.setAttribute("aria-label", "Close the panel");
  shut.onclick = close;
  const head = make("h2", title);
  head.tabIndex = -1;
  panel.append(shut, head);
  if (sub) panel.append(sub);
  if (document.activeElement && svg.contains(document.activeElement)) from = document.activeElement;
  if (chosen) chosen.classList.remove("on");
  chosen = e;
  if (e) e.classList.add("on");
  head.focus({preventScroll: true});
  if (auto) scale(start());
  if (e) e.scrollIntoView({block: "nearest", inline: "nearest"});
}
function close() {
  if (panel.hidden) return;
  panel.hidden = true;
  if (chosen) chosen.classList.remove("on");
  chosen = null;
  mark();
  if (auto) scale(start());
  if (from && from.isConnected) from.focus();
}
function list(title, lines, name) {
  if (!lines.length) return;
  const ul = make("ul");
  for (const i of lines) {
    const li = make("li"), b = make("button"), l = D.lines[i];
    b.append(make("span", word(l), "tag " + verdict(l)), " " + name(l));
    b.onclick = () => showLine($("e" + i), i);
    li.append(b);
    ul.append(li);
  }
  panel.append(make("h3", title), ul);
}
function showNode(i) {
  const n = D.nodes[i];
  open($("n" + i), title(i), make("div", kind(i) + (space(i) && " in " + space(i))));
  const dl = make("dl"), [facts, path, line] = n[3];
  D.facts.forEach((key, at) => { if (T[facts[at]]) dl.append(make("dt", key), make("dd", T[facts[at]])); });
  if (line) dl.append(make("dt", "Declared at"), make("dd")), dl.lastChild.append(make("code", T[path] + ":" + line));
  panel.append(dl);
  const at = side => D.lines.map((l, j) => l[side] === i ? j : -1).filter(j => j >= 0);
  const out = at(0), into = at(1);
  const port = l => ports(l) && " on " + ports(l);
  list("Is called by", into, l => full(l[0]) + port(l));
  list("Calls", out, l => full(l[1]) + port(l));
  mark(new Set([i, ...into.map(j => D.lines[j][0]), ...out.map(j => D.lines[j][1])]), new Set([...into, ...out]));
}
function showLine(e, i) {
  const l = D.lines[i];
  open(e, full(l[0]) + " → " + full(l[1]), make("div", word(l), "tag " + verdict(l)));
  for (const [reason, port, kind, known, places, subset, only] of l[4]) {
    const [v, because, decided] = D.reasons[reason];
    panel.append(make("h3", [T[kind], port && "port " + port, T[subset] && "subset " + T[subset], D.words[v][1]].filter(Boolean).join(" · ")));
    if (T[because]) panel.append(make("p", "because " + T[because], "because"));
    if (T[only]) panel.append(make("p", "only in " + T[only], "because"));
    panel.append(make("div", "Known, as it is " + T[known] + " here:"), spots(places));
    for (const [side, object, ...place] of decided) panel.append(make("div", "Decided at the " + T[side] + " by " + T[object] + ":"), spots([place]));
  }
  mark(new Set([l[0], l[1]]), new Set([i]));
}
function spots(places) {
  const ul = make("ul");
  for (const p of places) {
    const li = make("li");
    li.append(make("code", T[p[0]] + ":" + p[1] + ":" + p[2]));
    ul.append(li);
  }
  return ul;
}
function showLines(e, lines) {
  open(e, lines.length + " calls");
  list("", lines, l => full(l[0]) + " → " + full(l[1]));
  mark(new Set(lines.flatMap(i => D.lines[i].slice(0, 2))), new Set(lines));
}

// what is not near to the chosen part steps back
function mark(nodes, lines) {
  for (const e of svg.querySelectorAll(".n")) e.classList.toggle("far", !!nodes && !nodes.has(+e.id.slice(1)));
  for (const e of svg.querySelectorAll(".e")) e.classList.toggle("far", !!lines && !e.lines.some(i => lines.has(i)));
}

// search
let hits = [], next = 0;
function search() {
  const word = $("find").value.trim().toLowerCase();
  hits = word ? D.nodes.map((_, i) => full(i).toLowerCase().includes(word) ? i : -1).filter(i => i >= 0 && $("n" + i)) : [];
  next = 0;
  for (const e of svg.querySelectorAll(".n")) {
    const hit = hits.includes(+e.id.slice(1));
    e.classList.toggle("hit", hit);
    e.classList.toggle("far", !!word && !hit);
  }
  for (const e of svg.querySelectorAll(".g")) e.classList.toggle("has", !!e.querySelector(".hit"));
  $("found").textContent = word ? hits.length + " found" : "";
}
$("find").oninput = search;
$("find").onkeydown = k => {
  if (k.key !== "Enter" || !hits.length) return;
  const i = hits[next++ % hits.length], e = $("n" + i);
  if (window.unfold) unfold(e);
  e.scrollIntoView({block: "center", inline: "center"});
  if (k.shiftKey) return;
  from = e;
  showNode(i);
  $("find").focus();
};

// filters
for (const b of $("keys").querySelectorAll("button")) {
  b.onclick = () => {
    const v = b.dataset.v, shown = b.getAttribute("aria-pressed") === "true";
    b.setAttribute("aria-pressed", !shown);
    shown ? hidden.add(v) : hidden.delete(v);
    if (window.redraw) redraw();
    for (const e of svg.querySelectorAll(".e")) e.classList.toggle("off", e.lines.every(i => gone(D.lines[i])));
  };
}

// zoom and drag
function scale(to, x, y) {
  const box = svg.viewBox.baseVal, old = zoom;
  zoom = Math.min(3, Math.max(.08, to));
  const px = view.scrollLeft + (x ?? view.clientWidth / 2), py = view.scrollTop + (y ?? view.clientHeight / 2);
  svg.setAttribute("width", box.width * zoom);
  svg.setAttribute("height", box.height * zoom);
  view.scrollLeft += px * (zoom / old - 1);
  view.scrollTop += py * (zoom / old - 1);
}
const whole = () => Math.min(view.clientWidth / svg.viewBox.baseVal.width, view.clientHeight / svg.viewBox.baseVal.height);
const start = () => Math.min(1.25, Math.max(.6, whole()));
const by = to => { auto = false; scale(to); };
$("in").onclick = () => by(zoom * 1.25);
$("out").onclick = () => by(zoom / 1.25);
$("fit").onclick = () => by(Math.min(1.4, whole()));
view.addEventListener("wheel", w => {
  if (!w.ctrlKey && !w.metaKey) return;
  w.preventDefault();
  auto = false;
  const r = view.getBoundingClientRect();
  scale(zoom * Math.exp(-w.deltaY / 300), w.clientX - r.left, w.clientY - r.top);
}, {passive: false});
let drag = null, moved = false;
view.onpointerdown = p => { moved = false; if (p.button === 0 && p.pointerType === "mouse") drag = [p.clientX, p.clientY, view.scrollLeft, view.scrollTop]; };
view.onpointermove = p => {
  if (!drag) return;
  const dx = p.clientX - drag[0], dy = p.clientY - drag[1];
  if (Math.abs(dx) + Math.abs(dy) > 5) { moved = true; view.classList.add("drag"); }
  if (moved) { view.scrollLeft = drag[2] - dx; view.scrollTop = drag[3] - dy; }
};
window.onpointerup = () => { drag = null; view.classList.remove("drag"); };

document.onkeydown = k => {
  if (k.key === "Escape") {
    if (!panel.hidden) close();
    else if ($("find").value) { $("find").value = ""; search(); }
  } else if (k.key === "/" && document.activeElement !== $("find")) {
    k.preventDefault();
    $("find").focus();
    $("find").select();
  }
};

for (const e of svg.querySelectorAll(".n")) {
  const i = +e.id.slice(1);
  button(e, kind(i) + " " + full(i), () => showNode(i));
}
for (const e of svg.querySelectorAll(".e")) {
  const i = +e.id.slice(1);
  lineParts(e, e.id[0] === "b" ? D.bundles[i] : [i]);
}
scale(start());

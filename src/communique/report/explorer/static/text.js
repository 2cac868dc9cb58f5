"use strict";
/* The text, with a line under every claim: lines of claims that overlap lie in lanes, the inner ones nearest the words. */

/** Return what is drawn under the text: claims and, below them, what was predicted of them. */
function drawnUnits(record) {
  const shared = record.claims.filter((claim) => !claim.by);
  const gold = shared.map((claim) => unit(claim, claim, false));
  const system = data.index.system;
  if (system === null) return gold;
  const met = shared.filter((claim) => claim.versions && claim.versions[system]);
  const spurious = record.claims.filter((claim) => claim.outcome && claim.by);
  const predicted = met.map((claim) => unit(claim, { ...claim, ...claim.versions[system] }, true));
  return [...gold, ...predicted, ...spurious.map((claim) => unit(claim, claim, true))];
}

function unit(claim, labels, predicted) {
  const spans = labels.spans;
  const size = spans.reduce((sum, [start, end]) => sum + end - start, 0);
  return { claim, spans, size, predicted, family: familyOf(labels.type), hull: [spans[0][0], spans.at(-1)[1]], lane: 0 };
}

/** Give each unit of a paragraph its lane; what was predicted lies below all of gold. */
function giveLanes(units) {
  let lanes = 0;
  for (const predicted of [false, true]) {
    const some = units.filter((each) => each.predicted === predicted);
    lanes = Math.max(lanes, ...clustered(some).map((cluster) => stack(cluster, lanes)));
  }
  return lanes;
}

/** Return units in groups of which none meets another. */
function clustered(units) {
  const clusters = [];
  let end = -1;
  for (const one of [...units].sort((a, b) => a.hull[0] - b.hull[0])) {
    if (one.hull[0] >= end) clusters.push([]);
    clusters.at(-1).push(one);
    end = Math.max(end, one.hull[1]);
  }
  return clusters;
}

/** Lay units below those shorter ones that they meet; return how many lanes there are then. */
function stack(units, base) {
  const placed = [];
  for (const one of units.sort((a, b) => a.size - b.size)) {
    const under = placed.filter((other) => meets(one.hull, other.hull)).map((other) => other.lane + 1);
    one.lane = Math.max(base, ...under);
    placed.push(one);
  }
  return Math.max(...units.map((one) => one.lane)) + 1;
}

function meets([start, end], [from, to]) {
  return start < to && from < end;
}

/** Return the stretches of a text that lie between line breaks. */
function paragraphsOf(text) {
  const found = [];
  let start = 0;
  for (const line of text.split("\n")) {
    if (line.trim()) found.push([start, start + line.length]);
    start += line.length + 1;
  }
  return found;
}

/** Draw a document's text; its first line may be its title. */
function drawText(text, record, titled) {
  const marks = {
    units: sweep(drawnUnits(record), (one) => one.hull),
    roles: sweep(rolesOf(record), (one) => one.span),
    hits: sweep(hitsIn(text)),
    others: sweep(record.claims.filter((claim) => claim.by).flatMap(placesOf)),
  };
  const lines = paragraphsOf(text).map((place) => drawParagraph(text, place, marksIn(place, marks)));
  if (titled) lines[0].className = "title";
  byId("text").replaceChildren(...lines);
}

function placesOf(claim) {
  return [...claim.spans, ...(claim.speaker || []), ...(claim.cue || [])];
}

/** Return a function to ask, place after place, which items meet each of them. */
function sweep(items, placeOf = (item) => item) {
  const waiting = [...items].sort((a, b) => placeOf(a)[0] - placeOf(b)[0]);
  let next = 0;
  let open = [];
  return (place) => {
    while (next < waiting.length && placeOf(waiting[next])[0] < place[1]) open.push(waiting[next++]);
    open = open.filter((item) => placeOf(item)[1] > place[0]);
    return open.filter((item) => meets(placeOf(item), place));
  };
}

function marksIn(place, marks) {
  return Object.fromEntries(Object.entries(marks).map(([name, met]) => [name, met(place)]));
}

/** Return the distinct places of speakers and cues. */
function rolesOf(record) {
  const found = new Map();
  for (const role of ["speaker", "cue"]) {
    for (const claim of record.claims.filter((one) => !one.by)) {
      for (const span of claim[role] || []) found.set(`${role}${span}`, { role, span });
    }
  }
  return [...found.values()];
}

function drawParagraph(text, place, marks) {
  const lanes = giveLanes(marks.units);
  const cuts = cutsOf(place, marks);
  const begun = new Map();
  for (const one of marks.units) begun.set(one.hull[0], [...(begun.get(one.hull[0]) || []), one]);
  const met = {
    units: sweep(marks.units, (one) => one.hull),
    roles: sweep(marks.roles, (one) => one.span),
    hits: sweep(marks.hits),
    others: sweep(marks.others),
  };
  const paragraph = make("p", { dir: "auto" });
  paragraph.style.setProperty("--lanes", lanes);
  for (let at = 0; at + 1 < cuts.length; at++) {
    const piece = [cuts[at], cuts[at + 1]];
    paragraph.append(...(begun.get(piece[0]) || []).map(drawLabel));
    paragraph.append(drawPiece(text.slice(...piece), piece, marksIn(piece, met), lanes));
  }
  return paragraph;
}

/** Return the places at which something begins or ends. */
function cutsOf(place, { units, roles, hits, others }) {
  const spans = [...units.flatMap((one) => one.spans), ...roles.map((one) => one.span), ...hits, ...others];
  const ends = spans.flat().filter((at) => at > place[0] && at < place[1]);
  return [...new Set([...place, ...ends])].sort((a, b) => a - b);
}

function drawPiece(words, piece, { units, roles, hits, others }, lanes) {
  if (!units.length && !roles.length && !hits.length && !others.length) return words;
  const names = ["piece", ...roles.map((one) => one.role), ...(hits.length ? ["hit"] : [])];
  const element = make("span", { className: names.join(" ") }, words);
  const covering = units.filter((one) => one.spans.some((span) => meets(span, piece)));
  element.dataset.claims = covering.filter((one) => !one.predicted).map((one) => one.claim.id).join("\n");
  element.dataset.place = piece.join(",");
  drawLines(element, units, covering, lanes);
  return element;
}

/** Draw the lines of claims as backgrounds, and the tint of the words; where a claim is interrupted, its line goes on as fine dots. */
function drawLines(element, inside, covering, lanes) {
  const below = (one) => `0 calc(100% - ${lanes - 1 - one.lane} * var(--step))`;
  const line = (one) => (covering.includes(one) ? `var(--line-${one.family})` : "var(--line-gap)");
  element.style.backgroundImage = [...inside.map(line), "linear-gradient(var(--tint), var(--tint))"].join(", ");
  element.style.backgroundPosition = [...inside.map(below), "0 0"].join(", ");
  const thick = (one) => `100% ${one.predicted ? "2px" : "4px"}`;
  element.style.backgroundSize = [...inside.map(thick), "100% calc(100% - var(--lanes) * var(--step))"].join(", ");
}

/** Draw the button before a claim that names its type; what was met by a prediction has one for both. */
function drawLabel({ claim, family, predicted }) {
  if (predicted && !claim.by) return "";
  const outcome = claim.outcome ? `${SIGNS[claim.outcome]} ` : "";
  const label = make("button", { type: "button", className: `label ${family}` }, `${outcome}${claim.type || "claim"}`);
  label.dataset.claim = claim.id;
  label.setAttribute("aria-label", `${claim.id}: ${claim.type || "claim"}${claim.outcome ? `, ${claim.outcome}` : ""}`);
  return label;
}

/** Mark what belongs to a claim: all its fragments, its speaker and its cue; no claim, nothing. */
function highlight(claim) {
  for (const piece of byId("text").querySelectorAll(".piece")) {
    const [start, end] = piece.dataset.place.split(",").map(Number);
    const within = (spans) => Boolean(claim) && (spans || []).some((span) => meets(span, [start, end]));
    piece.classList.toggle("on", within(claim && claim.spans));
    piece.classList.toggle("who", within(claim && claim.speaker));
    piece.classList.toggle("how", within(claim && claim.cue));
  }
  for (const label of byId("text").querySelectorAll(".label")) {
    label.setAttribute("aria-pressed", String(Boolean(claim) && label.dataset.claim === claim.id));
  }
}

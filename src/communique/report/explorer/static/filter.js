"use strict";
/* Filters: what is chosen of documents and of claims, held against every document and claim of the index. */

const OF_DOCUMENTS = [
  { name: "genre", title: "Genre" },
  { name: "storyline", title: "Storyline" },
  { name: "split", title: "Split" },
];

/** Return a test of claims' codes by what is chosen, null where nothing is. */
function claimTest() {
  const tests = data.index.facets.filter((facet) => state.chosen.has(facet.name)).map(facetTest);
  return tests.length ? (code) => tests.every((test) => test(code)) : null;
}

function facetTest(facet) {
  const chosen = state.chosen.get(facet.name);
  const places = facet.values.map((value, place) => (chosen.has(value) ? place : -1)).filter((place) => place >= 0);
  const mask = 2 ** facet.width - 1;
  if (facet.several) {
    const wanted = places.reduce((bits, place) => bits | (1 << place), 0);
    return (code) => (((code >> facet.shift) & mask & wanted) !== 0);
  }
  const wanted = new Set(places.map((place) => place + 1));
  return (code) => wanted.has((code >> facet.shift) & mask);
}

/** Return the documents that pass, each with the numbers of the claims that do, or null where all do. */
function filtered() {
  const test = claimTest();
  const found = [];
  data.documents.forEach((one, number) => {
    if (!OF_DOCUMENTS.every(({ name }) => !state.chosen.has(name) || state.chosen.get(name).has(one[name]))) return;
    const claims = test && passing(one.codes, test);
    if (!claims || claims.length) found.push({ number, claims, at: -1 });
  });
  return found;
}

function passing(codes, test) {
  const numbers = [];
  codes.forEach((code, number) => {
    if (test(code)) numbers.push(number);
  });
  return numbers;
}

/** Draw what may be chosen, with how many claims or documents have it; what none has is left out. */
function drawFacets() {
  const documents = OF_DOCUMENTS.map((facet) => ({ ...facet, ...tallied(facet.name) }));
  const offered = [...data.index.facets, ...documents].filter((facet) => facet.counts.some(Boolean));
  byId("facets").replaceChildren(...offered.map(drawFacet));
}

function tallied(name) {
  const counts = new Map();
  for (const one of data.documents) if (one[name] !== null) counts.set(one[name], (counts.get(one[name]) || 0) + 1);
  const values = [...counts.keys()].sort();
  return { values, counts: values.map((value) => counts.get(value)) };
}

function drawFacet(facet) {
  const there = facet.values.map((value, at) => [value, facet.counts[at]]).filter(([, count]) => count);
  const boxes = there.flatMap(([value, count], at) => [
    ...(facet.name === "type" && familyOf(value) !== familyOf((there[at - 1] || [])[0]) ? [drawFamily(familyOf(value))] : []),
    drawChoice(facet, value, count),
  ]);
  const set = make("fieldset", {}, make("legend", { className: "unseen" }, facet.title), ...boxes);
  const opened = state.chosen.has(facet.name) || facet.name === "type";
  return make("details", { open: opened, className: "facet" }, make("summary", {}, facet.title), set);
}

/** Draw the box that stands for all types of a family. */
function drawFamily(family) {
  const box = make("input", { type: "checkbox" });
  box.dataset.family = family;
  return make("label", { className: "choice family" }, box, make("span", { className: `line ${family}`, "aria-hidden": "true" }), family);
}

function typesOf(family) {
  return [...byId("facets").querySelectorAll("input[name=type]")].filter((box) => familyOf(box.value) === family);
}

function drawChoice(facet, value, count) {
  const box = make("input", { type: "checkbox", name: facet.name, value });
  const number = make("span", { className: "muted" }, ` ${count.toLocaleString("en")}`);
  const className = facet.name === "type" ? "choice type" : "choice";
  return make("label", { className }, box, make("span", {}, words(value), number));
}

/** Make the boxes say what is chosen. */
function showChosen() {
  byId("query").value = state.query;
  byId("scope").value = state.scope;
  const chosen = [...state.chosen.values()].reduce((sum, values) => sum + values.size, 0);
  byId("chosen").textContent = chosen ? `Filters, ${chosen} chosen` : "Filters";
  for (const box of byId("facets").querySelectorAll("input[name]")) {
    box.checked = Boolean(state.chosen.get(box.name) && state.chosen.get(box.name).has(box.value));
  }
  for (const box of byId("facets").querySelectorAll("input[data-family]")) {
    box.checked = typesOf(box.dataset.family).every((type) => type.checked);
  }
}

/** Let the box of a family choose all its types, or none. */
function chooseFamily(box) {
  if (box.dataset.family) for (const type of typesOf(box.dataset.family)) type.checked = box.checked;
}

/** Return what the boxes say. */
function readChosen() {
  const chosen = new Map();
  for (const box of byId("facets").querySelectorAll("input[name]:checked")) {
    chosen.set(box.name, (chosen.get(box.name) || new Set()).add(box.value));
  }
  return chosen;
}

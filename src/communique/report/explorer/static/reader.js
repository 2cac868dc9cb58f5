"use strict";
/* One document, read. */

const reader = { id: null, text: "", record: null, drawn: "" };

/** Draw the document that the address names; resolve to whether it was not drawn yet. */
async function read() {
  const number = data.numbers.get(state.doc);
  if (number === undefined) throw new Error(`There is no document ${state.doc} here.`);
  const [{ text }, record] = await Promise.all([textOf(number), recordOf(number)]);
  const wanted = address({ claim: null });
  if (state.doc !== data.documents[number].id || reader.drawn === wanted) return false;
  drawDocument(number, text, record);
  reader.drawn = wanted;
  return true;
}

function drawDocument(number, text, record) {
  const about = data.documents[number];
  Object.assign(reader, { id: about.id, text, record });
  byId("title").replaceChildren(words(about.title || about.id));
  drawFacts(about, record);
  drawSteps();
  drawText(text, record, about.title !== null);
  drawClaims(record, text, wantedClaims(about));
  drawLegend();
  byId("text").lang = record.language || "";
}

function drawFacts(about, record) {
  const facts = [about.id, record.collection, about.genre, about.storyline, about.split, about.date, record.publisher, record.license];
  const shown = facts.filter(Boolean).flatMap((fact, at) => [at ? " · " : "", words(fact)]);
  const link = make("a", { href: permanent(about.id) }, "Link to this document");
  byId("about").replaceChildren(...shown, " · ", link);
}

function wantedClaims(about) {
  const test = claimTest();
  return test && new Set(passing(about.codes, test));
}

/** Lead to the documents before and after among those that were found. */
function drawSteps() {
  const number = data.numbers.get(reader.id);
  const order = list.found.length ? list.found.map((one) => one.number) : data.documents.map((_, at) => at);
  const at = order.indexOf(number);
  byId("back").href = address({ doc: null, claim: null });
  step("before", at > 0 ? order[at - 1] : undefined);
  step("after", at >= 0 ? order[at + 1] : undefined);
}

function step(name, number) {
  byId(name).hidden = number === undefined;
  if (number !== undefined) byId(name).href = address({ doc: data.documents[number].id, claim: null });
}

function showClaim() {
  const claim = reader.record.claims.find((one) => one.id === state.claim);
  trouble(state.claim !== null && !claim ? `There is no claim ${state.claim} in this document.` : "");
  highlight(claim);
  for (const button of byId("claims").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(Boolean(claim) && button.dataset.claim === claim.id));
  }
  byId("claim").hidden = !claim;
  if (!claim) return;
  drawClaim(claim, reader);
  const piece = byId("text").querySelector(".piece.on");
  if (piece) piece.scrollIntoView({ block: "nearest" });
  const item = byId("claims").querySelector("[aria-pressed=true]");
  if (item) reveal(item, byId("claims"));
}

/** Scroll a list so that an item of it is seen, and nothing else. */
function reveal(item, box) {
  const [inner, outer] = [item.getBoundingClientRect(), box.getBoundingClientRect()];
  if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
}

/** Go to the claim so many further, of those that the filters ask for. */
function stepClaim(by) {
  const ids = [...byId("claims").querySelectorAll("li:not(.dim) button")].map((button) => button.dataset.claim);
  if (!ids.length) return;
  const at = ids.indexOf(state.claim);
  const next = at < 0 ? (by > 0 ? 0 : ids.length - 1) : Math.min(ids.length - 1, Math.max(0, at + by));
  go({ claim: ids[next] }, { step: false });
  showClaim();
}

/** Say what colours, lines and signs stand for. */
function drawLegend() {
  const families = new Map();
  for (const [type, family] of Object.entries(data.index.families)) families.set(family, [...(families.get(family) || []), type]);
  const lines = [...families].map(([family, types]) => legendLine(`line ${family}`, "", `${family}: ${types.join(", ")}`));
  const notes = [
    legendLine("speaker", "Speaker", "who is named as speaking"),
    legendLine("cue", "cue", "the words that say that something is said"),
    legendLine("line gap", "", "a claim goes on after other words"),
    legendLine("hit", "found", "what was searched for"),
  ];
  const outcomes = data.index.system === null ? [] : [make("li", {}, "Thick lines are gold, thin lines below them predicted. ", Object.entries(SIGNS).map(([name, sign]) => `${sign} ${name}`).join(", "))];
  byId("legend").replaceChildren(make("ul", {}, ...lines, ...notes, ...outcomes));
}

function legendLine(className, sample, meaning) {
  return make("li", {}, make("span", { className: `sample ${className}` }, sample), ` ${meaning}`);
}

"use strict";
/* Search: the words as they stand, in texts or in claims alone; capitals and the shape of quotation marks do not matter. */

const SHAPES = { "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "\u00a0": " ", "\n": " " };
const folds = new Map();

/** Return a text as it is searched: letter for letter as long as it was. */
function folded(text) {
  const lower = text.toLowerCase();
  const same = lower.length === text.length ? lower : Array.from(text, lowered).join("");
  return same.replace(/[’‘“”„–—\u00a0\n]/g, (mark) => SHAPES[mark]);
}

function lowered(letter) {
  const lower = letter.toLowerCase();
  return lower.length === letter.length ? lower : letter;
}

async function foldOf(number) {
  if (!folds.has(number)) {
    const { text, fragments } = await textOf(number);
    folds.set(number, { text: folded(text), fragments });
  }
  return folds.get(number);
}

/** Resolve to those of the documents that have the words; null if what is searched for changed meanwhile. */
async function searched(found, { query, scope }, stillWanted) {
  const wanted = folded(query.trim());
  if (!wanted) return found;
  const kept = [];
  for (const one of found) {
    const fold = folds.get(one.number) || (await foldOf(one.number));
    if (!stillWanted()) return null;
    const hit = scope === "claims" ? inClaims(one, fold, wanted) : inText(one, fold, wanted);
    if (hit) kept.push(hit);
  }
  return kept;
}

function inText(one, fold, wanted) {
  const at = fold.text.indexOf(wanted);
  return at < 0 ? null : { ...one, at };
}

function inClaims(one, fold, wanted) {
  const allowed = one.claims && new Set(one.claims);
  const hits = new Map();
  for (const [claim, start, end] of fold.fragments) {
    if (allowed && !allowed.has(claim)) continue;
    const at = fold.text.slice(start, end).indexOf(wanted);
    if (at >= 0 && !hits.has(claim)) hits.set(claim, start + at);
  }
  return hits.size ? { ...one, claims: [...hits.keys()], at: Math.min(...hits.values()) } : null;
}

/** Ask for all files that a search will read, so that they come together. */
function fetchAhead(found) {
  const chunks = new Set(found.map((one) => Math.floor(one.number / data.index.chunk)));
  return Promise.all([...chunks].map((chunk) => communique.load("texts", chunk)));
}

/** Return all places of the searched words in a text. */
function hitsIn(text) {
  const wanted = folded(state.query.trim());
  const places = [];
  const fold = wanted ? folded(text) : "";
  for (let at = wanted ? fold.indexOf(wanted) : -1; at >= 0; at = fold.indexOf(wanted, at + wanted.length)) {
    places.push([at, at + wanted.length]);
  }
  return places;
}

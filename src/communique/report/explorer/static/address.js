"use strict";
/* The address: what is filtered, searched and shown stands behind its #, so that links and the back button hold. */

const state = { query: "", scope: "texts", chosen: new Map(), doc: null, claim: null };
const FIXED = ["q", "in", "doc", "claim"];

/** Take the state from the address. */
function readAddress() {
  const told = new URLSearchParams(location.hash.slice(1));
  state.query = told.get("q") || "";
  state.scope = told.get("in") === "claims" ? "claims" : "texts";
  state.doc = told.get("doc");
  state.claim = told.get("claim");
  state.chosen = new Map();
  for (const name of new Set(told.keys())) {
    if (!FIXED.includes(name)) state.chosen.set(name, new Set(told.getAll(name)));
  }
}

/** Return the address of the state with some of it changed. */
function address(changes = {}) {
  const wanted = { ...state, ...changes };
  const told = new URLSearchParams();
  if (wanted.query) told.set("q", wanted.query);
  if (wanted.query && wanted.scope === "claims") told.set("in", "claims");
  for (const [name, values] of wanted.chosen) for (const value of values) told.append(name, value);
  if (wanted.doc !== null) told.set("doc", wanted.doc);
  if (wanted.claim !== null) told.set("claim", wanted.claim);
  return `#${told}`;
}

/** Return the address of a document or claim by itself: it holds whatever is filtered. */
function permanent(doc, claim = null) {
  return address({ query: "", chosen: new Map(), doc, claim });
}

/** Go where the address is that of the changed state; a new step for the back button, or the same one. */
function go(changes, { step = true } = {}) {
  const wanted = address(changes);
  if (step) location.hash = wanted;
  else {
    history.replaceState(null, "", wanted);
    readAddress();
  }
}

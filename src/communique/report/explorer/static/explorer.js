"use strict";
/* What happens when: the address changes, something is chosen, typed or pressed. */

const TYPING = 150;
let typing = 0;
let listed = null;

const NAME = document.title;

/** Show what the address asks for. */
async function route() {
  readAddress();
  trouble("");
  const reading = state.doc !== null;
  if (reading && !byId("browse").hidden) list.scroll = scrollY;
  await listAgain(reading && state.query);
  const drawn = reading && (await read());
  showPart(reading, drawn);
}

/** Find anew if other things are asked for; where a document is waited for, a search goes on beside it. */
async function listAgain(beside) {
  const wanted = address({ doc: null, claim: null });
  if (wanted === listed) return;
  listed = wanted;
  showChosen();
  const finding = find();
  if (beside) finding.then(drawSteps).catch((error) => trouble(error.message));
  else await finding;
}

/** Show the list, where it was left, or the document: a new one from its top, or from the claim that is asked for. */
function showPart(reading, drawn) {
  const returning = !reading && byId("browse").hidden;
  byId("browse").hidden = reading;
  byId("reader").hidden = !reading;
  document.title = reading ? `${byId("title").textContent} – ${NAME}` : NAME;
  if (returning) scrollTo(0, list.scroll);
  if (drawn) scrollTo(0, 0);
  if (drawn && state.claim === null) byId("title").focus({ preventScroll: true });
  if (reading) showClaim();
}

function routed() {
  return route().catch((error) => trouble(error.message));
}

/** Take over what is typed or chosen; no new step for the back button, so that it leaves the list. */
function choose() {
  go({ query: byId("query").value, scope: byId("scope").value, chosen: readChosen() }, { step: false });
  routed();
}

function chooseSoon() {
  clearTimeout(typing);
  typing = setTimeout(choose, TYPING);
}

function clearAll() {
  go({ query: "", scope: "texts", chosen: new Map() }, { step: false });
  routed();
}

/** Go to the claim whose label, list item or words were pressed; of several claims, the innermost. */
function press(event) {
  const button = event.target.closest("[data-claim]");
  if (button) return openClaim(button.dataset.claim);
  const piece = event.target.closest(".piece");
  if (!piece || !piece.dataset.claims || String(getSelection())) return undefined;
  const claims = reader.record.claims.filter((claim) => piece.dataset.claims.split("\n").includes(claim.id));
  const length = (claim) => claim.spans.reduce((sum, [start, end]) => sum + end - start, 0);
  return openClaim(claims.sort((a, b) => length(a) - length(b))[0].id);
}

function openClaim(id) {
  go({ claim: id });
}

function closeClaim() {
  const before = state.claim;
  go({ claim: null });
  const button = [...byId("claims").querySelectorAll("button")].find((one) => one.dataset.claim === before);
  if (button) button.focus();
}

const KEYS = {
  j: () => stepClaim(1),
  k: () => stepClaim(-1),
  n: () => byId("after").hidden || byId("after").click(),
  p: () => byId("before").hidden || byId("before").click(),
  Escape: () => (state.claim === null ? byId("back").click() : closeClaim()),
};

function keyed(event) {
  const busy = event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey;
  if (busy) return;
  if (event.key === "/") {
    event.preventDefault();
    toSearch();
  } else if (state.doc !== null && Object.hasOwn(KEYS, event.key)) KEYS[event.key]();
}

async function toSearch() {
  if (state.doc !== null) {
    go({ doc: null, claim: null });
    await routed();
  }
  byId("query").focus();
}

function listen() {
  window.addEventListener("hashchange", routed);
  document.addEventListener("keydown", keyed);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("query").addEventListener("input", chooseSoon);
  byId("scope").addEventListener("change", choose);
  byId("facets").addEventListener("change", (event) => {
    chooseFamily(event.target);
    choose();
  });
  byId("clear").addEventListener("click", clearAll);
  byId("more").addEventListener("click", showMore);
  byId("text").addEventListener("click", press);
  byId("claims").addEventListener("click", press);
  byId("claim").addEventListener("click", (event) => event.target.id === "shut" && closeClaim());
  byId("labels").addEventListener("change", () => byId("text").classList.toggle("bare", !byId("labels").checked));
}

async function begin() {
  await loadIndex();
  if (matchMedia("(max-width: 52rem)").matches) byId("choices").open = false;
  readAddress();
  drawFacets();
  listen();
  await routed();
  document.body.dataset.ready = "yes";
}

begin().catch((error) => trouble(error.message));

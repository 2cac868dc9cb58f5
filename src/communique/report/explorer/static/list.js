"use strict";
/* The list of what was found. */

const SHOWN = 50;
const list = { found: [], shown: 0, run: 0, scroll: 0 };

/** Find what the address asks for and list it. */
async function find() {
  const run = ++list.run;
  const wanted = { query: state.query, scope: state.scope };
  const passed = filtered();
  if (wanted.query.trim()) {
    if (!folds.size) byId("count").textContent = "Reading the texts …";
    await fetchAhead(passed);
  }
  const found = await searched(passed, wanted, () => run === list.run);
  if (found && run === list.run) showFound(found);
}

function showFound(found) {
  list.found = found;
  list.shown = 0;
  byId("results").replaceChildren();
  byId("count").textContent = told(found);
  showMore();
}

/** Say how much was found. */
function told(found) {
  const claims = found.reduce((sum, one) => sum + (one.claims || data.documents[one.number].codes).length, 0);
  const all = counted(data.documents.length, "document");
  const documents = found.length === data.documents.length ? all : `${found.length.toLocaleString("en")} of ${all}`;
  return `${counted(claims, "claim")} in ${documents}`;
}

function showMore() {
  const next = list.found.slice(list.shown, list.shown + SHOWN);
  list.shown += next.length;
  byId("results").append(...next.map(drawResult));
  const left = list.found.length - list.shown;
  byId("more").hidden = !left;
  byId("more").textContent = `Show more, ${left.toLocaleString("en")} left`;
}

function drawResult(one) {
  const { id, title, genre, storyline, split, date, codes } = data.documents[one.number];
  const link = make("a", { href: address({ doc: id, claim: null }), className: "name" }, words(title || id));
  const facts = [title && id, genre, storyline, split, date].filter(Boolean).flatMap((fact, at) => [at ? " · " : "", words(fact)]);
  const item = make("li", {}, link, make("div", { className: "muted" }, ...facts));
  const snippet = make("div", { className: "snippet" });
  if (one.at >= 0) textOf(one.number).then(({ text }) => snippet.append(...drawSnippet(text, one.at)));
  item.append(snippet, one.claims ? drawMatching(one, id) : make("div", { className: "muted" }, counted(codes.length, "claim")));
  return item;
}

function drawSnippet(text, at) {
  const end = at + state.query.trim().length;
  const from = Math.max(0, at - 60);
  const around = [text.slice(from, at), text.slice(at, end), text.slice(end, end + 90)].map((part) => part.replaceAll("\n", " "));
  return [from ? "… " : "", around[0], make("mark", {}, around[1]), around[2], " …"];
}

/** Draw the claims of a document that were asked for, read when they are unfolded. */
function drawMatching(one, id) {
  const lines = make("ol", { className: "matching" });
  const fold = make("details", {}, make("summary", {}, counted(one.claims.length, "matching claim")), lines);
  const fill = async () => {
    const [{ text }, record] = await Promise.all([textOf(one.number), recordOf(one.number)]);
    lines.replaceChildren(...one.claims.map((number) => drawMatch(record.claims[number], id, text)));
  };
  fold.addEventListener("toggle", () => fill().catch((error) => trouble(error.message)), { once: true });
  return fold;
}

function drawMatch(claim, id, text) {
  const link = make("a", { href: address({ doc: id, claim: claim.id }) }, ...quoted(claim.spans, text));
  return make("li", {}, ...typed(claim.type), " ", make("span", { className: "muted" }, ...named(claim.holders)), " ", link);
}

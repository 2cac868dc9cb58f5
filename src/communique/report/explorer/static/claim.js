"use strict";
/* One claim: who says it, how, to whom, and what others who read the text say of it. */

const SIGNS = { hit: "✓", "wrong type": "≠", missed: "✗", "predicted only": "+" };

const FIELDS = [
  ["Holder", "holders", named],
  ["Speaker", "speaker", quoted],
  ["Cue", "cue", quoted],
  ["Type", "type", typed],
  ["Also", "also", typed],
  ["Form", "form", plainly],
  ["Aimed at", "targets", named],
  ["Conditional", "conditional", flagged],
  ["Negated", "negated", flagged],
  ["Words", "spans", quoted],
];

function named(entities) {
  return (entities || []).flatMap(([name, kind], at) => [at ? "; " : "", words(name), ` (${kind})`]);
}

function quoted(spans, text) {
  return spans ? [words(spans.map((span) => text.slice(...span)).join(" … "))] : [];
}

function typed(type) {
  return type ? [make("span", { className: `line ${familyOf(type)}`, "aria-hidden": "true" }), `${type} · ${familyOf(type)}`] : [];
}

function plainly(value) {
  return value ? [value] : [];
}

function flagged(value) {
  return [value ? "yes" : "no"];
}

/** Draw the panel of a claim. */
function drawClaim(claim, { id, text, record }) {
  const versions = Object.entries(claim.versions || {});
  const shut = make("button", { type: "button", id: "shut" }, "Close");
  const heading = make("h2", {}, "Claim ", words(claim.id));
  const link = make("a", { href: permanent(id, claim.id), id: "permanent" }, "Link to this claim");
  const said = make("blockquote", {}, ...quoted(claim.spans, text));
  const parts = [make("div", { className: "tools" }, heading, link, shut), said, ...drawOutcome(claim)];
  parts.push(...drawVersions(claim, versions), drawTable(claim, versions, text), ...drawNesting(claim, record));
  byId("claim").replaceChildren(...parts);
  byId("claim").hidden = false;
}

function drawOutcome(claim) {
  const told = [];
  if (claim.outcome) told.push(`${SIGNS[claim.outcome]} ${claim.outcome}`);
  if (claim.differ) told.push(`annotators differ in ${claim.differ.join(", ")}`);
  return told.length ? [make("p", { className: "outcome" }, told.join("; "))] : [];
}

/** Draw what is said of a claim, and below it who says otherwise. */
function drawTable(claim, versions, text) {
  const there = versions.filter(([, version]) => version);
  const rows = FIELDS.map((field) => drawRow(field, claim, there, text)).filter(Boolean);
  return make("table", {}, make("tbody", {}, ...rows));
}

function drawRow([title, key, shown], claim, versions, text) {
  const differing = versions.filter(([, version]) => key in version);
  if (!differing.length && (claim[key] === undefined || key === "spans")) return null;
  const others = differing.map(([name, version]) =>
    make("div", { className: "differs" }, "≠ ", words(name), ": ", ...orNothing(shown(version[key], text))),
  );
  const own = make("div", {}, ...orNothing(shown(claim[key], text)));
  return make("tr", {}, make("th", { scope: "row" }, title), make("td", {}, own, ...others));
}

/** Say whose labels these are, who says the same where nothing else stands, and who has no such claim. */
function drawVersions(claim, versions) {
  if (claim.by) return [make("p", { className: "outcome" }, "Found by ", words(claim.by), " alone")];
  const [there, lacking] = [true, false].map((has) => versions.filter(([, one]) => Boolean(one) === has).map(([name]) => name));
  const lines = [];
  if (versions.length) lines.push(make("p", { className: "muted" }, `The labels are ${goldName(versions)}${there.length ? "; " : "."}`, ...enumerated(there), there.length ? " the same unless marked ≠." : ""));
  if (lacking.length) lines.push(make("p", { className: "differs" }, "≠ No such claim: ", ...enumerated(lacking)));
  return lines;
}

function goldName(versions) {
  return versions.some(([name]) => name !== data.index.system) ? "adjudicated" : "gold";
}

function enumerated(names) {
  return names.flatMap((name, at) => [at ? ", " : "", words(name)]);
}

function orNothing(parts) {
  return parts.length ? parts : ["–"];
}

function drawNesting(claim, record) {
  const lines = [];
  const inner = record.claims.filter((one) => one.parent === claim.id && !one.by);
  if (claim.parent) lines.push(make("p", {}, "Said within ", claimLink(claim.parent)));
  if (inner.length) lines.push(make("p", {}, "Holds ", ...inner.flatMap((one, at) => [at ? ", " : "", claimLink(one.id)])));
  return lines;
}

function claimLink(id) {
  return make("a", { href: address({ claim: id }) }, `claim ${id}`);
}

/** Draw the list of a document's claims; those that the filters do not ask for are dim. */
function drawClaims(record, text, wanted) {
  const items = record.claims.map((claim, number) => drawItem(claim, text, !wanted || wanted.has(number)));
  byId("claims").replaceChildren(...items);
}

function drawItem(claim, text, asked) {
  const family = familyOf(claim.type);
  const type = make("span", { className: "type" }, make("span", { className: `line ${family}`, "aria-hidden": "true" }), claim.type || "claim");
  const who = make("span", { className: "holder" }, ...orNothing(named(claim.holders)));
  const notes = [claim.outcome && `${SIGNS[claim.outcome]} ${claim.outcome}`, claim.by && !claim.outcome && `only ${claim.by}`, claim.differ && "annotators differ"];
  const told = notes.filter(Boolean).map((note) => make("span", { className: "note" }, note));
  const button = make("button", { type: "button" }, make("span", { className: "id" }, claim.id), type, who, ...told, make("span", { className: "said" }, ...quoted(claim.spans, text)));
  button.dataset.claim = claim.id;
  return make("li", { className: `${asked ? "" : "dim"}${claim.parent ? " inner" : ""}` }, button);
}

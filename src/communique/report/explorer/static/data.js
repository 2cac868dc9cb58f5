"use strict";
/* Data files: scripts that hand over what they hold, loaded when they are first asked for. */

const communique = {
  files: new Map(),
  waiting: new Map(),

  /** Called by every data file. */
  add(kind, number, content) {
    this.files.set(`${kind}-${number}`, content);
  },

  /** Resolve to what a data file holds. */
  load(kind, number) {
    const name = `${kind}-${number}`;
    if (!this.waiting.has(name)) this.waiting.set(name, this.fetched(name));
    return this.waiting.get(name);
  },

  fetched(name) {
    return new Promise((resolve, reject) => {
      const script = make("script", { src: `data/${name}.js` });
      const failed = () => reject(new Error(`data/${name}.js cannot be read; write the pages again`));
      script.addEventListener("load", () => (this.files.has(name) ? resolve(this.files.get(name)) : failed()));
      script.addEventListener("error", failed);
      document.head.append(script);
    });
  },
};

const COLUMNS = ["id", "title", "genre", "storyline", "split", "date", "length", "codes"];
const data = { index: null, documents: [], numbers: new Map() };

/** Load the index: a row for each document, and the facets of claims. */
async function loadIndex() {
  data.index = await communique.load("index", 0);
  data.documents = data.index.documents.map((row) => Object.fromEntries(row.map((cell, at) => [COLUMNS[at], cell])));
  data.documents.forEach((one, number) => data.numbers.set(one.id, number));
}

/** Resolve to what a file of one kind holds of a document. */
async function partOf(kind, number) {
  const chunk = await communique.load(kind, Math.floor(number / data.index.chunk));
  return chunk[number % data.index.chunk];
}

/** Resolve to the text of a document and the fragments of its claims. */
async function textOf(number) {
  const [text, fragments] = await partOf("texts", number);
  return { text, fragments };
}

/** Resolve to what is said of a document and its claims. */
function recordOf(number) {
  return partOf("documents", number);
}

function familyOf(type) {
  return data.index.families[type] || "untyped";
}

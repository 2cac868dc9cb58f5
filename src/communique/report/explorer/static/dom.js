"use strict";
/* Elements. Whatever comes from data becomes text, never markup. */

/** Return an element with properties, attributes (names with a dash) and children; strings become text. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "dir" || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

function byId(id) {
  return document.getElementById(id);
}

/** Return words that a reader has asked for, in the direction they are written in, apart from what stands around. */
function words(text, className = "") {
  return make("bdi", { className }, text);
}

/** Return how many of a thing there are, in words. */
function counted(number, thing) {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}

/** Show what went wrong, or nothing. */
function trouble(told) {
  const place = byId("trouble");
  place.hidden = !told;
  place.textContent = told;
}

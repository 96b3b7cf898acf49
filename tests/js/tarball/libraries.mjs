// Where each example draws things: a copy of one entry is the start of the next. `at` gives the steps to the element of a path of the answers (selectors, each within
// the one before, with the number of the one that is meant), `add` those to the button that adds a row. `parts`: points and measures are several inputs.
// `bound`: the form is bound, not drawn by a library; `page`: which page shows an entry.

const dots = (path) => path.join(".");
const brackets = (path) => path.reduce((text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`), "");
const byBrackets = { at: (path) => [[`[name="${brackets(path)}"]`, 0]], add: (path) => [[`[data-add="${brackets(path)}"]`, 0]] };
const byDots = { at: (path) => [[`[name="${dots(path)}"]`, 0]], add: (path) => [[`[data-add="${dots(path)}"]`, 0]] };
const lines = (path) => ["root", ...path].join("_");

export const LIBRARIES = {
  // No library: `bind` shows an error summary, and has a live region of its own.
  plain: {
    bound: true,
    page: ({ name }) => (name === "hotel" ? "index.html" : "drawn.html"),
    ...byBrackets,
    add: (path) => [[`[data-rules-add="${dots(path)}"]`, 0]],
  },
  "react-hook-form": byDots,
  "tanstack-form": byBrackets,
  "vee-validate": byBrackets,
  vant: byDots,
  "element-plus": byDots,
  rjsf: {
    parts: true,
    at: (path) => [[`[id="${lines(path)}"]`, 0]],
    add: (path) => [[`[id="${lines(path)}__add"]`, 0]],
  },
  jsonforms: {
    parts: true,
    at: (path) => [[`[data-path="${dots(path)}"]`, 0]],
    add: (path) => [[`[data-add="${dots(path)}"]`, 0]],
  },
  formio: {
    at: (path) => [[`[name^="data[${path.join("][")}]"]`, 0]],
    add: ([name]) => [[`.formio-component-${name} tfoot button`, 0]],
  },
  surveyjs: {
    parts: true,
    at: ([first, row, ...rest]) => (typeof row === "number" ? [[`[data-name="${first}"]`, 0], [".sd-paneldynamic__panel-wrapper", row], ...within(rest)] : within([first, row])),
    add: ([name]) => [[`[data-name="${name}"]`, 0], [".sd-paneldynamic__add-btn", 0]],
  },
};

/** The inputs of a measure and of a point, in the order in which they stand. */
const PARTS = [["value", "tolerance"], ["lng", "lat", "accuracy", "crs"]];

function within([name, part]) {
  const question = [[`[data-name="${name}"]`, 0]];
  return part === undefined ? question : [...question, ["input", PARTS.find((parts) => parts.includes(part)).indexOf(part)]];
}

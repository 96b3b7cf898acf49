// Rows that are added and removed. In: a container `data-rules-list="guests"` with a `<template>` whose names hold `guests[]` and whose ids hold `[]`.
// Out: rows numbered from 0 in the order of the document. Ids keep the number that they were made with, so nothing refers to another row's.

let made = 0;

const NAMES = ["name", "data-rules-list", "data-rules-add", "data-rules-none"];
const IDS = ["id", "for", "aria-describedby", "aria-labelledby", "aria-controls", "list"];

/** Every element of a row: those of templates inside of it, too. */
function* inside(root: Element | DocumentFragment): Iterable<Element> {
  if (root instanceof Element) {
    yield root;
  }
  for (const element of Array.from(root.querySelectorAll("*"))) {
    yield element;
    if (element.localName === "template") {
      yield* inside((element as HTMLTemplateElement).content);
    }
  }
}

function change(root: Element, names: readonly string[], to: (value: string) => string): void {
  for (const element of inside(root)) {
    for (const name of names) {
      const value = element.getAttribute(name);
      if (value !== null) {
        const next = to(value);
        if (next !== value) {
          element.setAttribute(name, next);
        }
      }
    }
  }
}

/** The rows of a list's container. */
export function rowsOf(list: Element): HTMLElement[] {
  return (Array.from(list.children) as HTMLElement[]).filter((one) => one.hasAttribute("data-rules-row"));
}

/** Numbers the rows anew. Radios keep what is chosen: a name is changed only where it differs, from the first row to the last. */
function renumber(list: HTMLElement): void {
  const name = list.dataset["rulesList"]!;
  rowsOf(list).forEach((row, number) => {
    const start = `${name}[`;
    change(row, NAMES, (value) => (value.startsWith(start) ? `${start}${number}${value.slice(value.indexOf("]", start.length))}` : value));
    count(row, number);
  });
}

/** Writes the row's number, counted from 1, where the page wants it. */
function count(row: HTMLElement, number: number): void {
  row.querySelectorAll("[data-rules-number]").forEach((element) => {
    if (element.closest("[data-rules-row]") === row) {
      element.textContent = String(number + 1);
    }
  });
}

/** Adds a row at the end, from the container's template. */
export function addRow(list: HTMLElement): HTMLElement | undefined {
  const template = Array.from(list.children).find((one): one is HTMLTemplateElement => one.localName === "template");
  const first = template?.content.firstElementChild;
  if (!first) {
    return undefined;
  }
  const name = list.dataset["rulesList"]!;
  const row = document.importNode(first, true) as HTMLElement;
  row.setAttribute("data-rules-row", "");
  const serial = String(++made);
  const number = rowsOf(list).length;
  change(row, NAMES, (value) => (value.startsWith(`${name}[]`) ? `${name}[${number}]${value.slice(name.length + 2)}` : value));
  change(row, IDS, (value) => value.split(" ").map((id) => id.replace("[]", serial)).join(" "));
  count(row, number);
  list.append(row);
  return row;
}

/** Removes a row; those behind it move up. Gives what should have the focus next. */
export function removeRow(row: HTMLElement): { list: HTMLElement; number: number; next: HTMLElement | undefined } | undefined {
  const list = row.parentElement;
  if (!list || list.dataset["rulesList"] === undefined) {
    return undefined;
  }
  const rows = rowsOf(list);
  const number = rows.indexOf(row);
  row.remove();
  renumber(list);
  return { list, number, next: rows[number + 1] ?? rows[number - 1] };
}

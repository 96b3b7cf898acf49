// Elements made in code: text is always text, never markup. In: names, attributes, children. Out: an element.

export type Child = Node | string | null | undefined | false;

/** Makes an element. */
export function make<Name extends keyof HTMLElementTagNameMap>(name: Name, attributes: Record<string, string | undefined>, ...children: Child[]): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

/** Seen by nobody, read by screen readers. Set through properties, which a content security policy does not forbid. */
export function hide(element: HTMLElement): void {
  Object.assign(element.style, { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)", whiteSpace: "nowrap" });
}

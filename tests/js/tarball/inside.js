// Runs in the page, as a classic script: finds controls, answers them as a person does, listens like a screen reader, and reports the order of the focus.
(() => {
  const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

  async function find(steps, time = 10_000) {
    const end = performance.now() + time;
    for (;;) {
      let element = document;
      for (const [selector, number] of steps) element = [...(element?.querySelectorAll(selector) ?? [])][number];
      if (element) return element;
      if (performance.now() > end) throw new Error(`nothing at ${JSON.stringify(steps)}`);
      await pause(20);
    }
  }

  const labelOf = (input) => (input.labels?.[0]?.textContent ?? input.getAttribute("aria-label") ?? "").trim();
  const write = (input, value) => {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value").set.call(input, value);
    for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
  };

  /** Answers one question: by the words of its options, or by text. */
  async function answer(steps, { labels, text, iso }) {
    const root = await find(steps);
    const all = [root, ...root.querySelectorAll("input, select, textarea")].filter((one) => one.matches("input, select, textarea"));
    const [control] = all;
    if (!control) throw new Error(`no control at ${JSON.stringify(steps)}`);
    control.focus();
    if (control.localName === "select") {
      const option = [...control.options].find((one) => one.label.trim() === labels[0]);
      if (!option) throw new Error(`no option ${labels[0]} at ${JSON.stringify(steps)}`);
      write(control, option.value);
    } else if (["radio", "checkbox"].includes(control.type)) {
      // Checkboxes of one question may stand side by side with one name.
      const choices = all.length > 1 ? all : [...document.querySelectorAll(`input[name="${CSS.escape(control.name)}"]`)];
      for (const label of labels) {
        const choice = choices.find((one) => labelOf(one) === label);
        if (!choice) throw new Error(`no choice ${label} at ${JSON.stringify(steps)}`);
        choice.click();
      }
    } else if (["date", "datetime-local"].includes(control.type)) {
      write(control, control.type === "date" ? iso.slice(0, 10) : iso.slice(0, 16));
    } else {
      control.select();
      document.execCommand("insertText", false, text);
    }
    document.activeElement?.blur();
    await pause(0);
  }

  /** What a screen reader would say: each new text of a live region, once for each time that it changes. */
  const said = [];
  const last = new WeakMap();
  const LIVE = "[role=status], [role=alert], [role=log], output, [aria-live=polite], [aria-live=assertive]";
  const note = (region) => {
    const text = region.textContent.trim();
    if (!region.isConnected || last.get(region) === text) return;
    last.set(region, text);
    if (text !== "") said.push(text);
  };
  function listen() {
    for (const region of document.querySelectorAll(LIVE)) last.set(region, region.textContent.trim());
    new MutationObserver((records) => {
      const regions = new Set();
      for (const { target, addedNodes } of records) {
        const around = (target.nodeType === 1 ? target : target.parentElement)?.closest(LIVE);
        if (around) regions.add(around);
        for (const node of addedNodes) {
          if (node.nodeType !== 1) continue;
          if (node.matches(LIVE)) regions.add(node);
          for (const region of node.querySelectorAll(LIVE)) regions.add(region);
        }
      }
      regions.forEach(note);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  }

  const focusable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  /** The element that has the focus: where it stands in the document and on the screen, and what is said of it. */
  function focused() {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const { left, top, height } = element.getBoundingClientRect();
    const described = (element.getAttribute("aria-describedby") ?? "").split(/\s+/).map((id) => (id && document.getElementById(id)?.textContent) || "").join(" ").trim();
    // A frame or a shadow, of itself or of what it is drawn by.
    const around = [element, element.parentElement, element.parentElement.parentElement, ...(element.labels ?? [])].map((one) => getComputedStyle(one));
    const ring = around.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none");
    return { ring, order: [...document.querySelectorAll("*")].indexOf(element), left: left + scrollX, top: top + scrollY, height, name: labelOf(element) || element.textContent.trim().slice(0, 40), described, invalid: element.getAttribute("aria-invalid") === "true", summary: element.hasAttribute("data-rules-summary") };
  }
  /** The stops that the Tab key should make, by their place in the document: every control in sight, of radios with one name one. */
  function stops() {
    const groups = new Set();
    const all = [...document.querySelectorAll("*")];
    const wanted = [...document.querySelectorAll(focusable)].filter((element) => {
      // A radio may be drawn by its label, and itself be transparent.
      if (![element, ...(element.labels ?? [])].some(shown) || element.disabled || element.tabIndex < 0) return false;
      if (element.type !== "radio") return true;
      const chosen = document.querySelector(`input[type=radio][name="${CSS.escape(element.name)}"]:checked`);
      if (chosen) return chosen === element;
      return !groups.has(element.name) && Boolean(groups.add(element.name));
    });
    return wanted.map((element) => ({ order: all.indexOf(element), html: element.outerHTML.slice(0, 200) }));
  }

  async function axe() {
    const { violations } = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return violations.map((one) => `${one.id}: ${one.help} — ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`);
  }

  /** The focus, once it is somewhere: a page that draws itself anew may lose it for a moment. */
  async function rests(time = 3_000) {
    const end = performance.now() + time;
    while (!focused() && performance.now() < end) await pause(20);
    return focused();
  }

  globalThis.inside = {
    find, answer, listen, focused, rests, stops, axe,
    click: async (steps) => (await find(steps)).click(),
    focus: async (steps) => (await find(steps)).focus(),
    said: async (time) => {
      await pause(time);
      return said.splice(0);
    },
    times: (text) => document.body.innerText.split(text).length - 1,
    wrong: () => document.querySelectorAll("[aria-invalid=true], .error").length,
    bound: () => {
      const { answers, report } = globalThis.binding;
      return document.querySelector("#sent").textContent.includes(report.digest) ? { answers, digest: report.digest } : null;
    },
    findings: () => [...document.querySelectorAll("[data-rule]")].map((one) => one.dataset.rule),
  };
})();

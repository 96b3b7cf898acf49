// The examples of form libraries, each installed from the packed package into an empty project, in Chromium and Firefox: the hotel entry and the venue entry are
// filled in, and the findings are those of the command line; axe-core, order of the focus, announcements.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "@weibao/rules";
import { writtenAnswer } from "@weibao/rules/typed";
import { rules } from "../lib/bundles.mjs";
import { BROWSERS, openPage } from "./browsers.mjs";
import { LIBRARIES } from "./libraries.mjs";
import { buildProjects } from "./project.mjs";
import { serve } from "./serve.mjs";

const repo = fileURLToPath(new URL("../../../", import.meta.url));
const BUNDLES = process.env.RULES_BUNDLES ?? `${repo}target/bundles`;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const INSIDE = readFileSync(new URL("inside.js", import.meta.url), "utf8");
const DAY = "2026-03-02";
const ENTRIES = ["hotel", "venue"].map((name) => {
  const { answers, jurisdiction = "000000" } = JSON.parse(readFileSync(`${repo}web-demo/src/samples/${name}.json`, "utf8"));
  return { name, answers, place: jurisdiction };
});
const SUBMIT = "[type=submit], [name='data[submit]'], .sd-navigation__complete-btn";
// EXAMPLES=rjsf,surveyjs runs some of them.
const NAMES = Object.keys(LIBRARIES).filter((name) => !process.env.EXAMPLES || process.env.EXAMPLES.split(",").includes(name));

function checked({ name, place }, answers) {
  const args = ["check", "--ruleset", `${BUNDLES}/${name}.rules.json`, "--input", "-", "--as-of", DAY, "--jurisdiction", place, "--format", "json"];
  try {
    return JSON.parse(rules(args, { input: JSON.stringify(answers), stdio: ["pipe", "pipe", "inherit"] }));
  } catch (error) {
    // The exit status is the verdict.
    return JSON.parse(error.stdout);
  }
}
const findingsOf = ({ verdict }) => verdict.findings.map(({ rule, item, outcome, reason }) => ({ rule, item, outcome, reason }));

let projects;
before(async () => { projects = await buildProjects(NAMES); });
after(() => projects?.remove());

/** What a person enters for a value: words to choose, or text. */
function entered(field, value) {
  if (field.type === "boolean") return { labels: [value ? "是" : "否"] };
  if (field.options) return { labels: [value].flat().map((code) => field.options.find((one) => one.code === code).label.zh) };
  return { text: writtenAnswer(field, value), iso: String(value) };
}

function* steps(library, fields, answers, path = []) {
  for (const field of fields) {
    const value = answers[field.name];
    const at = [...path, field.name];
    if (value === undefined) continue;
    if (field.fields) {
      for (const [number, row] of value.entries()) {
        yield { add: library.add(at) };
        yield* steps(library, field.fields, row, [...at, number]);
      }
    } else if (library.parts && ["measure", "point"].includes(field.type)) {
      for (const [part, one] of Object.entries(value)) yield { at: library.at([...at, part]), enter: { text: String(one), labels: [String(one)] } };
    } else yield { at: library.at(at), enter: entered(field, value) };
  }
}

// Two cores, two browsers, and one page in each: a second one would be behind the first, where Firefox lets it wait.
describe("examples", { concurrency: 2 }, () => {
  for (const [browserName, start] of Object.entries(BROWSERS)) {
    describe(browserName, { concurrency: 1 }, () => {
      let browser;
      let server;
      before(async () => { [browser, server] = await Promise.all([start(), serve(projects.folders)]); });
      after(() => Promise.all([browser?.close(), server?.stop()]));

      for (const name of NAMES) {
        for (const entry of ENTRIES) {
          test(`${name}: ${entry.name}`, async () => {
            const library = LIBRARIES[name];
            const { page, faults } = await openPage(browser);
            const address = `${server.url}${name}/${library.page?.(entry) ?? ""}?ruleset=${entry.name}&place=${entry.place}&day=${DAY}`;
            await page.goto(address);
            await page.evaluate(INSIDE);
            await page.evaluate(AXE);
            await page.evaluate(() => globalThis.inside.find([["[role=status]:not(:empty), form[data-ready]", 0]]));
            await page.evaluate(() => globalThis.inside.listen());
            const axe = async (when) => assert.deepEqual(await page.evaluate(() => globalThis.inside.axe()), [], when);
            const said = (time = 300) => page.evaluate((wait) => globalThis.inside.said(wait), time);
            await axe("empty");

            // Nothing is filled in: the first error has the focus, which is how it is heard, and nothing else speaks.
            await page.evaluate((button) => globalThis.inside.click([[button, 0]]), SUBMIT);
            const spoken = await said(600);
            const focus = await page.evaluate(() => globalThis.inside.focused());
            assert.deepEqual(spoken, [], "an error is heard with the focus, and not a second time");
            assert.ok(library.bound ? focus?.summary : focus?.invalid, `the focus is on ${JSON.stringify(focus)}`);
            if (!library.bound) assert.match(focus.described, /./, "the control that has the focus is described by its error");
            const missing = checked(entry, {}).entry.problems.filter(({ severity }) => severity === "incomplete");
            assert.deepEqual(await page.evaluate((text) => globalThis.inside.times(text), missing[0].message.zh), missing.length * (library.bound ? 2 : 1), "every error is shown, once; with a summary, there, too");
            assert.equal(server.sent.has(address), false);
            await axe("refused");

            // The entry is filled in; each change is announced at most once.
            const ruleset = await load(`${BUNDLES}/${entry.name}.rules.json`);
            const { fields } = ruleset.form({ asOf: DAY, jurisdiction: entry.place });
            const heard = [];
            let changes = 0;
            for (const { add, at, enter } of steps(library, fields, entry.answers)) {
              if (add) {
                // By key: the focus must go on from there, or whoever has no mouse begins at the top again.
                await page.evaluate((where) => globalThis.inside.focus(where), add);
                await page.keyboard.press("Enter");
                assert.ok(await page.evaluate(() => globalThis.inside.rests()), "a new row keeps the focus in the form");
              } else await page.evaluate(([where, what]) => globalThis.inside.answer(where, what), [at, enter]);
              changes += 1;
              heard.push(...await said(10));
              assert.ok(heard.length <= changes, `${heard.length} announcements of ${changes} changes: ${heard}`);
            }
            // What is bound waits for a rest in typing.
            heard.push(...await said(library.bound ? 1_000 : 300));
            assert.ok(heard.length > 0 && heard.length <= changes, `${heard.length} announcements of ${changes} changes`);
            if (!library.bound) assert.deepEqual(heard.filter((text) => !text.startsWith("结论：")), [], "only the verdict speaks");
            if (!library.bound) assert.deepEqual(await page.evaluate(() => globalThis.inside.findings()), checked(entry, entry.answers).verdict.findings.map(({ rule }) => rule), "shown");
            assert.equal(await page.evaluate(() => globalThis.inside.wrong()), 0, "what was corrected is no error any more");
            await axe("filled in");

            // The Tab key goes from top to bottom, in the order of the document, and to every control.
            await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
            await page.evaluate(() => { const first = document.querySelector("h1"); first.tabIndex = -1; first.focus(); });
            const places = [];
            const wanted = await page.evaluate(() => globalThis.inside.stops());
            // A date has a stop for each of its parts.
            for (let presses = 0; places.length < wanted.length && presses < 6 * wanted.length; presses += 1) {
              await page.keyboard.press("Tab");
              const place = await page.evaluate(() => globalThis.inside.focused());
              if (!place) break;
              const before = places.at(-1);
              if (before?.order === place.order) continue;
              assert.ok(place.ring, `${place.name}: one sees where the focus is`);
              if (before) {
                assert.ok(place.order > before.order, `${place.name} after ${before.name}: not in the order of the document`);
                assert.ok(place.top > before.top - 2 || (place.left > before.left && place.top + place.height > before.top), `${place.name} after ${before.name}: not in the order of the screen`);
              }
              places.push(place);
            }
            assert.deepEqual(wanted.filter(({ order }) => !places.some((place) => place.order === order)), [], "the Tab key reaches every control");

            // What is sent: the same findings as for the file, and the report's digest is the command line's.
            await page.evaluate((button) => globalThis.inside.click([[button, 0]]), SUBMIT);
            const sending = async () => server.sent.get(address) ?? (library.bound && page.evaluate(() => globalThis.inside.bound()));
            let inspection;
            for (let tries = 0; !inspection && tries < 100; tries += 1) [inspection] = [await sending(), await said(30)];
            assert.ok(inspection, "sent");
            const report = checked(entry, inspection.answers);
            assert.equal(inspection.digest, report.digest);
            assert.deepEqual(findingsOf(report), findingsOf(checked(entry, entry.answers)));
            assert.deepEqual(faults, []);
            await page.close();
          });
        }
      }
    });
  }
});

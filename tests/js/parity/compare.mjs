// Checks every submission of one folder and compares bytes. The same script runs in Node.js and in a page.
// In: the package's `load`, and the folder's texts. Out: how many were compared, and the first difference.

/** @returns {Promise<{compared: number, difference?: {line: number, what: string, expected: string, actual: string}}>} */
export async function compare(load, { bundle, options, answers, expected }) {
  const ruleset = await load(bundle);
  const { tables, ...rest } = JSON.parse(options);
  const given = Object.freeze({ ...rest, ...(tables && { tables: ruleset.prepareTables(tables) }) });
  const entryRules = new Set(ruleset.rules.filter((rule) => rule.kind === "entry").map((rule) => rule.id));
  const lines = (text) => text.split("\n").filter((line) => line !== "");
  const submissions = lines(answers);
  const reports = lines(expected);
  if (submissions.length !== reports.length) {
    return { compared: 0, difference: { line: 0, what: "lines", expected: String(reports.length), actual: String(submissions.length) } };
  }
  for (let line = 0; line < submissions.length; line++) {
    const text = submissions[line];
    const report = reports[line];
    const differs = (what, actual, wanted = report) => (actual === wanted ? undefined : { compared: line, difference: { line: line + 1, what, expected: wanted, actual } });
    let found = differs("check", ruleset.checkText(text, given));
    if (line % 16 === 0) {
      const session = ruleset.session(text, given);
      found ??= differs("session", session.reportText());
      session.dispose();
    }
    if (line % 4 === 0) {
      const { verdict } = JSON.parse(report);
      const wanted = JSON.stringify(verdict.findings.map(({ rule, outcome, item, reason, at, missing = [] }) => [rule, outcome, item, reason, at, missing]));
      const short = (outcomes) => JSON.stringify(outcomes.toArray().filter(({ rule }) => !entryRules.has(rule)).map(({ rule, outcome, item, reason, at, missing }) => [rule, outcome, item, reason, at, missing]));
      found ??= differs("outcomes of text", short(ruleset.outcomes(text, given)), wanted);
      let parsed;
      try {
        parsed = JSON.parse(text);
      } catch {
        // Not JSON: nothing to pack.
      }
      if (typeof parsed === "object" && parsed !== null) {
        found ??= differs("outcomes of an object", short(ruleset.outcomes(parsed, given)), wanted);
      }
    }
    if (found) return found;
  }
  return { compared: submissions.length };
}

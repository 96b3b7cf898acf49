// Checks submissions and compares bytes. The same script runs in Node.js and in a page. In: the package's `load`, a bundle, options, and
// pieces of answers with the reports expected of them. Out: how many were compared, and the first difference.

/** @returns {Promise<(piece: {first: number, answers: string[], expected: string[]}) => undefined | {line: number, what: string, expected: string, actual: string}>} */
export async function comparer(load, bundle, options) {
  const ruleset = await load(bundle);
  const { tables, ...rest } = JSON.parse(options);
  const given = Object.freeze({ ...rest, ...(tables && { tables: ruleset.prepareTables(tables) }) });
  const entryRules = new Set(ruleset.rules.filter((rule) => rule.kind === "entry").map((rule) => rule.id));
  const row = ({ rule, outcome, item, reason, at, missing = [] }) => [rule, outcome, item, reason, at, missing];
  const short = (outcomes) => JSON.stringify(outcomes.toArray().filter(({ rule }) => !entryRules.has(rule)).map(row));

  function one(line, text, report) {
    const differs = (what, actual, expected = report) => (actual === expected ? undefined : { line, what, expected, actual });
    let found = differs("check", ruleset.checkText(text, given));
    if (line % 16 === 0) {
      const session = ruleset.session(text, given);
      found ??= differs("session", session.reportText());
      session.dispose();
    }
    if (line % 4 === 0) {
      const wanted = JSON.stringify(JSON.parse(report).verdict.findings.map(row));
      found ??= differs("outcomes of text", short(ruleset.outcomes(text, given)), wanted);
      // A key that stands twice is seen in a text only, and what is no JSON makes no object.
      const object = report.includes('"duplicate_key"') || report.includes('"bad_json"') || report.includes('"too_') ? undefined : JSON.parse(text);
      if (typeof object === "object" && object !== null) {
        found ??= differs("outcomes of an object", short(ruleset.outcomes(object, given)), wanted);
      }
    }
    return found;
  }

  return ({ first, answers, expected }) => {
    for (let i = 0; i < Math.max(answers.length, expected.length); i++) {
      const found =
        answers[i] === undefined || expected[i] === undefined
          ? { line: first + i, what: "lines", expected: String(expected[i] !== undefined), actual: String(answers[i] !== undefined) }
          : one(first + i, answers[i], expected[i]);
      if (found) return found;
    }
    return undefined;
  };
}

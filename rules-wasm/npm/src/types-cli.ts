#!/usr/bin/env node
// The command `weibao-types`: TypeScript types, or the JSON Schema, of a bundle's answers on standard output. In: words of the command line.
// Out: a module; status 2 if it was called wrongly, 1 if the bundle does not load.

import { load } from "./node.js";
import { answerTypes, jsonSchemaText } from "./schema.js";

/** What is used of Node.js, so that the package needs no types of it. */
declare const process: { argv: string[]; exitCode?: number; stdout: { write(text: string): void }; stderr: { write(text: string): void } };

const USAGE = `Usage: weibao-types BUNDLE.rules.json [--jurisdiction CODE --as-of DATE] [--name NAME] [--json-schema]

Prints TypeScript types of the answers of a bundle that \`rules build\` made; with --json-schema its JSON Schema.
`;

async function main(args: readonly string[]): Promise<number> {
  const options: { jurisdiction?: string; asOf?: string; name?: string } = {};
  const OPTIONS = { "--jurisdiction": "jurisdiction", "--as-of": "asOf", "--name": "name" } as const;
  let bundle: string | undefined;
  let schema = false;
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const known = Object.prototype.hasOwnProperty.call(OPTIONS, word) ? OPTIONS[word as keyof typeof OPTIONS] : undefined;
    if (known !== undefined && args[i + 1] !== undefined) {
      options[known] = args[++i]!;
    } else if (word === "--json-schema") {
      schema = true;
    } else if (word === "--help" || word === "-h") {
      process.stdout.write(USAGE);
      return 0;
    } else if (!word.startsWith("-") && bundle === undefined) {
      bundle = word;
    } else {
      process.stderr.write(`weibao-types: unexpected \`${word}\`\n${USAGE}`);
      return 2;
    }
  }
  if (bundle === undefined || (options.name !== undefined && !/^[A-Za-z_$][\w$]*$/.test(options.name))) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    const ruleset = await load(bundle);
    const { name, ...place } = options;
    process.stdout.write(schema ? jsonSchemaText(ruleset, place) : answerTypes(ruleset, { ...place, ...(name !== undefined && { name }) }));
    return 0;
  } catch (error) {
    process.stderr.write(`weibao-types: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});

// Bundles for tests, built by the command line. In: a ruleset file. Out: the bundle's text. RULES_BIN names another
// program than that of a release build.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repo = fileURLToPath(new URL("../../../", import.meta.url));
const binary = process.env.RULES_BIN ?? join(repo, "target/release/rules");

/** Runs the command line and gives what it printed. */
export function rules(args, options = {}) {
  if (!existsSync(binary)) {
    throw new Error(`${binary} is missing; run \`cargo xtask build\``);
  }
  return execFileSync(binary, args, { encoding: "utf8", maxBuffer: 1 << 30, ...options });
}

/** Builds one ruleset file (a path below the repository) and gives its bundle's text. */
export function build(path) {
  const folder = mkdtempSync(join(tmpdir(), "rules-"));
  try {
    rules(["build", join(repo, path), "-o", folder], { stdio: ["ignore", "ignore", "inherit"] });
    const [file] = readdirSync(folder).filter((name) => name.endsWith(".rules.json"));
    return readFileSync(join(folder, file), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let everything;

/** The bundle with every type of field. */
export function everythingBundle() {
  return (everything ??= build("tests/js/rules/everything.yaml"));
}

// What a form developer does: the packed package and one example in an empty project, built. In: names of examples. Out: a folder for each with what Vite built.
// The projects stand in one folder and share one `npm install`, which keeps the whole under ten seconds; each still names its own dependencies.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repo = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

export async function buildProjects(names) {
  const folder = mkdtempSync(join(tmpdir(), "rules-examples-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const packed = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: join(repo, "rules-wasm/npm") });
    const [{ filename }] = JSON.parse(packed.stdout);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, workspaces: names }));
    for (const name of names) {
      mkdirSync(join(folder, name));
      cpSync(join(repo, "web-demo/examples", name), join(folder, name), { recursive: true, filter: (path) => !/(node_modules|dist)$/.test(path) });
      const path = join(folder, name, "package.json");
      const about = JSON.parse(readFileSync(path, "utf8"));
      about.dependencies["@weibao/rules"] = `file:../${filename}`;
      writeFileSync(path, JSON.stringify(about));
    }
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
    await Promise.all(names.map((name) => run("npx", ["vite", "build", `--base=/${name}/`, "--logLevel=error"], { cwd: join(folder, name) })));
  } catch (error) {
    remove();
    throw new Error(`${error.message}\n${error.stdout ?? ""}\n${error.stderr ?? ""}`);
  }
  return { folders: new Map(names.map((name) => [name, join(folder, name, "dist")])), remove };
}

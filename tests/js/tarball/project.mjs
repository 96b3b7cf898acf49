// What a form developer does: the packed package and one example in an empty project, built. In: names of examples. Out: a folder for each with what Vite built.
// The projects stand in one folder and share one `npm install`, which keeps it short; each still names its own dependencies. `plain` is built by nothing: its pages
// stand beside the package, as `weibao`.

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
    const built = names.filter((name) => name !== "plain");
    const root = { name: "empty", private: true, workspaces: built, dependencies: { "@weibao/rules": `file:${filename}` } };
    writeFileSync(join(folder, "package.json"), JSON.stringify(root));
    for (const name of names) {
      mkdirSync(join(folder, name));
      cpSync(join(repo, "web-demo/examples", name), join(folder, name), { recursive: true, filter: (path) => !/(node_modules|dist)$/.test(path) });
      if (name === "plain") continue;
      const path = join(folder, name, "package.json");
      const about = JSON.parse(readFileSync(path, "utf8"));
      about.dependencies["@weibao/rules"] = `file:../${filename}`;
      writeFileSync(path, JSON.stringify(about));
    }
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
    await Promise.all(built.map((name) => run("npx", ["vite", "build", `--base=/${name}/`, "--logLevel=error"], { cwd: join(folder, name) })));
  } catch (error) {
    remove();
    throw new Error(`${error.message}\n${error.stdout ?? ""}\n${error.stderr ?? ""}`);
  }
  const folders = new Map(names.map((name) => [name, join(folder, name, name === "plain" ? "" : "dist")]));
  return { folders: folders.set("weibao", join(folder, "node_modules/@weibao/rules")), remove };
}

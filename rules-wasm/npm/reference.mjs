// The reference of the package, made of its types: `node reference.mjs [DIR]`. In: the entries' sources. Out: pages in DIR (none: only the check), or a
// list of what has no words, what is named and not exported, and links that lead nowhere; any of it is a failure.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, ConsoleLogger } from "typedoc";

const here = dirname(fileURLToPath(import.meta.url));
const entries = ["index", "bind", "element", "standard", "adapters", "typed", "schema", "worker", "portable", "author"];
const out = process.argv[2] && resolve(process.argv[2]);

/** Pages under a policy without inline scripts: each inline script becomes a file, named by its content. */
function withoutInlineScripts(folder) {
  for (const name of readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".html"))) {
    const file = join(folder, name);
    const page = readFileSync(file, "utf8").replaceAll(/<script>([^]*?)<\/script>/g, (_, code) => {
      const script = join(folder, "assets", `inline-${createHash("sha256").update(code).digest("hex").slice(0, 12)}.js`);
      writeFileSync(script, code);
      return `<script src="${relative(dirname(file), script)}"></script>`;
    });
    writeFileSync(file, page);
  }
}

const app = await Application.bootstrap({
  name: "@weibao/rules",
  basePath: here,
  tsconfig: join(here, "tsconfig.json"),
  entryPoints: entries.map((entry) => join(here, `src/${entry}.ts`)),
  readme: join(here, "README.md"),
  disableGit: true,
  sourceLinkTemplate: "https://github.com/weibao/rules/blob/main/rules-wasm/npm/{path}#L{line}",
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  hideGenerator: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: ["Enum", "EnumMember", "Variable", "Function", "Class", "Interface", "Property", "Method", "Accessor", "TypeAlias"],
});
// Members of a type that is written in its place are described where it stands.
app.logger = new (class extends ConsoleLogger {
  validationWarning(text, ...more) {
    if (!/\.__type\b.*does not have any documentation/.test(text)) super.validationWarning(text, ...more);
  }
})();

const project = await app.convert();
if (project) {
  app.validate(project);
}
if (!project || app.logger.hasErrors() || app.logger.hasWarnings()) {
  process.exit(1);
}
if (out) {
  for (const module of project.children) {
    module.name = module.name.replace(/^src\/?/, "@weibao/rules/").replace(/\/$/, "");
  }
  await app.generateDocs(project, out);
  withoutInlineScripts(out);
}

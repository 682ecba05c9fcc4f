// In a browser the static folders of all apps are one tree; here they are not.
// An import that leads nowhere is looked up in the other static folders:
//   node --import ./tests/js/resolve.mjs --test ...
import { existsSync, globSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const trees = globSync("{helpline,chat,triage}/**/static", { cwd: root }).map(
  (tree) => `${root}${tree}/`,
);

/** @param {string} path a file that is not there */
function inAnotherTree(path) {
  const home = trees.find((tree) => path.startsWith(tree));
  const name = home && path.slice(home.length);
  const tree = name && trees.find((other) => existsSync(other + name));
  return tree && pathToFileURL(tree + name).href;
}

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith(".") || !context.parentURL) return next(specifier, context);
    const path = fileURLToPath(new URL(specifier, context.parentURL));
    const found = existsSync(path) ? null : inAnotherTree(path);
    return next(found ?? specifier, context);
  },
});

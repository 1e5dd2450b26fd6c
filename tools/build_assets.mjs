// Copies the front-end files that Qunxing serves itself out of node_modules, and draws the icon sprite.
// Usage: node tools/build_assets.mjs
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const statics = join(root, "src", "qunxing", "core", "static");
const vendor = join(statics, "vendor");

const copies = [
  ["htmx.org/dist/htmx.min.js", "htmx.min.js"],
  ["echarts/dist/echarts.min.js", "echarts.min.js"],
  ["@tabler/icons/LICENSE", "licences/tabler-icons.txt"],
  ["htmx.org/LICENSE", "licences/htmx.txt"],
  ["echarts/LICENSE", "licences/echarts.txt"],
  ["echarts/NOTICE", "licences/echarts-notice.txt"],
];

// The maps are not shipped; a hashing static storage would fail on a reference to a file that is not there.
const sourceMap = /^\s*(\/\*# sourceMappingURL=[^*]*\*\/|\/\/# sourceMappingURL=\S*)\s*$/gm;
const trailingSourceMap = /\/\*# sourceMappingURL=[^*]*\*\/\s*$/;

function copy([from, to]) {
  const target = join(vendor, to);
  const text = readFileSync(join(modules, from), "utf8");
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text.replace(sourceMap, "").replace(trailingSourceMap, ""));
}

function iconNames() {
  return readFileSync(join(statics, "src", "icons.txt"), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
}

function iconFile(name) {
  return name.endsWith("-filled")
    ? join(modules, "@tabler/icons/icons/filled", `${name.slice(0, -"-filled".length)}.svg`)
    : join(modules, "@tabler/icons/icons/outline", `${name}.svg`);
}

function iconSymbol(name) {
  const shapes = readFileSync(iconFile(name), "utf8")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "")
    .replace(/\s*\n\s*/g, "");
  const paint = name.endsWith("-filled")
    ? 'fill="currentColor" stroke="none"'
    : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="icon-${name}" viewBox="0 0 24 24"><g ${paint}>${shapes}</g></symbol>`;
}

function drawSprite() {
  const names = iconNames();
  const missing = names.filter((name) => !existsSync(iconFile(name)));
  if (missing.length > 0) throw new Error(`icons.txt names icons that do not exist: ${missing.join(", ")}`);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length > 0) throw new Error(`icons.txt names twice: ${twice.join(", ")}`);
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${names.map(iconSymbol).join("\n")}\n</svg>\n`;
  writeFileSync(join(vendor, "icons.svg"), sprite);
  return names.length;
}

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
copies.forEach(copy);
console.log(`assets: ${copies.length} files, ${drawSprite()} icons in src/qunxing/core/static/vendor`);

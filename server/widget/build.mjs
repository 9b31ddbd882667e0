// Makes dist/ of src/: the widget, the panel and the texts of each language; with --check only compares with the committed files.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { pack } from "./src/packing.js";
import { FAMILIAR, KEYS, TEXTS } from "./src/texts.js";

/**
 * The files, with the most they may be (bytes, compressed). `widget` is loaded on every page of every
 * shop: Shopify's threshold for a theme's script. `panel` and the texts of one language are loaded by
 * those who open it.
 *
 * @type {(readonly [name: string, make: (name: string) => Promise<string>, most: number])[]}
 */
const FILES = [
  ["widget", (name) => bundle(name, "iife"), 10_000],
  ["panel", (name) => bundle(name, "esm"), 10_000],
  ...textFiles(TEXTS, ""),
  ...textFiles(FAMILIAR, "-familiar"),
];

/** @param {{[lang: string]: import("./src/texts.js").Texts}} languages @param {string} tone @returns {typeof FILES} */
function textFiles(languages, tone) {
  return Object.entries(languages).map(([lang, texts]) => [
    `texts-${lang}${tone}`,
    () => textsOf(texts),
    2_000,
  ]);
}

/** @type {import("esbuild").Plugin} */
const styleAsText = {
  name: "style-as-text",
  setup(setup) {
    setup.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** The panel knows the keys, and no language. @type {import("esbuild").Plugin} */
const keysOnly = {
  name: "keys-only",
  setup(setup) {
    setup.onLoad({ filter: /src.texts\.js$/ }, () => ({
      contents: `export const KEYS = ${JSON.stringify(KEYS.join("|"))}.split("|");`,
    }));
  },
};

/** The texts of a language, still without the build's name. @param {import("./src/texts.js").Texts} texts */
const textsOf = (texts) =>
  shortened(`export const build = BUILD, texts = ${JSON.stringify(pack(texts))};`, true);

/** A script and what it imports, still without the build's name. @param {string} name @param {"iife" | "esm"} format */
async function bundle(name, format) {
  const bundled = await build({
    entryPoints: [fileURLToPath(new URL(`src/${name}.js`, import.meta.url))],
    bundle: true,
    format,
    target: "es2020",
    plugins: [styleAsText, keysOnly],
    write: false,
    logLevel: "warning",
  });
  return shortened(bundled.outputFiles[0]?.text ?? "", format === "esm");
}

/** @param {string} long @param {boolean} module */
async function shortened(long, module) {
  const { code = "" } = await minify(long, {
    ecma: 2020,
    module,
    compress: { passes: 3, unsafe_arrows: true },
    // A page in another encoding than UTF-8 must read the texts all the same.
    format: { ascii_only: true },
  });
  return code;
}

const codes = await Promise.all(FILES.map(([name, make]) => make(name)));
const stamp = createHash("sha256").update(codes.join()).digest("hex").slice(0, 10);

for (const [i, [name, , most]] of FILES.entries()) {
  const out = new URL(`dist/${name}.js`, import.meta.url);
  const code = (codes[i] ?? "").replace(/\bBUILD\b/g, `"${stamp}"`);
  const size = gzipSync(code, { level: 9 }).length;
  console.log(`${name}.js: ${code.length} bytes, ${size} gzip, of ${most}`);
  if (size > most) {
    console.error(`${name}.js is too big: whoever loads it pays for it.`);
    process.exitCode = 1;
  }
  if (!process.argv.includes("--check")) {
    writeFileSync(out, code);
  } else if (readFileSync(out, "utf8") !== code) {
    console.error(`dist/${name}.js is stale: run \`npm run build\` in server/widget.`);
    process.exitCode = 1;
  }
}

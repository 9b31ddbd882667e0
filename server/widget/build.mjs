// Bundles src/widget.js and src/panel.js into dist/; with --check only compares with the committed files.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { TEXTS } from "./src/texts.js";

/**
 * The two files, with the most they may be (bytes, compressed). `widget` is loaded on every page of every
 * shop: Shopify's threshold for a theme's script. `panel` is loaded by those who open it.
 *
 * @type {[name: string, format: "iife" | "esm", most: number][]}
 */
const FILES = [
  ["widget", "iife", 10_000],
  ["panel", "esm", 14_000],
];

const keys = Object.keys(TEXTS.en);

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

/** One list of keys, and per language only the texts. @type {import("esbuild").Plugin} */
const packedTexts = {
  name: "packed-texts",
  setup(setup) {
    const packed = (/** @type {string[]} */ texts) => JSON.stringify(texts.join("|"));
    const languages = Object.entries(TEXTS).map(
      ([lang, texts]) => `${lang}: unpack(${packed(keys.map((key) => Object(texts)[key]))})`,
    );
    setup.onLoad({ filter: /src.texts\.js$/ }, () => ({
      contents: `const keys = ${packed(keys)}.split("|");
        const unpack = (texts) => Object.fromEntries(texts.split("|").map((text, i) => [keys[i], text]));
        export const TEXTS = {${languages.join()}};`,
    }));
  },
};

/** One file, still without the build's name. @param {string} name @param {"iife" | "esm"} format */
async function made(name, format) {
  const bundled = await build({
    entryPoints: [fileURLToPath(new URL(`src/${name}.js`, import.meta.url))],
    bundle: true,
    format,
    target: "es2020",
    plugins: [styleAsText, packedTexts],
    write: false,
    logLevel: "warning",
  });
  const { code = "" } = await minify(bundled.outputFiles[0]?.text ?? "", {
    ecma: 2020,
    module: format === "esm",
    compress: { passes: 3, unsafe_arrows: true },
    // A page in another encoding than UTF-8 must read the texts all the same.
    format: { ascii_only: true },
  });
  return code;
}

const codes = await Promise.all(FILES.map(([name, format]) => made(name, format)));
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

// Bundles src/widget.js into dist/widget.js; with --check only compares with the committed file.
import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { TEXTS } from "./src/texts.js";

/** Shopify's threshold for a theme's script, compressed; every page of every shop pays this. */
const MOST_GZIP_BYTES = 10_000;

const out = new URL("dist/widget.js", import.meta.url);
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

/** Names that others know and that must stay: what stands in texts: of the wire, the tag, the store. */
const known = [
  ...readFileSync(new URL("src/frames.d.ts", import.meta.url), "utf8").matchAll(/\w+/g),
  ..."shop lang position accent title hello n at command refused code text q supportterm supporttermThemes keydown tabindex".matchAll(
    /\w+/g,
  ),
].map(String);

const bundled = await build({
  entryPoints: [fileURLToPath(new URL("src/widget.js", import.meta.url))],
  bundle: true,
  format: "iife",
  target: "es2020",
  plugins: [styleAsText, packedTexts],
  write: false,
  logLevel: "warning",
});
const { code = "" } = await minify(bundled.outputFiles[0]?.text ?? "", {
  ecma: 2020,
  compress: { passes: 3, unsafe_arrows: true },
  mangle: { properties: { reserved: [...known, ...keys, ...Object.keys(TEXTS)], keep_quoted: true } },
  // A page in another encoding than UTF-8 must read the texts all the same.
  format: { ascii_only: true },
});
const size = gzipSync(code, { level: 9 }).length;
console.log(`widget.js: ${code.length} bytes, ${size} gzip, of ${MOST_GZIP_BYTES}`);
if (size > MOST_GZIP_BYTES) {
  console.error("The widget is too big: every page of every shop pays for it.");
  process.exitCode = 1;
}
if (!process.argv.includes("--check")) {
  writeFileSync(out, code);
} else if (readFileSync(out, "utf8") !== code) {
  console.error("dist/widget.js is stale: run `npm run build` in server/widget.");
  process.exitCode = 1;
}

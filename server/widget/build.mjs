// Bundles src/widget.js into dist/widget.js; with --check only compares with the committed file.
import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

/** Shopify's threshold for a theme's script, compressed; every page of every shop pays this. */
const MOST_GZIP_BYTES = 10_000;

const out = new URL("dist/widget.js", import.meta.url);

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

/** One list of keys, and per language only the texts: the widget says everything once. @type {import("esbuild").Plugin} */
const packedTexts = {
  name: "packed-texts",
  setup(setup) {
    setup.onLoad({ filter: /src.texts\.js$/ }, async ({ path }) => {
      const { TEXTS } = await import(pathToFileURL(path).href);
      const packed = (/** @type {string[]} */ texts) => JSON.stringify(texts.join("|"));
      const keys = Object.keys(TEXTS.en);
      const languages = Object.entries(TEXTS).map(
        ([lang, texts]) => `${lang}: unpack(${packed(keys.map((key) => texts[key]))})`,
      );
      return {
        contents: `const keys = ${packed(keys)}.split("|");
          const unpack = (texts) => Object.fromEntries(texts.split("|").map((text, i) => [keys[i], text]));
          export const TEXTS = {${languages.join()}};`,
      };
    });
  },
};

const { outputFiles } = await build({
  entryPoints: [new URL("src/widget.js", import.meta.url).pathname],
  bundle: true,
  format: "iife",
  target: "es2020",
  minify: true,
  // Names with an underscore are private to their module.
  mangleProps: /^_/,
  plugins: [styleAsText, packedTexts],
  banner: { js: "/* supportterm, MIT licence */" },
  write: false,
  logLevel: "warning",
});
const built = /** @type {Uint8Array} */ (outputFiles[0]?.contents);
const size = gzipSync(built, { level: 9 }).length;
console.log(`widget.js: ${built.length} bytes, ${size} gzip, of ${MOST_GZIP_BYTES}`);
if (size > MOST_GZIP_BYTES) {
  console.error("The widget is too big: every page of every shop pays for it.");
  process.exitCode = 1;
}
if (!process.argv.includes("--check")) {
  writeFileSync(out, built);
} else if (!readFileSync(out).equals(built)) {
  console.error("dist/widget.js is stale: run `npm run build` in server/widget.");
  process.exitCode = 1;
}

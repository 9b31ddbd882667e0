import { openChoosing } from "./choosing.js";
import { h, say, set } from "./dom.js";
import { linked } from "./words.js";

/** @import { Pressing } from "./choosing.js" */
/** @import { Texts } from "./texts.js" */
/** @import { Answer, Row } from "./transcript.js" */

/**
 * Keeps a transcript's elements, one per row, so that what was read out once is not read out again.
 *
 * @param {HTMLElement} list
 * @param {Texts} t
 * @param {(at: number) => string} timeOf
 * @param {(key: string) => void} retry
 * @param {(answer: Answer) => void} reply
 * @param {Pressing} pressing
 * @returns {(rows: Row[]) => void} shows other rows
 */
export function openRows(list, t, timeOf, retry, reply, pressing) {
  /** @type {Map<string, HTMLElement>} */
  let held = new Map();
  /** @type {WeakMap<HTMLElement, ReturnType<typeof openChoosing>>} */
  const cards = new WeakMap();

  /** @param {Row} row */
  const make = ({ kind, name = "", at = 0 }) =>
    kind === "line"
      ? h("div", "line", {}, h("p"))
      : h(
          "div",
          `row ${kind}`,
          {},
          h("p", "name", {}, name),
          h("p", "text", { dir: "auto" }),
          h("p", "meta", {}, timeOf(at), kind === "mine" ? h("span", "", { role: "img" }) : ""),
        );

  /** @param {HTMLElement} element @param {Row} row */
  const refresh = (element, { key, kind, text, tick, answers, card }) => {
    if (kind === "line") {
      const [told, old] = /** @type {any} */ (element.children);
      say(told, text);
      if (old && !answers) {
        old.remove();
      } else if (answers && !old) {
        const buttons = answers.map(([answer, label]) =>
          h("button", "", { click: () => reply(answer) }, label),
        );
        element.append(h("div", "topics", {}, ...buttons));
      }
      return;
    }
    const words = /** @type {Element} */ (element.querySelector(".text"));
    const meta = /** @type {any} */ (element.querySelector(".meta"));
    if (words.textContent !== text) {
      words.replaceChildren(...linked(text).map(part));
    }
    if (card) {
      let choosing = cards.get(element);
      if (!choosing) {
        choosing = openChoosing(t, pressing);
        cards.set(element, choosing);
        meta.before(choosing.element);
      }
      choosing.show(card);
    }
    if (tick) {
      const sign = meta.lastChild;
      set(sign, "class", `tick ${tick}`);
      set(sign, "aria-label", t[tick]);
      set(sign, "title", t[tick]);
    }
    if (tick === "refused" && element.lastChild === meta) {
      element.append(h("button", "link", { click: () => retry(key) }, t.retry));
    }
  };

  return (rows) => {
    const old = held;
    held = new Map();
    let place = list.firstChild;
    for (const row of rows) {
      const element = old.get(row.key) ?? make(row);
      old.delete(row.key);
      held.set(row.key, element);
      refresh(element, row);
      if (element === place) {
        place = place.nextSibling;
      } else {
        list.insertBefore(element, place);
      }
    }
    for (const element of old.values()) {
      element.remove();
    }
  };
}

/** @param {{text: string, href?: string}} part */
function part({ text, href }) {
  return href ? h("a", "", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, text) : text;
}

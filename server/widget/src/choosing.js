import { h, iconButton, set } from "./dom.js";
import { clean } from "./words.js";

/** @import { Card, Press } from "./cards.js" */
/** @import { Texts } from "./texts.js" */

/** More than this (characters) is no correction any more, but a message. */
const MOST = "1000";

/**
 * What cards do: `press` sends an answer with its words; `keep` writes a correction down as far as it
 * is typed, `kept` gives it back.
 *
 * @typedef {object} Pressing
 * @property {(re: number, press: Press, text: string) => boolean} press whether it is on its way
 * @property {(re: number, text: string) => void} keep
 * @property {(re: number) => string} kept
 */

/**
 * The buttons of one card, and the field in which a summary is put right.
 *
 * @param {Texts} t
 * @param {Pressing} does
 */
export function openChoosing(t, { press, keep, kept }) {
  let shown = "";
  const buttons = h("div", "choices");
  const element = h("div", "card", {}, buttons);
  /** @type {HTMLElement | undefined} */
  let form;

  /** @param {number} re @param {string} text @param {Element} opener */
  const correct = (re, text, opener) => {
    const field = h("textarea", "", {
      rows: "2",
      dir: "auto",
      maxlength: MOST,
      placeholder: t.correction,
      "aria-label": t.correction,
      input: () => keep(re, field.value),
      keydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.isComposing) {
          return;
        }
        if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          send();
        }
        if (event.key === "Escape") {
          // It closes what was opened last.
          event.preventDefault();
          event.stopPropagation();
          keep(re, "");
          leave(opener);
          /** @type {HTMLElement} */ (opener).focus();
        }
      },
    });
    const send = () => {
      const words = clean(field.value);
      if (words) {
        if (press(re, "no", words)) {
          keep(re, "");
        }
      } else {
        field.focus();
      }
    };
    field.value = text;
    form = h(
      "div",
      "correction",
      {},
      field,
      iconButton("send", t.sendCorrection, "M12 20V4m-7 7 7-7 7 7", send),
    );
    element.append(form);
    form.scrollIntoView({ block: "nearest" });
    set(opener, "aria-expanded", "true");
    return field;
  };

  /** @param {Element} [opener] */
  const leave = (opener) => {
    form?.remove();
    form = undefined;
    if (opener) {
      set(opener, "aria-expanded", "false");
    }
  };

  return {
    element,
    /** @param {Card} card */
    show(card) {
      const now = JSON.stringify(card);
      if (now === shown) {
        return;
      }
      shown = now;
      leave();
      const { re, open, choices } = card;
      buttons.replaceChildren(
        ...choices.map(({ press: value, label, why, chosen }) => {
          const button = h("button", "", {}, label, why && h("small", "", {}, why));
          button.disabled = !open;
          if (chosen) {
            set(button, "aria-pressed", "true");
          }
          if (value === "no") {
            set(button, "aria-expanded", "false");
          }
          button.onclick = () => {
            if (value !== "no") {
              press(re, value, label);
            } else if (form) {
              leave(button);
            } else {
              correct(re, kept(re), button).focus();
            }
          };
          if (open && value === "no" && kept(re)) {
            correct(re, kept(re), button);
          }
          return button;
        }),
      );
    },
  };
}

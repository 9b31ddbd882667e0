import { h, iconButton, say } from "./dom.js";
import { clean } from "./words.js";

/** @import { Texts } from "./texts.js" */

/**
 * The field a message is written in.
 *
 * @param {Texts} t
 * @param {object} does
 * @param {(text: string) => string} does.send gives why it was not sent, or ""
 * @param {(text: string) => void} does.typed the text changed by hand
 * @param {(sent: boolean) => void} does.done something may look different now
 */
export function openComposer(t, { send, typed, done }) {
  /** The field is as high as its text, up to what its style allows. @param {string} [wrong] with that text */
  const settle = (wrong = "") => {
    say(line, wrong);
    field.style.height = "";
    field.style.height = `${field.scrollHeight + 2}px`;
  };

  const submit = () => {
    const wrong = clean(field.value) && send(field.value);
    if (!wrong) {
      field.value = "";
    }
    settle(wrong);
    done(true);
  };

  const field = h("textarea", "", {
    rows: "1",
    dir: "auto",
    placeholder: t.write,
    "aria-label": t.write,
    input: () => {
      typed(field.value);
      settle();
      done(false);
    },
    keydown: (/** @type {KeyboardEvent} */ event) => {
      // While an input method composes, Enter belongs to it.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        submit();
      }
    },
  });

  const line = h("p", "refused", { role: "alert" });

  return {
    field,
    element: h("div", "foot", {}, line, field, iconButton("send", t.send, "M12 20V4m-7 7 7-7 7 7", submit)),
    /** Show what is being written; what was typed here is that already. @param {string} text */
    show(text) {
      if (field.value !== text) {
        field.value = text;
        settle();
      }
    },
  };
}

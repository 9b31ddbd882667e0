import { h, iconButton } from "./dom.js";
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
  let hint = "";

  /** The field is as high as its text, up to what its style allows. */
  const grow = () => {
    field.style.height = "";
    field.style.height = `${field.scrollHeight + 2}px`;
  };

  const submit = () => {
    hint = "";
    if (clean(field.value)) {
      hint = send(field.value);
      if (!hint) {
        field.value = "";
      }
    }
    grow();
    done(true);
  };

  const field = h("textarea", "", {
    rows: "1",
    dir: "auto",
    placeholder: t.write,
    "aria-label": t.write,
    input: () => {
      hint = "";
      typed(field.value);
      grow();
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

  return {
    field,
    element: h("div", "foot", {}, field, iconButton("send", t.send, "M12 20V4m-7 7 7-7 7 7", submit)),
    hint: () => hint,
    /** Show what is being written; what was typed here is that already. @param {string} text */
    show(text) {
      if (field.value !== text) {
        field.value = text;
        grow();
      }
    },
  };
}

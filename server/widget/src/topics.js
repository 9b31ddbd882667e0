import { h, set } from "./dom.js";

/** @import { Customer } from "./customer.js" */
/** @import { Topic } from "./frames.js" */
/** @import { Texts } from "./texts.js" */

/**
 * What a chat may be about, to be chosen before it or passed over.
 *
 * @param {Texts} t
 * @param {Customer} customer
 * @param {(picked: boolean) => void} done
 */
export function openTopics(t, customer, done) {
  /** The ones that are shown, so that a button keeps the focus. */
  let shown = "";
  const buttons = h("div", "topics");
  const element = h(
    "div",
    "",
    { role: "group", "aria-label": t.topics },
    h("p", "line", {}, t.topics),
    buttons,
  );

  /** @param {Topic} topic */
  const button = ({ id, label }) =>
    h(
      "button",
      "",
      {
        value: id,
        click: () => {
          const picked = customer.topic() !== id;
          customer.choose(picked ? id : "");
          done(picked);
        },
      },
      label,
    );

  return {
    element,
    /** @param {readonly Topic[]} topics */
    show(topics) {
      const now = JSON.stringify(topics);
      if (now !== shown) {
        shown = now;
        buttons.replaceChildren(...topics.map(button));
      }
      element.hidden = topics.length === 0;
      for (const { id } of topics) {
        const its = buttons.querySelector(`[value="${CSS.escape(id)}"]`);
        if (its) {
          set(its, "aria-pressed", `${id === customer.topic()}`);
        }
      }
    },
  };
}

import { h, iconButton, say, set } from "./dom.js";
import { fill } from "./i18n.js";
import { isAddress } from "./words.js";

/** @import { Texts } from "./texts.js" */

/**
 * Below a promise that was not kept: whoever cannot wait any longer can be mailed. Nothing is promised by
 * that; the agent who sees the address says by when.
 *
 * @param {Texts} t
 * @param {(contact: string) => void} give
 */
export function openOffer(t, give) {
  /** @param {boolean} wrong */
  const complain = (wrong) => {
    say(line, wrong ? t.noContact : "");
    set(field, "aria-invalid", `${wrong}`);
    set(field, "aria-describedby", wrong ? "amiss" : "");
  };
  const field = h("input", "", {
    type: "email",
    autocomplete: "email",
    maxlength: "200",
    "aria-label": t.address,
    placeholder: t.address,
    input: () => complain(false),
  });
  const line = h("p", "refused", { role: "alert", id: "amiss" });
  const words = h("p", "", { "aria-live": "polite" });
  const row = h(
    "div",
    "correction",
    {},
    field,
    iconButton("send", t.sendAddress, "M12 20V4m-7 7 7-7 7 7", () => undefined),
  );
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    const contact = field.value.trim();
    if (isAddress(contact)) {
      give(contact);
    } else {
      complain(true);
      field.focus();
    }
  };
  const form = h("form", "line offer", { submit, novalidate: "" }, words, row, line);
  const element = h("div");

  return {
    element,
    /**
     * @param {boolean} offered
     * @param {string} name who needs longer
     * @param {string} given the address that was given; "": none
     * @param {boolean} refused the server took it for none
     */
    show(offered, name, given, refused) {
      if (offered !== form.isConnected) {
        element.replaceChildren(...(offered ? [form] : []));
      }
      row.hidden = given !== "";
      say(words, given ? fill(t.given, { name, contact: given }) : t.offer);
      if (refused) {
        complain(true);
      }
    },
  };
}

import { LEAVE_INSTEAD } from "./codes.js";
import { h, say, set } from "./dom.js";
import { isAddress } from "./words.js";

/** @import { Form } from "./customer.js" */
/** @import { Texts } from "./texts.js" */

/**
 * The form of a message to leave.
 *
 * @param {Texts} t
 * @param {object} does
 * @param {boolean} does.linked somebody came by the link of a mail
 * @param {(form: Form) => void} does.keep what is written changed
 * @param {(form: Form) => string} does.send gives what is wrong, or ""
 * @param {() => void} does.back
 */
export function openForm(t, { linked, keep, send, back }) {
  /** @returns {Form} */
  const written = () => ({ text: text.value, name: name.value, contact: contact.value, asked: true });

  /** @param {string} wrong "": nothing @param {HTMLElement} [where] */
  const complain = (wrong, where) => {
    say(line, wrong);
    for (const field of [text, contact]) {
      const its = wrong !== "" && field === where;
      set(field, "aria-invalid", `${its}`);
      set(field, "aria-describedby", its ? "wrong" : "");
    }
    if (wrong) {
      where?.focus();
      line.scrollIntoView({ block: "nearest" });
    }
  };

  const input = () => {
    complain("");
    keep(written());
  };

  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    const form = written();
    const { text: said, contact: address = "" } = form;
    if (!said.trim()) {
      complain(t.noText, text);
    } else if (address.trim() && !isAddress(address.trim())) {
      complain(t.noContact, contact);
    } else {
      complain(send(form), text);
    }
  };

  const text = h("textarea", "", { rows: "3", dir: "auto", required: "", input });
  const name = h("input", "", { autocomplete: "name", maxlength: "80", dir: "auto", input });
  const contact = h("input", "", { type: "email", autocomplete: "email", maxlength: "200", input });
  const where = h("span");
  const line = h("p", "refused", { role: "alert", id: "wrong" });
  const leaveOff = h("button", "quiet", { type: "button", click: back }, t.back);
  const element = h(
    "form",
    "form",
    { submit, novalidate: "" },
    h("label", "", {}, t.question, text),
    h("label", "", {}, t.name, name),
    // By a link nobody says where to: the mail may be somebody else's.
    linked ? "" : h("label", "", {}, where, contact),
    line,
    h("div", "choice", {}, leaveOff, h("button", "", { type: "submit" }, t.leave)),
  );

  return {
    element,
    text,
    /**
     * Show what is written, unless somebody is writing right here.
     *
     * @param {Form} form
     * @param {boolean} returns there is something to go back to
     * @param {boolean} [mails] answers are mailed, too
     */
    show(form, returns, mails) {
      leaveOff.hidden = !returns;
      say(where, mails ? t.contactMailed : t.contact);
      if (form.code && !LEAVE_INSTEAD.has(form.code)) {
        const { code } = form;
        keep({ ...form, code: undefined });
        complain(code === "no_contact" ? t.noContact : t.notTaken, code === "no_contact" ? contact : text);
      }
      for (const [field, value] of /** @type {const} */ ([
        [text, form.text],
        [name, form.name],
        [contact, form.contact],
      ])) {
        if (field.value !== value && !(value === undefined && !field.value)) {
          field.value = value ?? "";
        }
      }
    },
  };
}

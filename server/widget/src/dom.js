/**
 * An element with its class, attributes and children. Texts become text nodes, never markup; functions
 * listen to the event of their name.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} [name] its class
 * @param {Record<string, string | ((event: any) => void)>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, name = "", attributes = {}, ...children) {
  const element = document.createElement(tag);
  element.className = name;
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(key, value);
    } else {
      element.setAttribute(key, value);
    }
  }
  element.append(...children);
  return element;
}

/**
 * Change an attribute only if it differs: every change may be read out.
 *
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
export function set(element, name, value) {
  if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

/**
 * Change a text only if it differs.
 *
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * A button with a line drawing, 24 by 24, in the text's colour.
 *
 * @param {string} name its class
 * @param {string} label
 * @param {string} path
 * @param {() => void} click
 */
export function iconButton(name, label, path, click) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const drawn = document.createElementNS(ns, "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return h("button", name, { "aria-label": label, title: label, click }, svg);
}

// Elements. Text is only ever set as text: what a run says can be no markup.

type Child = Node | string | null;
type Attributes = Record<string, string | number | boolean | EventListener>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      node.addEventListener(name, value);
    } else if (value === true) {
      node.setAttribute(name, "");
    } else if (value !== false) {
      node.setAttribute(name, String(value));
    }
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

export interface Cell {
  text: string;
  /** Numbers stand to the right. */
  number?: boolean;
  node?: Node;
}

export function number(text: string): Cell {
  return { text, number: true };
}

/** A table that scrolls by itself where it is too wide. */
export function table(caption: string, heads: string[], rows: Cell[][], attributes: Attributes = {}): HTMLElement {
  const right = (cell: Cell | undefined): Attributes => (cell?.number ? { class: "number" } : {});
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    element("table", attributes,
      element("caption", {}, caption),
      element("thead", {}, element("tr", {},
        ...heads.map((head, i) => element("th", { scope: "col", ...right(rows[0]?.[i]) }, head)))),
      element("tbody", {}, ...rows.map((row) => element("tr", {},
        ...row.map((cell, i) => element(i === 0 ? "th" : "td",
          i === 0 ? { scope: "row", ...right(cell) } : right(cell), cell.node ?? cell.text)))))));
}

export function button(text: string, label: string, act: () => void): HTMLButtonElement {
  return element("button", { type: "button", title: label, "aria-label": label, click: act as EventListener }, text);
}

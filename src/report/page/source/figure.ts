// A picture on the page: its heading, what it answers, itself, its note, and the way to save it.
import { element } from "./dom";

export interface Figure {
  card: HTMLElement;
  answer: HTMLElement;
}

export function figure(id: string, title: string, about: string, save: () => void, ...parts: Node[]): Figure {
  const answer = element("div", { class: "answer" });
  const card = element("section", { class: "card", id, "aria-labelledby": `${id}-title` },
    element("div", { class: "card-head" }, element("h2", { id: `${id}-title` }, title),
      element("button", { type: "button", class: "png", title: `Save '${title}' as a PNG file`, "data-png": id,
        click: save as EventListener }, "PNG")),
    element("p", { class: "about" }, about), answer, ...parts);
  return { card, answer };
}

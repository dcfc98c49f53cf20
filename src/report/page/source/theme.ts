// Colours for both backgrounds, told apart by the colour-blind too (after Okabe and Ito), and a line
// style for each VM beside its colour.

const LIGHT = ["#0067ac", "#c94f00", "#00805c", "#9c3f8c", "#8a6d00", "#2b9bd6", "#5b5b66"];
const DARK = ["#57b1f2", "#ff9a52", "#38cfa2", "#eb96d6", "#e8c547", "#9fdcff", "#b9bac6"];
const DASHES = [[], [9, 4], [2, 3], [10, 3, 2, 3], [5, 2]];

export interface Colours {
  ink: string;
  faint: string;
  line: string;
  paper: string;
  past: string;
  future: string;
  alarm: string;
  kinds: string[];
}

export class Theme {
  private listeners: (() => void)[] = [];
  private readonly media = matchMedia("(prefers-color-scheme: dark)");
  colours!: Colours;

  constructor() {
    this.media.addEventListener("change", () => this.changed());
    this.read();
  }

  get isDark(): boolean {
    const wanted = document.documentElement.dataset.theme;
    return wanted ? wanted === "dark" : this.media.matches;
  }
  toggle(): void {
    document.documentElement.dataset.theme = this.isDark ? "light" : "dark";
    this.changed();
  }
  vm(index: number): string {
    const colours = this.isDark ? DARK : LIGHT;
    return colours[index % colours.length];
  }
  dash(index: number): number[] {
    return DASHES[index % DASHES.length];
  }
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private changed(): void {
    this.read();
    this.listeners.forEach((listener) => listener());
  }
  private read(): void {
    const style = getComputedStyle(document.documentElement);
    const value = (name: string) => style.getPropertyValue(`--${name}`).trim();
    this.colours = {
      ink: value("ink"), faint: value("faint"), line: value("line"), paper: value("card"),
      past: value("past"), future: value("future"), alarm: value("alarm"),
      kinds: ["internal", "one", "several", "receive"].map((name) => value(`kind-${name}`)),
    };
  }
}

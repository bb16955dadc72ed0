/** Two blocks that belong together: their corresponding lines light up together; on a phone they are tabs. */
import { pairLines } from "../html/pair-lines.js";
import type { PairProps } from "../html/pair-html.js";
import { firstView } from "../html/view.js";
import { currentHash } from "./hash.js";
import { keepSetting, onSetting } from "./settings.js";

function lineAt(side: Element | undefined, index: number | undefined): Element | null {
  return index === undefined ? null : (side?.querySelector(`.ax-l[data-i="${index}"]`) ?? null);
}

function enableLight(pair: Element, sides: Element[], props: PairProps, signal: AbortSignal): void {
  const { left, right } = props;
  const pairs = pairLines(left.file, firstView(left).excerpt, right.file, firstView(right).excerpt);
  const clear = (): void => {
    for (const one of pair.querySelectorAll(".ax-twin")) one.classList.remove("ax-twin");
  };
  const light = (event: Event): void => {
    clear();
    const line = (event.target as Element).closest<HTMLElement>(".ax-l");
    const side = sides.findIndex((one) => one.contains(line));
    if (!line || side === -1) return;
    const found = pairs.find((one) => one[side] === Number(line.dataset["i"]));
    if (!found) return;
    lineAt(sides[0], found[0])?.classList.add("ax-twin");
    lineAt(sides[1], found[1])?.classList.add("ax-twin");
  };
  pair.addEventListener("pointerover", light, { signal });
  pair.addEventListener("focusin", light, { signal });
  pair.addEventListener("pointerleave", clear, { signal });
}

function choose(tabs: HTMLElement[], sides: HTMLElement[], name: string | undefined): void {
  const known = tabs.some((tab) => tab.dataset["tab"] === name);
  const chosen = known ? name : tabs[0]?.dataset["tab"];
  for (const tab of tabs) {
    const selected = tab.dataset["tab"] === chosen;
    tab.setAttribute("aria-selected", String(selected));
    tab.tabIndex = selected ? 0 : -1;
  }
  for (const side of sides) side.classList.toggle("ax-chosen", side.dataset["tab"] === chosen);
}

/** The side that a link leads to is chosen, so that it is seen. */
function chooseLinked(sides: HTMLElement[]): void {
  const hash = currentHash();
  const side = sides.find((one) => {
    const id = one.querySelector(".ax")?.id;
    return id !== undefined && (hash === id || hash.startsWith(`${id}.`));
  });
  if (side?.dataset["tab"]) keepSetting("tab", side.dataset["tab"]);
}

/**
 * Brings the pair in `root` to life, which holds what `pairHtml(props)` wrote; returns what ends it. The properties may
 * be on their way still: until they come, the tabs work and no lines light up together.
 */
export function enhancePair(root: Element, props: PairProps | Promise<PairProps>): () => void {
  const end = new AbortController();
  const pair = root.querySelector<HTMLElement>(".ax-pair");
  if (!pair) return () => {};
  const tabs = [...pair.querySelectorAll<HTMLElement>(".ax-tab")];
  const sides = [...pair.querySelectorAll<HTMLElement>(".ax-side")];
  const light = (known: PairProps): void => enableLight(pair, sides, known, end.signal);
  if (props instanceof Promise) props.then(light, () => {});
  else light(props);
  onSetting("tab", end.signal, (name) => choose(tabs, sides, name));
  tabs.forEach((tab, index) => {
    const change = (event: KeyboardEvent): void => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = tabs[1 - index];
      other?.focus();
      other?.click();
      event.preventDefault();
    };
    const choice = (): void => keepSetting("tab", tab.dataset["tab"] ?? "");
    tab.addEventListener("click", choice, { signal: end.signal });
    tab.addEventListener("keydown", change, { signal: end.signal });
  });
  window.addEventListener("hashchange", () => chooseLinked(sides), { signal: end.signal });
  chooseLinked(sides);
  return () => end.abort();
}

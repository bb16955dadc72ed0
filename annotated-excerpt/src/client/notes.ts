/** Notes: where they stand, and how they open. */
import type { Block } from "./block.js";
import { find, findAll, lineElement, on } from "./block.js";
import { beforeNextFrame } from "./frames.js";
import { stack } from "./stack.js";

/** Space between two notes in the margin, in CSS pixels. */
const gap = 10;

function noteOf(block: Block, mark: Element): HTMLElement | null {
  return document.getElementById(mark.getAttribute("href")?.slice(1) ?? "");
}

function markOf(block: Block, note: Element): HTMLElement | null {
  return document.getElementById(`${note.id}-mark`);
}

/** Opens a note, and closes the one that was open; null only closes. */
export function openNote(block: Block, note: Element | null): void {
  for (const one of findAll(block, ".ax-note")) {
    one.classList.toggle("ax-open", one === note);
    markOf(block, one)?.classList.toggle("ax-open", one === note);
  }
  const first = Number(note?.getAttribute("data-line") ?? -1);
  const count = note ? Number(note.getAttribute("data-count")) : 0;
  for (const line of findAll(block, ".ax-l.ax-on")) line.classList.remove("ax-on");
  for (let index = first; index < first + count; index++) {
    lineElement(block, index)?.classList.add("ax-on");
  }
  placeNotes(block);
}

interface Placed {
  note: HTMLElement;
  wanted: number;
  height: number;
}

/** How the notes of a block stand: in its margin, or at their marks, one at a time. */
function modeOf(block: Block): "margin" | "mark" {
  const margin = getComputedStyle(block.figure).getPropertyValue("--ax-margin").trim();
  return margin === "" || parseFloat(margin) === 0 ? "mark" : "margin";
}

function measure(
  block: Block,
  note: HTMLElement,
  line: HTMLElement,
  edge: "top" | "bottom",
): Placed {
  const from = block.body.getBoundingClientRect().top;
  return { note, wanted: line.getBoundingClientRect()[edge] - from, height: note.offsetHeight };
}

/** The open note stands below the last shown line that it speaks of: it must not cover them. The others are not seen. */
function measureOpenNote(block: Block): () => void {
  const note = find(block, ".ax-note.ax-open");
  const first = Number(note?.dataset["line"]);
  const last = first + Number(note?.dataset["count"]) - 1;
  const line = note && (lineElement(block, last) ?? lineElement(block, first));
  const placed = line ? measure(block, note, line, "bottom") : null;
  return () => {
    block.figure.style.marginBottom = "";
    block.figure.classList.add("ax-placed");
    if (placed) placed.note.style.top = `${placed.wanted}px`;
  };
}

/** Notes in the margin stand beside their lines, as near as the others let them. */
function measureMargin(block: Block): () => void {
  const placed = findAll(block, ".ax-note").flatMap((note) => {
    const line = lineElement(block, Number(note.dataset["line"]));
    return line ? [measure(block, note, line, "top")] : [];
  });
  const room = block.body.offsetHeight;
  const tops = stack(placed, gap, room);
  const end = Math.max(0, ...placed.map((one, index) => (tops[index] ?? 0) + one.height));
  return () => {
    placed.forEach(({ note }, index) => {
      note.style.top = `${tops[index] ?? 0}px`;
    });
    // The margin itself and no variable: a variable would be inherited, and each word of the code styled anew.
    block.figure.style.marginBottom = end > room ? `${end - room}px` : "";
    block.figure.classList.add("ax-placed");
  };
}

function measureNotes(block: Block): () => void {
  const mode = modeOf(block);
  if (block.figure.dataset["notes"] === mode) {
    return mode === "margin" ? measureMargin(block) : measureOpenNote(block);
  }
  // The notes have their width only in their mode: set it, and measure again.
  return () => {
    block.figure.dataset["notes"] = mode;
    placeNotes(block);
  };
}

/** Puts the notes where they belong, before the next picture is drawn. */
export function placeNotes(block: Block): void {
  beforeNextFrame(block, () => measureNotes(block));
}

function moveFocus(block: Block, mark: HTMLElement, key: string): boolean {
  const marks = findAll(block, ".ax-mark");
  const at = marks.indexOf(mark);
  const targets: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: marks.length - 1,
  };
  const target = targets[key];
  if (target === undefined) return false;
  marks[Math.min(Math.max(target, 0), marks.length - 1)]?.focus();
  return true;
}

function listenToMarks(block: Block): void {
  let pressed: { mark: Element; wasOpen: boolean } | null = null;
  on(block, "pointerdown", (event) => {
    const mark = (event.target as Element).closest(".ax-mark");
    pressed = mark && { mark, wasOpen: mark.classList.contains("ax-open") };
  });
  on(block, "focusin", (event) => {
    const target = event.target as Element;
    const mark = target.closest(".ax-mark");
    const note = mark ? noteOf(block, mark) : target.closest(".ax-note");
    if (note) openNote(block, note);
  });
  on(block, "click", (event) => {
    const target = event.target as Element;
    const mark = target.closest<HTMLElement>(".ax-mark");
    if (mark) {
      event.preventDefault();
      const closes = event.detail > 0 && pressed?.mark === mark && pressed.wasOpen;
      openNote(block, closes ? null : noteOf(block, mark));
    } else if (target.closest(".ax-back")) {
      event.preventDefault();
      const note = target.closest(".ax-note");
      if (note) markOf(block, note)?.focus();
    }
  });
  on(block, "keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.key === "Escape" && find(block, ".ax-note.ax-open")) {
      const note = target.closest(".ax-note");
      if (note) markOf(block, note)?.focus();
      openNote(block, null);
      event.preventDefault();
    } else if (target.matches(".ax-mark") && moveFocus(block, target, event.key)) {
      event.preventDefault();
    }
  });
}

/** Lights a note and its mark while either is under the pointer. */
function listenToPointer(block: Block): void {
  on(block, "pointerover", (event) => {
    const target = event.target as Element;
    const mark = target.closest(".ax-mark");
    const note = mark ? noteOf(block, mark) : target.closest(".ax-note");
    for (const one of findAll(block, ".ax-near")) one.classList.remove("ax-near");
    if (!note) return;
    note.classList.add("ax-near");
    markOf(block, note)?.classList.add("ax-near");
    const first = Number(note.getAttribute("data-line"));
    const count = Number(note.getAttribute("data-count"));
    for (let index = first; index < first + count; index++) {
      lineElement(block, index)?.classList.add("ax-near");
    }
  });
  on(block, "pointerleave", () => {
    for (const one of findAll(block, ".ax-near")) one.classList.remove("ax-near");
  });
}

export function enableNotes(block: Block): void {
  listenToMarks(block);
  listenToPointer(block);
  document.addEventListener(
    "pointerdown",
    (event) => {
      if (!block.figure.contains(event.target as Node) && find(block, ".ax-note.ax-open")) {
        openNote(block, null);
      }
    },
    { signal: block.signal },
  );
  const observer = new ResizeObserver(() => placeNotes(block));
  observer.observe(block.body);
  block.signal.addEventListener("abort", () => observer.disconnect());
  window.addEventListener("resize", () => placeNotes(block), { signal: block.signal });
  placeNotes(block);
}

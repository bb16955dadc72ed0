/**
 * Text with ANSI escapes as HTML: colours and weights become spans with classes, every other escape is left out.
 * Source: ECMA-48 section 8.3.117 (SGR); all colours become the nearest of the 16, which follow the theme.
 */
import { escapeHtml } from "./escape.js";

// eslint-disable-next-line no-control-regex -- escapes begin with a control character
const escapes = /\x1b(?:\[([0-9;:]*)([A-Za-z])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** Classes by what they speak of: weight, foreground, background … */
type Style = ReadonlyMap<string, string>;

const plain: Style = new Map();

/** `text` without its escapes: what a page shows of it. */
export function stripAnsi(text: string): string {
  return text.replace(escapes, "");
}

type Rgb = readonly [red: number, green: number, blue: number];

function channel(level: number): number {
  return level === 0 ? 0 : 55 + level * 40;
}

function rgb256(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const cube = index - 16;
  return [channel(Math.floor(cube / 36)), channel(Math.floor(cube / 6) % 6), channel(cube % 6)];
}

/** The one of the eight names that is nearest in hue: the theme draws it so that it can be read on its ground. */
function nearestName([red, green, blue]: Rgb): string {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < 40) return most > 170 ? "white" : "black";
  const middle = (most + least) / 2;
  const bits = (red > middle ? 1 : 0) + (green > middle ? 2 : 0) + (blue > middle ? 4 : 0);
  return names[bits] ?? "white";
}

function with_(style: Style, slot: string, className: string | null): Style {
  const next = new Map(style);
  next.delete(slot);
  if (className !== null) next.set(slot, className);
  return next;
}

function extended(style: Style, slot: "fg" | "bg", codes: number[]): Style {
  const mode = codes.shift();
  if (mode === 5) {
    const index = codes.shift() ?? 0;
    const bright = index > 7 && index < 16 ? "bright-" : "";
    const name = index < 16 ? names[index % 8] : nearestName(rgb256(index));
    return with_(style, slot, `ansi-${slot}-${bright}${name ?? "white"}`);
  }
  if (mode === 2) {
    const [red = 0, green = 0, blue = 0] = codes.splice(0, 3);
    return with_(style, slot, `ansi-${slot}-${nearestName([red, green, blue])}`);
  }
  return style;
}

const flags: Readonly<Record<number, readonly [slot: string, className: string | null]>> = {
  1: ["weight", "ansi-bold"],
  2: ["weight", "ansi-dim"],
  3: ["slant", "ansi-italic"],
  4: ["line", "ansi-underline"],
  7: ["invert", "ansi-inverse"],
  9: ["strike", "ansi-strike"],
  22: ["weight", null],
  23: ["slant", null],
  24: ["line", null],
  27: ["invert", null],
  29: ["strike", null],
  39: ["fg", null],
  49: ["bg", null],
};

function apply(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((part) => (part === "" ? 0 : Number(part)));
  let next = style;
  while (codes.length > 0) {
    const code = codes.shift() ?? 0;
    const flag = flags[code];
    if (code === 0) next = plain;
    else if (flag) next = with_(next, flag[0], flag[1]);
    else if (code === 38 || code === 48) next = extended(next, code === 38 ? "fg" : "bg", codes);
    else if (code >= 30 && code <= 37) next = with_(next, "fg", `ansi-fg-${names[code - 30]}`);
    else if (code >= 40 && code <= 47) next = with_(next, "bg", `ansi-bg-${names[code - 40]}`);
    else if (code >= 90 && code <= 97)
      next = with_(next, "fg", `ansi-fg-bright-${names[code - 90]}`);
    else if (code >= 100 && code <= 107)
      next = with_(next, "bg", `ansi-bg-bright-${names[code - 100]}`);
  }
  return next;
}

function span(text: string, style: Style): string {
  if (text === "") return "";
  if (style.size === 0) return escapeHtml(text);
  return `<span class="${[...style.values()].join(" ")}">${escapeHtml(text)}</span>`;
}

/** `text` as HTML whose text content is {@link stripAnsi}(`text`). */
export function ansiToHtml(text: string): string {
  let html = "";
  let style = plain;
  let from = 0;
  for (const match of text.matchAll(escapes)) {
    html += span(text.slice(from, match.index ?? 0), style);
    from = (match.index ?? 0) + match[0].length;
    if (match[2] === "m") style = apply(style, match[1] ?? "");
  }
  return html + span(text.slice(from), style);
}

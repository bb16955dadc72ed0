/** A Shiki theme whose colours are no colours but the letters of classes. */
import type { ThemeRegistrationRaw } from "shiki";

/** What a letter stands for. `style/code.css` gives each a colour in both themes. */
const scopes: Record<string, string[]> = {
  // comments
  c: ["comment", "punctuation.definition.comment"],
  // keywords
  k: [
    "keyword",
    "storage.modifier",
    "storage.type.function",
    "storage.type.class",
    "storage.type.interface",
    "storage.type.enum",
    "storage.type.type",
    "storage.type.namespace",
    "storage.type.struct",
    "storage.type.union",
    "storage.type.ts",
    "storage.type.tsx",
    "storage.type.js",
    "variable.language",
    "entity.name.tag",
    "punctuation.definition.directive",
  ],
  // strings, and what is in them
  s: ["string", "punctuation.definition.string", "constant.character", "string.regexp"],
  // numbers and other constants
  n: ["constant.numeric", "constant.language", "constant.other"],
  // names of functions
  f: ["entity.name.function", "support.function"],
  // types
  t: [
    "storage.type",
    "entity.name.type",
    "support.type",
    "support.class",
    "entity.other.inherited-class",
  ],
  // what has the colour of the text, though a rule above takes it
  "": [
    "keyword.operator",
    "storage.type.function.arrow",
    "meta.function-call",
    "punctuation",
    "string meta.template.expression",
  ],
};

/** Operators that are words read as keywords. */
const wordOperators = [
  "keyword.operator.sizeof",
  "keyword.operator.new",
  "keyword.operator.expression",
  "keyword.operator.wordlike",
];

const colours = Object.keys(scopes).map((letter, index) => [letter, `#00000${index + 1}`] as const);

function colourOf(letter: string): string {
  return colours.find(([one]) => one === letter)?.[1] ?? "";
}

export const letterTheme: ThemeRegistrationRaw = {
  name: "letters",
  type: "light",
  colors: { "editor.foreground": colourOf(""), "editor.background": "#ffffff" },
  settings: [
    { settings: { foreground: colourOf(""), background: "#ffffff" } },
    ...Object.entries(scopes).map(([letter, scope]) => ({
      scope,
      settings: { foreground: colourOf(letter) },
    })),
    { scope: wordOperators, settings: { foreground: colourOf("k") } },
  ],
};

const letterOfColour = new Map<string, string>(colours.map(([letter, colour]) => [colour, letter]));

/** The letter that a colour of `letterTheme` stands for; empty for the colour of the text. */
export function letterOf(colour: string | undefined): string {
  return letterOfColour.get(colour?.toLowerCase() ?? "") ?? "";
}

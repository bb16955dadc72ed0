/** Where a text stops being JSON. JSON.parse says it for some errors only, and in other words in each Node. */

// eslint-disable-next-line no-control-regex -- JSON forbids control characters in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

/** Offset of the first character that cannot stand there, or undefined where the text is JSON. */
export function jsonErrorOffset(text: string): number | undefined {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const sign = (character: string): boolean => {
    take(SPACE);
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const members = (close: string, one: () => boolean): boolean => {
    if (sign(close)) return true;
    do {
      if (!one()) return false;
    } while (sign(","));
    return sign(close);
  };
  const value = (): boolean => {
    take(SPACE);
    if (sign("[")) return members("]", value);
    if (sign("{")) {
      return members("}", () => {
        take(SPACE);
        return take(STRING) && sign(":") && value();
      });
    }
    return take(STRING) || take(NUMBER) || take(WORD);
  };
  const whole = value();
  take(SPACE);
  return whole && at === text.length ? undefined : at;
}

/** An offset in words that an editor understands. */
export function placeInWords(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}

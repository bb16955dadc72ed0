/**
 * From a place in the JavaScript that ran to the place in the cell that a person wrote.
 * tslab makes no source map, but keeps the order of tokens: types go, `exports.` comes. So the longest common
 * subsequence of the two token lists is a map; it is made only when an error needs it.
 */

export interface Place {
  /** From 1, as people and stack traces count. */
  readonly line: number;
  readonly column: number;
}

/** Above this many pairs of tokens no map is made: a cell that long keeps its lines unmapped. */
const MAX_PAIRS = 25_000_000;

/** A function from places in `output` to places in `source`; undefined where no token before it is shared. */
export function mapLines(source: string, output: string): (place: Place) => Place | undefined {
  const from = tokensOf(output);
  const to = tokensOf(source);
  if (from.length * to.length > MAX_PAIRS) return () => undefined;
  const partner = align(
    from.map((token) => token.text),
    to.map((token) => token.text),
  );
  return (place) => {
    const offset = offsetOf(output, place);
    for (let i = from.length - 1; i >= 0; i--) {
      const token = from[i];
      const other = to[partner[i] ?? -1];
      if (token !== undefined && token.offset <= offset && other !== undefined) {
        return placeOf(source, other.offset);
      }
    }
    return undefined;
  };
}

/** Words, numbers and single signs, with their offsets: strings and comments too, since the compiler keeps them. */
function tokensOf(code: string): { text: string; offset: number }[] {
  return [...code.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*|\p{N}+|\S/gu)].map((match) => ({
    text: match[0],
    offset: match.index ?? 0,
  }));
}

/** For each of `a` the index of its partner in `b` in a longest common subsequence, or -1. */
export function align(a: readonly string[], b: readonly string[]): Int32Array {
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] =
        a[i] === b[j]
          ? (length[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(length[(i + 1) * width + j] ?? 0, length[i * width + j + 1] ?? 0);
    }
  }
  const partner = new Int32Array(a.length).fill(-1);
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) partner[i++] = j++;
    else if ((length[(i + 1) * width + j] ?? 0) >= (length[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return partner;
}

function offsetOf(text: string, place: Place): number {
  let offset = 0;
  for (let line = 1; line < place.line; line++) {
    const end = text.indexOf("\n", offset);
    if (end < 0) return text.length;
    offset = end + 1;
  }
  return offset + place.column - 1;
}

function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

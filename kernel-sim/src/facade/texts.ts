/** maps and smaps as values: plain data, the text of the file, and forms that a notebook can draw. */
import type { MapsEntry, SmapsEntry, SmapsFields } from "../abi/proc-info.js";
import { display } from "../core/display.js";
import type { Displayable } from "../core/display.js";
import { formatMaps } from "../report/maps.js";
import { formatSmaps } from "../report/smaps.js";

/** /proc/PID/maps: iterable, and its text. */
export interface MapsText extends Displayable, Iterable<MapsEntry> {
  readonly entries: readonly MapsEntry[];
}

/** One mapping of smaps, or all; the fields of the first are at hand. */
export interface SmapsText extends Displayable, SmapsEntry, Iterable<SmapsEntry> {
  readonly entries: readonly SmapsEntry[];
}

export function mapsText(entries: readonly MapsEntry[]): MapsText {
  return {
    entries,
    [Symbol.iterator]: () => entries[Symbol.iterator](),
    toString: () => formatMaps(entries),
    [display]: () => ({ "text/plain": formatMaps(entries), "application/json": entries }),
  };
}

/** `entries` is not empty. */
export function smapsText(entries: readonly SmapsEntry[]): SmapsText {
  return {
    ...entries[0]!,
    entries,
    [Symbol.iterator]: () => entries[Symbol.iterator](),
    toString: () => formatSmaps(entries),
    [display]: () => ({ "text/plain": formatSmaps(entries), "application/json": entries }),
  };
}
export type { SmapsFields };

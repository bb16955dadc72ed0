/** What of a file a block shows, and which number each note has in it. */
import { excerptAnchor, noteAnchor, noteOrdinals, rangeOf } from "../page/anchors.js";
import type { FileModel, NoteModel } from "../page/file-model.js";

/** A file that the reader can save. */
export interface Download {
  label: string;
  href: string;
  /** The name under which it is saved. */
  name: string;
  bytes?: number | undefined;
  /** How to run it. */
  command?: string | undefined;
}

/** What a block is made of. */
export interface ListingProps {
  file: FileModel;
  /** Without it the whole file is shown. */
  region?: string | undefined;
  /** Stands for the file's name in the head. */
  title?: string | undefined;
  /** Needed only where a page shows the same region twice. */
  id?: string | undefined;
  downloads?: readonly Download[] | undefined;
  /** `none`: the lines around the excerpt cannot be unfolded. */
  fold?: "excerpt" | "none" | undefined;
}

/** Lines of a file, as a block shows them; indices in `FileModel.lines`. */
export interface View {
  /** The block's id; those of its lines and notes begin with it. */
  id: string;
  /** The excerpt. */
  excerpt: { first: number; last: number };
  /** What is shown: the excerpt, or more. */
  first: number;
  last: number;
  hidden: "folded" | "shown";
}

/** A note with its number in a block. */
export interface NumberedNote {
  number: number;
  note: NoteModel;
  id: string;
  markId: string;
}

/** How a block looks at first. Throws where the region does not exist: the page and the file do not belong together. */
export function firstView({ file, region, id }: ListingProps): View {
  const excerpt = rangeOf(file, region);
  if (!excerpt) {
    const names = file.regions.map((one) => one.name).join(", ") || "none";
    throw new Error(`${file.name} has no region "${region}"; its regions: ${names}.`);
  }
  const { first, last } = excerpt;
  return {
    id: id ?? excerptAnchor(file.name, region),
    excerpt: { first, last },
    first,
    last,
    hidden: "folded",
  };
}

function isIn(note: NoteModel, range: { first: number; last: number }): boolean {
  return note.line >= range.first && note.line <= range.last;
}

/** Whether the line is shown. */
export function showsLine(file: FileModel, view: View, line: number): boolean {
  if (line < view.first || line > view.last) return false;
  return view.hidden === "shown" || file.lines[line]?.hidden !== true;
}

/**
 * The notes of what is shown, in the order of their lines. Those of the excerpt have the first numbers,
 * so that they keep them when more is unfolded.
 */
export function numberedNotes(file: FileModel, view: View): NumberedNote[] {
  const ordinals = noteOrdinals(file);
  const all = file.notes.map((note, index) => {
    const key = file.lines[note.line]?.key ?? "";
    const id = noteAnchor(view.id, key, ordinals[index] ?? 0);
    return { note, id, markId: `${id}-mark` };
  });
  const inside = all.filter(({ note }) => isIn(note, view.excerpt));
  const outside = all.filter(({ note }) => !isIn(note, view.excerpt));
  const numbers = new Map([...inside, ...outside].map((one, index) => [one.id, index + 1]));
  return all
    .filter(({ note }) => showsLine(file, view, note.line))
    .map((one) => ({ ...one, number: numbers.get(one.id) ?? 0 }))
    .sort((a, b) => a.note.line - b.note.line);
}

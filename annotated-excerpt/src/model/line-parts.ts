/** Splits a file into what its lines are: code, notes, region markers. */
import type { Comment } from "./comments.js";
import type { Problem } from "./errors.js";

/** A note as it was found, before it is known which lines it speaks of. */
export interface FoundNote {
  kind: "note";
  /** Numbers of its lines in the file. */
  from: number;
  to: number;
  place: "above" | "end";
  text: string;
  comment: string;
}

export interface FoundMarker {
  kind: "marker";
  number: number;
  opens: boolean;
  name: string;
}

export interface FoundCode {
  kind: "code";
  number: number;
  text: string;
}

export type LinePart = FoundNote | FoundMarker | FoundCode;

const markerPattern = /^(?:\/\/|#|\/\*)\s*#(region|endregion)\b[ \t]*(.*?)[ \t]*(?:\*\/)?$/;

/** The text of a note without its comment signs; null where the comment is no note. */
function noteText(comment: string): string | null {
  if (comment.startsWith("//!")) return comment.slice(3).trim();
  // `#! /usr/bin/env python3` names the program that runs the file.
  if (/^#!(\s|$)/.test(comment) && !/^#!\s*\//.test(comment)) return comment.slice(2).trim();
  if (!comment.startsWith("/*!")) return null;
  return comment
    .slice(3)
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*(?=\s|$)/, "").trim())
    .join("\n")
    .trim();
}

interface Lines {
  starts: number[];
  texts: string[];
}

function splitLines(text: string): Lines {
  const texts = text.split("\n");
  if (texts.at(-1) === "") texts.pop();
  const starts: number[] = [];
  let at = 0;
  for (const line of texts) {
    starts.push(at);
    at += line.length + 1;
  }
  return { starts, texts };
}

function lineAt(starts: number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function markerIn(text: string, number: number): FoundMarker | null {
  const match = markerPattern.exec(text.trim());
  if (!match) return null;
  return { kind: "marker", number, opens: match[1] === "region", name: match[2] ?? "" };
}

/** The parts of the text in their order; what is wrong with a note's place goes to `problems`. */
export function lineParts(
  file: string,
  text: string,
  comments: Comment[],
  problems: Problem[],
): LinePart[] {
  const { starts, texts } = splitLines(text);
  const commentsByLine = new Map<number, Comment[]>();
  for (const comment of comments) {
    const line = lineAt(starts, comment.start);
    commentsByLine.set(line, [...(commentsByLine.get(line) ?? []), comment]);
  }
  const parts: LinePart[] = [];
  for (let index = 0; index < texts.length; index++) {
    const line = texts[index] ?? "";
    const start = starts[index] ?? 0;
    const own = commentsByLine.get(index) ?? [];
    const marker = own.length > 0 ? markerIn(line, index + 1) : null;
    if (marker) {
      parts.push(marker);
      continue;
    }
    const comment = own.find((one) => noteText(text.slice(one.start, one.end)) !== null);
    if (!comment) {
      parts.push({ kind: "code", number: index + 1, text: line });
      continue;
    }
    const lastIndex = lineAt(starts, comment.end - 1);
    const lastEnd = (starts[lastIndex] ?? 0) + (texts[lastIndex] ?? "").length;
    if (text.slice(comment.end, lastEnd).trim() !== "") {
      problems.push({
        file,
        line: lastIndex + 1,
        message: "code follows a note on its line",
        hint: "put the note at the end of the line, or on a line of its own above it",
      });
    }
    const code = text.slice(start, comment.start).trimEnd();
    const place = code === "" ? "above" : "end";
    if (place === "end") parts.push({ kind: "code", number: index + 1, text: code });
    parts.push({
      kind: "note",
      from: index + 1,
      to: lastIndex + 1,
      place,
      text: noteText(text.slice(comment.start, comment.end)) ?? "",
      comment: text.slice(place === "end" ? start + code.length : start, lastEnd),
    });
    index = lastIndex;
  }
  return joinNotes(parts);
}

/** Makes one note of `//!` lines that follow each other; `[n]` begins a new one. */
function joinNotes(parts: LinePart[]): LinePart[] {
  const joined: LinePart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const continues =
      part.kind === "note" &&
      last?.kind === "note" &&
      part.place === "above" &&
      last.place === "above" &&
      part.from === last.to + 1 &&
      !/^\[\d+\]/.test(part.text) &&
      !/^\s*\/\*/.test(part.comment) &&
      !/^\s*\/\*/.test(last.comment);
    if (continues) {
      last.text += `\n${part.text}`;
      last.comment += `\n${part.comment}`;
      last.to = part.to;
    } else {
      joined.push({ ...part });
    }
  }
  return joined;
}

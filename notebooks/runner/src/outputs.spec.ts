import { expect, test } from "vitest";
import { OutputFold } from "./outputs.js";

const asIs = (text: string): string => text;
const stream = (name: string, text: string): Parameters<OutputFold["take"]>[0] => ({
  type: "stream",
  content: { name, text },
});

test("neighbouring text of one stream is one output, kept as lines", () => {
  const fold = new OutputFold();
  for (const message of [
    stream("stdout", "a\nb"),
    stream("stdout", "c\n"),
    stream("stderr", "d"),
  ]) {
    expect(fold.take(message)).toBe(true);
  }
  expect(fold.outputs(asIs)).toEqual([
    { output_type: "stream", name: "stdout", text: ["a\n", "bc\n"] },
    { output_type: "stream", name: "stderr", text: ["d"] },
  ]);
  // a, newline, b; c, newline; d
  expect(fold.length).toBe(6);
});

test("a display that is updated keeps its place", () => {
  const fold = new OutputFold();
  const show = (type: string, text: string): void => {
    fold.take({
      type,
      content: { data: { "text/plain": text }, metadata: {}, transient: { display_id: "x" } },
    });
  };
  show("display_data", "first");
  fold.take(stream("stdout", "between"));
  show("update_display_data", "second");
  expect(fold.outputs(asIs)).toEqual([
    { output_type: "display_data", data: { "text/plain": ["second"] }, metadata: {} },
    { output_type: "stream", name: "stdout", text: ["between"] },
  ]);
});

test("clear_output clears at once, or when the next output comes", () => {
  const fold = new OutputFold();
  fold.take(stream("stdout", "a"));
  fold.take({ type: "clear_output", content: { wait: true } });
  expect(fold.outputs(asIs)).toHaveLength(1);
  fold.take(stream("stdout", "b"));
  expect(fold.outputs(asIs)).toMatchObject([{ text: ["b"] }]);
  fold.take({ type: "clear_output", content: { wait: false } });
  expect(fold.outputs(asIs)).toEqual([]);
});

test("JSON stays JSON, text becomes lines, and each text in either is cleaned", () => {
  const fold = new OutputFold();
  fold.take({
    type: "execute_result",
    content: {
      execution_count: 2,
      data: { "text/plain": "/home/a\nb", "application/x+json": { at: ["/home/c", 1, null] } },
      metadata: {},
    },
  });
  expect(fold.outputs((text) => text.replace("/home/", "~"))).toEqual([
    {
      output_type: "execute_result",
      execution_count: 2,
      data: { "text/plain": ["~a\n", "b"], "application/x+json": { at: ["~c", 1, null] } },
      metadata: {},
    },
  ]);
});

test("what is no output is left alone", () => {
  const fold = new OutputFold();
  expect(fold.take({ type: "status", content: { execution_state: "busy" } })).toBe(false);
  expect(fold.outputs(asIs)).toEqual([]);
});

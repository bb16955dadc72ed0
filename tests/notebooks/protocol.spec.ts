/** The kernel as "Messaging in Jupyter" 5.3 wants it, message by message. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { KernelClient, type Arrival } from "@memory-course/runner";
import { project } from "./notebooks.testing.js";

let client: KernelClient;
let arrivals: Arrival[];

beforeEach(async () => {
  client = await KernelClient.start({
    folder: `${project}/notebooks`,
    environment: process.env,
    startTimeoutMs: 30_000,
  });
  arrivals = [];
  client.listen((arrival) => arrivals.push(arrival));
});
afterEach(() => client.close());

const request = (code: string, more: object = {}): string =>
  client.request("shell", "execute_request", {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
    ...more,
  });

const of = (id: string): Arrival[] =>
  arrivals.filter(({ message }) => message.parent.msg_id === id);

/** Waits until the reply of a request and its idle have come. */
async function done(id: string): Promise<Record<string, unknown>> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const reply = of(id).find(({ channel }) => channel !== "iopub");
    const idle = of(id).some(({ message }) => message.content["execution_state"] === "idle");
    if (reply !== undefined && idle) return reply.message.content;
    if (Date.now() > deadline) throw new Error(`no answer to ${id}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const published = (id: string): string[] =>
  of(id)
    .filter(({ channel }) => channel === "iopub")
    .map(({ message: { header, content } }) =>
      header.msg_type === "status" ? String(content["execution_state"]) : header.msg_type,
    );

test("a request is answered by busy, its input, streams, its result and idle, in this order", async () => {
  const id = request("console.log('x');\n40 + 2");
  expect(await done(id)).toMatchObject({ status: "ok", execution_count: 1 });
  expect(published(id)).toEqual(["busy", "execute_input", "stream", "execute_result", "idle"]);
  const input = of(id).find(({ message }) => message.header.msg_type === "execute_input");
  expect(input?.message.content).toEqual({ code: "console.log('x');\n40 + 2", execution_count: 1 });
  const failing = request("throw new Error('boom')");
  expect(await done(failing)).toMatchObject({ status: "error", ename: "Error", evalue: "boom" });
  expect(published(failing)).toEqual(["busy", "execute_input", "error", "idle"]);
});

test("requests queued behind a failure are aborted, later ones are not", async () => {
  const failing = request("throw new Error('boom')");
  const queued = [request("console.log('not run')"), request("console.log('nor this')")];
  const info = client.request("shell", "kernel_info_request", {});
  expect(await done(failing)).toMatchObject({ status: "error" });
  const later = request("'runs'");
  for (const id of queued) {
    expect(await done(id)).toEqual({ status: "aborted" });
    expect(published(id)).toEqual(["busy", "idle"]);
  }
  expect(await done(info)).toMatchObject({ status: "ok", protocol_version: "5.3" });
  expect(await done(later)).toMatchObject({ status: "ok" });
});

test("with stop_on_error false nothing is aborted", async () => {
  const failing = request("throw new Error('boom')", { stop_on_error: false });
  const queued = request("'runs'");
  expect(await done(failing)).toMatchObject({ status: "error" });
  expect(await done(queued)).toMatchObject({ status: "ok" });
});

test("a request behind a cell that blocks the thread and fails is aborted too", async () => {
  const failing = request("const end = Date.now() + 300; while (Date.now() < end);\nthrow 1");
  await new Promise((resolve) => setTimeout(resolve, 100));
  const queued = request("'must not run'");
  expect(await done(failing)).toMatchObject({ status: "error" });
  expect(await done(queued)).toEqual({ status: "aborted" });
});

test("a silent request publishes no input, no result and counts nothing", async () => {
  const silent = request("1 + 1", { silent: true });
  expect(await done(silent)).toMatchObject({ status: "ok", execution_count: 0 });
  expect(published(silent)).toEqual(["busy", "idle"]);
});

test("completion, inspection, completeness and comms are answered by their own replies", async () => {
  await done(request("const alphabet = 'abc';"));
  for (const [type, content, expected] of [
    ["complete_request", { code: "alpha", cursor_pos: 5 }, { status: "ok", cursor_start: 0 }],
    ["inspect_request", { code: "alphabet", cursor_pos: 3 }, { status: "ok", found: true }],
    ["is_complete_request", { code: "function f() {" }, { status: "incomplete" }],
    ["comm_info_request", {}, { status: "ok", comms: {} }],
    ["history_request", {}, { status: "ok", history: [] }],
  ] as const) {
    const id = client.request("shell", type, content);
    expect(await done(id)).toMatchObject(expected);
    const reply = of(id).find(({ channel }) => channel === "shell");
    expect(reply?.message.header.msg_type).toBe(type.replace("_request", "_reply"));
  }
});

test("an interrupt ends the cell, not the kernel", async () => {
  const looping = request("for (;;);");
  await new Promise((resolve) => setTimeout(resolve, 500));
  client.interrupt();
  expect(await done(looping)).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
  const waiting = request("await new Promise(() => undefined)");
  await new Promise((resolve) => setTimeout(resolve, 500));
  client.interrupt();
  expect(await done(waiting)).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
  expect(await done(request("'alive'"))).toMatchObject({ status: "ok" });
});

test("100,000 lines arrive whole, with idle after them", async () => {
  const id = request("for (let i = 0; i < 100000; i++) console.log(i);");
  await done(id);
  const text = of(id)
    .filter(({ message }) => message.header.msg_type === "stream")
    .map(({ message }) => message.content["text"] as string)
    .join("");
  expect(text).toBe(Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join(""));
});

test("a shutdown is answered, and ends the process though a timer lives", async () => {
  await done(request("setInterval(() => undefined, 5);"));
  const id = client.request("control", "shutdown_request", { restart: false });
  expect(await done(id)).toEqual({ status: "ok", restart: false });
  expect(await client.died).toEqual({ code: 0, signal: null });
});

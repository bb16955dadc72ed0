/** The stack's benchmark: calls and returns of the simulated program, long and deep. */
import { boot } from "kernel-sim";
import { median, table } from "./measure.mjs";

const CALLS = 1_000_000;
const RUNS = 5;
const UNLIMITED = 512 * 1024 * 1024;

/** Nanoseconds of processor time a call and return (collecting garbage included), the median of some runs after one that warms up. */
function nanoseconds(run) {
  const times = [];
  for (let i = 0; i <= RUNS; i++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    times.push(((user + system) * 1000) / CALLS);
  }
  return median(times.slice(1));
}

function program() {
  const c = boot().spawn("bench");
  c.task.limits.stack.soft = UNLIMITED;
  return c;
}

function cases() {
  const c = program();
  const leaf = c.define("int leaf(int n)", (f, n) => n + 1);
  const local = c.define("int local(int n)", (f, n) => f.local("int x", n).value);
  const loop = c.define("void loop(void)", () => {
    for (let i = 0; i < CALLS; i++) leaf(i);
  });
  const loopLocal = c.define("void loop_local(void)", () => {
    for (let i = 0; i < CALLS; i++) local(i);
  });
  const plain = c.define("int plain(int n)", (f, n) => (n === 0 ? 0 : plain(n - 1)));
  const yielded = c.define("int yielded(int n)", function* (f, n) {
    return n === 0 ? 0 : yield yielded.deep(n - 1);
  });
  const entered = c.define("int entered(int n)", () => 0);
  return [
    ["a million calls in a loop", () => loop()],
    ["the same, with a local written and read", () => loopLocal()],
    ["a thousand recursions, a thousand deep", () => repeat(() => plain(1000))],
    ["the same with function* and yield", () => repeat(() => yielded(1000))],
    ["a million deep, by enter() and leave()", () => enterAndLeave(entered)],
    ["a million deep with function* and yield", () => yielded(CALLS)],
  ];
}

function repeat(run) {
  for (let i = 0; i < CALLS / 1000; i++) run();
}

function enterAndLeave(f) {
  for (let i = 0; i < CALLS; i++) f.enter(i);
  for (let i = 0; i < CALLS; i++) f.leave();
}

export function benchCalls(print) {
  print("calls and returns on the simulated stack");
  const rows = cases().map(([name, run]) => [name, `${Math.round(nanoseconds(run))} ns`]);
  print(table(["", "a call and return"], rows));
}

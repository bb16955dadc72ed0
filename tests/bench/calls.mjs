/** The stack's benchmark: calls and returns of the simulated program, in each form that there is, long and deep. */
import { boot } from "kernel-sim";
import { median, table } from "./measure.mjs";

const CALLS = 1_000_000;
const RUNS = 5;
const UNLIMITED = 512 * 1024 * 1024;
/** Deeper than that the engine's own stack ends: a plain recursion is for depths that C programs mean to have. */
const PLAIN = "the engine's stack ends";

/** Nanoseconds of processor time a call and return (collecting garbage included), the median of some runs after one that warms up. */
function nanoseconds(run) {
  const times = [];
  for (let i = 0; i <= RUNS; i++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    times.push(((user + system) * 1000) / CALLS);
  }
  return `${Math.round(median(times.slice(1)))} ns`;
}

/** A million calls, as recursions of that depth one after another. */
function deep(run, depth) {
  return nanoseconds(() => {
    for (let i = 0; i < CALLS / depth; i++) run(depth);
  });
}

function program() {
  const c = boot().spawn("bench");
  c.task.limits.stack.soft = UNLIMITED;
  return c;
}

/** Rows: a form; in a loop; a thousand deep; a million deep. */
function rows() {
  const c = program();
  const leaf = c.define("int leaf(int n)", (f, n) => n + 1);
  const local = c.define("int local(int n)", (f, n) => f.local("int x", n).value);
  const loop = c.define("void loop(int which)", (f, which) => {
    const callee = which === 0 ? leaf : local;
    for (let i = 0; i < CALLS; i++) callee(i);
  });
  const plain = c.define("int plain(int n)", (f, n) => (n <= 1 ? n : plain(n - 1) + 1));
  const plainLocal = c.define("int plain_local(int n)", (f, n) => {
    const x = f.local("int x", n);
    return n <= 1 ? n : plainLocal(n - 1) + x.value;
  });
  const returned = c.define("int returned(int n)", (f, n) =>
    n <= 1 ? n : returned.deep(n - 1).after((below) => below + 1),
  );
  const argument = c.define("int argument(int n)", (f, n) =>
    n <= 1 ? n : argument.deep(n - 1).after((below) => below + n),
  );
  const last = c.define("int last(int n)", (f, n) => (n <= 1 ? n : last.deep(n - 1)));
  const entered = c.define("int entered(int n)", () => 0);
  const returnedLocal = c.define("int returned_local(int n)", (f, n) => {
    const x = f.local("int x", n);
    return n <= 1 ? n : returnedLocal.deep(n - 1).after((below) => below + x.value);
  });
  const add = (below, f) => below + f.named("x").value;
  const writtenOnce = c.define("int written_once(int n)", (f, n) => {
    f.local("int x", n);
    return n <= 1 ? n : writtenOnce.deep(n - 1).after(add);
  });
  const row = (name, run, first = "") => [name, first, deep(run, 1000), deep(run, CALLS)];
  return [
    ["f(n)", nanoseconds(() => loop(0)), deep(plain, 1000), PLAIN],
    ["f(n), with a local", nanoseconds(() => loop(1)), deep(plainLocal, 1000), PLAIN],
    row("return f.deep(n)", last),
    row("return f.deep(n).after(…)", returned),
    row("return f.deep(n).after(…), with the argument", argument),
    row("return f.deep(n).after(…), with a local", returnedLocal),
    row("the same, .after(add) written once", writtenOnce),
    row("f.enter(n) and f.leave()", (depth) => enterAndLeave(entered, depth)),
  ];
}

function enterAndLeave(f, depth) {
  for (let i = 0; i < depth; i++) f.enter(i);
  for (let i = 0; i < depth; i++) f.leave();
}

/** An object as small as the simulator's for a local. */
class Small {
  constructor(value) {
    this.value = value;
    this.second = value;
    this.third = value;
    this.fourth = value;
    this.fifth = value;
  }
}

/** What V8 takes to keep what `.after(…)` is given, and to call it when its turn comes, without a simulator. */
function kept(make) {
  const waiting = [];
  return nanoseconds(() => {
    for (let n = 0; n < CALLS; n++) waiting[n] = make(n);
    let result = 0;
    for (let n = CALLS - 1; n >= 0; n--) {
      result = waiting[n](result);
      waiting[n] = undefined;
    }
  });
}

function engineRows() {
  return [
    ["(below) => below + 1", kept(() => (below) => below + 1)],
    ["(below) => below + n", kept((n) => (below) => below + n)],
    [
      "(below) => below + x.value",
      kept((n) => {
        const x = new Small(n);
        return (below) => below + x.value;
      }),
    ],
  ];
}

export function benchCalls(print) {
  print("a call and its return on the simulated stack, of a million");
  print(table(["form", "in a loop", "1,000 deep", "1,000,000 deep"], rows()));
  print("");
  print("of that, what V8 takes to keep a million functions until their turn comes");
  print(table(["function", "1,000,000 kept"], engineRows()));
}

/**
 * The thread that answers traces on the simulator, so that a trace which never ends can be ended (simulator.mjs).
 * It notes in shared memory which command it executes.
 */
import { parentPort, workerData } from "node:worker_threads";
import { loadSimulator } from "./simulator.mjs";

const { directory, progress } = workerData;
const at = new Int32Array(progress);
const { boot, tracedProcess, CommandList, TraceParser, Replay } = await loadSimulator(directory);

/** How many commands of a heap trace lie between two looks at the machine's books. */
const BETWEEN_CHECKS = 16;

function answersTo({ text, checks, machine: settings, process }) {
  const machine = boot(settings);
  const list = new CommandList();
  new TraceParser("trace").parse(new TextEncoder().encode(text), list, "last");
  const every = { each: 1, often: BETWEEN_CHECKS }[checks] ?? Infinity;
  const answers = [];
  Atomics.store(at, 0, 0);
  try {
    const replay = new Replay(tracedProcess(machine.spawn("trace", process)));
    for (let word = 0; word < list.words.length && !replay.hasEnded;) {
      word = replay.execute(list, word, 1);
      answers.push(replay.answers.lineAt(replay.answers.count - 1, replay.layout));
      Atomics.store(at, 0, answers.length);
      if (answers.length % every === 0) machine.checkInvariants();
    }
    if (checks !== "never") machine.checkInvariants();
  } catch (error) {
    answers.push(`BUG: ${error.stack ?? error}`);
  }
  return answers;
}

parentPort.on("message", (request) => parentPort.postMessage(answersTo(request)));

/**
 * A Jupyter kernel over ZeroMQ: requests one after another on shell, at once on control; every message out
 * goes through an outbox, so none is lost. Follows "Messaging in Jupyter" 5.3.
 */
import { randomUUID } from "node:crypto";
import * as zmq from "zeromq";
import { bundleOf, type Bundle } from "./bundle.js";
import { CellRunner } from "./cell-runner.js";
import type { Failure } from "./failure.js";
import { Outbox } from "./outbox.js";
import { jupyter, tslabVersion, typescriptVersion, type EditorHandler } from "./tslab.js";
import { channelAddress, decode, encode, newHeader } from "./wire.js";
import type { Connection, Content, Message, ParentHeader } from "./wire.js";

export interface KernelServerOptions {
  readonly folder: string;
  readonly hiddenRoots: readonly string[];
  /** Ends the process; called once all output has left. */
  readonly exit: (code: number) => void;
  readonly now: () => Date;
}

/** Text that one cell may print without letting go of the thread, in characters; more would fill the memory. */
const MAX_WAITING_TEXT = 64 << 20;
/** How long a shutdown waits for timers of cells, so that a late failure is still told. */
const LATE_MS = 250;

export class KernelServer {
  readonly #connection: Connection;
  readonly #options: KernelServerOptions;
  readonly #session = randomUUID();
  readonly #iopubSocket = new zmq.Publisher({ sendHighWaterMark: 0, linger: 5000 });
  readonly #shell = new zmq.Router({ sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 5000 });
  readonly #control = new zmq.Router({ sendHighWaterMark: 0, linger: 5000 });
  readonly #stdin = new zmq.Router({ sendHighWaterMark: 0, linger: 0 });
  readonly #heartbeat = new zmq.Reply({ linger: 0 });
  readonly #iopub = new Outbox(this.#iopubSocket);
  readonly #shellOut = new Outbox(this.#shell);
  readonly #controlOut = new Outbox(this.#control);
  readonly #queue: { message: Message; aborted: boolean }[] = [];
  readonly #cells: CellRunner;
  readonly #editor: EditorHandler;
  readonly #parents = new Map<number, ParentHeader>();
  #draining = false;
  #ending = false;
  #count = 0;
  /** The request whose cell runs, or ran last: output that comes between cells belongs to it. */
  #parent: ParentHeader = {};
  #late: { count: number; failure: Failure } | undefined;

  constructor(connection: Connection, options: KernelServerOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#cells = new CellRunner({
      folder: options.folder,
      hiddenRoots: options.hiddenRoots,
      late: (count, failure) => this.#tellLate(count, failure),
    });
    this.#editor = new jupyter.JupyterHandlerImpl(this.#cells.executor, false);
    jupyter.lastWriteDisplayData = (data, update) =>
      this.#publish(update ? "update_display_data" : "display_data", data, this.#parent);
  }

  async listen(): Promise<void> {
    const { iopub_port, shell_port, control_port, stdin_port, hb_port } = this.#connection;
    const bind = (socket: zmq.Socket, port: number): Promise<void> =>
      socket.bind(channelAddress(this.#connection, port));
    await Promise.all([
      bind(this.#iopubSocket, iopub_port),
      bind(this.#shell, shell_port),
      bind(this.#control, control_port),
      bind(this.#stdin, stdin_port),
      bind(this.#heartbeat, hb_port),
    ]);
    this.#publish("status", { execution_state: "starting" }, {});
    void this.#receive(this.#shell, (message) => {
      this.#queue.push({ message, aborted: false });
      void this.#serveQueue();
    });
    void this.#receive(this.#control, (message) => void this.#serve(message, this.#controlOut));
    void this.#echoHeartbeats();
  }

  /** SIGINT that reached the event loop: the cell awaits something. */
  interrupt(): void {
    this.#cells.executor.interrupt();
  }

  /** A rejection or an exception that nobody has caught. */
  stray(reason: unknown): void {
    this.#cells.stray(reason);
  }

  /** Text that a cell wrote to a stream of the process. */
  write(name: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    if (this.#iopub.waitingText > MAX_WAITING_TEXT) {
      throw new Error(
        `The cell printed more than ${MAX_WAITING_TEXT >> 20} MiB without a pause. Print less, or await something between the lines.`,
      );
    }
    const parent = this.#parent;
    this.#iopub.postText(`${name} ${parent.msg_id ?? ""}`, text, (joined) =>
      this.#frames("stream", { name, text: joined }, parent, [Buffer.from("stream")]),
    );
  }

  /** Shows a value in the cell that runs, before its end. */
  async display(value: unknown): Promise<void> {
    this.#publish("display_data", displayContent(await bundleOf(value)), this.#parent);
  }

  /** Sends what waits, then ends the process. */
  async exit(code: number): Promise<void> {
    this.#ending = true;
    await Promise.all([
      this.#iopub.flushed(),
      this.#shellOut.flushed(),
      this.#controlOut.flushed(),
    ]);
    for (const socket of [this.#iopubSocket, this.#shell, this.#control]) socket.close();
    for (const socket of [this.#stdin, this.#heartbeat]) socket.close();
    this.#options.exit(code);
  }

  async #receive(socket: zmq.Router, take: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        take(decode(frames, this.#connection.key));
      } catch (error) {
        process.stderr.write(`A request was left out: ${String(error)}\n`);
      }
    }
  }

  async #echoHeartbeats(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }

  async #serveQueue(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      await this.#serve(next.message, this.#shellOut, next.aborted ? "abort" : "run");
    }
    this.#draining = false;
  }

  async #serve(message: Message, out: Outbox, how: "run" | "abort" = "run"): Promise<void> {
    const request = message.header;
    const reply = (type: string, content: Content): void =>
      out.post(() => this.#frames(type, content, request, message.identities));
    const status = (state: "busy" | "idle"): void =>
      this.#publish("status", { execution_state: state }, request);
    status("busy");
    try {
      switch (request.msg_type) {
        case "execute_request":
          if (how === "abort") reply("execute_reply", { status: "aborted" });
          else reply("execute_reply", await this.#execute(message));
          break;
        case "kernel_info_request":
          reply("kernel_info_reply", this.#kernelInfo());
          break;
        case "is_complete_request":
          reply("is_complete_reply", this.#editor.handleIsComplete(message.content));
          break;
        case "inspect_request":
          reply("inspect_reply", this.#editor.handleInspect(message.content));
          break;
        case "complete_request":
          reply("complete_reply", this.#editor.handleComplete(message.content));
          break;
        case "comm_info_request":
          reply("comm_info_reply", { status: "ok", comms: {} });
          break;
        case "history_request":
          reply("history_reply", { status: "ok", history: [] });
          break;
        case "interrupt_request":
          this.interrupt();
          reply("interrupt_reply", { status: "ok" });
          break;
        case "shutdown_request":
          await this.#waitForTimers();
          reply("shutdown_reply", { status: "ok", restart: message.content["restart"] === true });
          break;
        default:
          // The protocol has no answer for a request that a kernel does not know.
          break;
      }
    } catch (error) {
      const failure = this.#cells.describe(error);
      reply(request.msg_type.replace(/_request$/, "_reply"), { status: "error", ...failure });
    } finally {
      status("idle");
    }
    if (request.msg_type === "shutdown_request") await this.exit(0);
  }

  async #execute(message: Message): Promise<Content> {
    const { code, silent, store_history, stop_on_error } = message.content;
    const source = typeof code === "string" ? code : "";
    const quiet = silent === true;
    if (!quiet && store_history !== false) this.#count++;
    const execution_count = this.#count;
    const parent = message.header;
    this.#parent = parent;
    this.#parents.set(execution_count, parent);
    if (!quiet) this.#publish("execute_input", { code: source, execution_count }, parent);

    const ended = await this.#cells.run(source, execution_count);
    // A cell that ended the kernel gets no answer: its client sees that the kernel is gone.
    if (this.#ending) await new Promise(() => undefined);
    const late = this.#late;
    this.#late = undefined;
    let failure = ended.kind === "failure" ? ended.failure : undefined;
    if (failure === undefined && ended.kind === "value" && !quiet) {
      try {
        const content = { execution_count, ...displayContent(await bundleOf(ended.value)) };
        this.#publish("execute_result", content, parent);
      } catch (error) {
        failure = this.#cells.describe(error);
      }
    }
    failure ??= late && lateFailure(late.count, late.failure);
    if (failure === undefined) {
      return { status: "ok", execution_count, user_expressions: {}, payload: [] };
    }
    if (!quiet) this.#publish("error", { ...failure }, parent);
    if (stop_on_error !== false) await this.#abortWaiting();
    return { status: "error", execution_count, ...failure };
  }

  /** Marks the execute requests that have arrived by now as aborted; later ones were sent after the failure. */
  async #abortWaiting(): Promise<void> {
    let seen = -1;
    for (let quiet = 0; quiet < 4; quiet++) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (this.#queue.length !== seen) quiet = 0;
      seen = this.#queue.length;
    }
    for (const waiting of this.#queue) waiting.aborted = true;
  }

  /** Tells of a failure after its cell: under that cell, and as a failure of the next one that ends. */
  #tellLate(count: number, failure: Failure): void {
    this.#publish("error", { ...failure }, this.#parents.get(count) ?? this.#parent);
    this.#late ??= { count, failure };
  }

  /** Gives timers of cells a moment to end, so that a rejection shortly after the last cell is not lost. */
  async #waitForTimers(): Promise<void> {
    const end = Date.now() + LATE_MS;
    do {
      await new Promise((resolve) => setTimeout(resolve, 10).unref());
    } while (Date.now() < end && process.getActiveResourcesInfo().includes("Timeout"));
    // On a busy machine the moment may be over before a timer that was due in it had its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }

  #kernelInfo(): Content {
    const info = this.#editor.handleKernel();
    return {
      ...info,
      status: "ok",
      protocol_version: "5.3",
      implementation: "memory-course",
      implementation_version: tslabVersion,
      banner: `TypeScript ${typescriptVersion} (tslab ${tslabVersion}, Node ${process.version})`,
      language_info: { ...info.language_info, version: typescriptVersion },
    };
  }

  #publish(type: string, content: Content, parent: ParentHeader): void {
    this.#iopub.post(() => this.#frames(type, content, parent, [Buffer.from(type)]));
  }

  #frames(
    type: string,
    content: Content,
    parent: ParentHeader,
    identities: readonly Uint8Array[],
  ): (Uint8Array | string)[] {
    const header = newHeader(type, this.#session, this.#options.now());
    return encode({ identities, header, parent, metadata: {}, content }, this.#connection.key);
  }
}

function displayContent(data: Bundle): Content {
  return { data, metadata: {}, transient: {} };
}

function lateFailure(count: number, failure: Failure): Failure {
  const evalue = `after its cell In[${count}] had ended: ${failure.evalue}`;
  return { ename: failure.ename, evalue, traceback: [`${failure.ename}: ${evalue}`] };
}

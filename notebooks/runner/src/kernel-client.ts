/**
 * A kernel in a process of its own, and the channels to it. Linux and macOS talk over ipc: files in a folder
 * of ours, so that no port can be taken; elsewhere over tcp. Ends with this process, whatever ends it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as zmq from "zeromq";
import {
  channelAddress,
  decode,
  encode,
  KERNEL_NAME,
  kernelProgram,
  newHeader,
  nodeOptions,
  Outbox,
  type Connection,
  type Content,
  type Message,
} from "@memory-course/kernel";
import { Problem } from "./problem.js";

/** What came from the kernel, on which channel. */
export interface Arrival {
  readonly channel: "shell" | "iopub" | "control";
  readonly message: Message;
}

/** How a kernel's process ended. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface KernelClientOptions {
  /** The notebook's folder. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly startTimeoutMs: number;
}

/** How long to wait for the end of a connection whose kernel has ended. */
const DRAIN_MS = 2000;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Kernels that live, so that they can be ended with this process. */
const living = new Set<KernelClient>();
let watching = false;

export class KernelClient {
  readonly #folder: string;
  readonly #connection: Connection;
  readonly #process: ChildProcess;
  readonly #session = randomUUID();
  readonly #shell = new zmq.Dealer({ sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 0 });
  readonly #iopub = new zmq.Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  readonly #control = new zmq.Dealer({ sendHighWaterMark: 0, linger: 0 });
  readonly #shellOut = new Outbox(this.#shell);
  readonly #controlOut = new Outbox(this.#control);
  readonly #listeners = new Set<(arrival: Arrival) => void>();
  /** Resolves when the process has ended, and what it sent before has arrived. */
  readonly died: Promise<Death>;
  #complaint = "";
  #ended = false;
  #received = 0;
  /** Resolves when the kernel's end of iopub is gone. */
  readonly #disconnected: Promise<void>;

  private constructor(folder: string, connection: Connection, process_: ChildProcess) {
    this.#folder = folder;
    this.#connection = connection;
    this.#process = process_;
    for (const stream of [process_.stdout, process_.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#complaint = (this.#complaint + chunk.toString()).slice(-20_000);
      });
    }
    this.#disconnected = new Promise((resolve) => {
      this.#iopub.events.on("disconnect", () => resolve());
    });
    this.died = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        // A program that a cell runs does not outlive its kernel.
        this.kill();
        this.#ended = true;
        void this.#drained().then(() => resolve({ code, signal }));
      };
      process_.once("exit", end);
      process_.once("error", (error) => {
        this.#complaint += error.message;
        end(null, null);
      });
    });
    living.add(this);
    void this.died.then(() => living.delete(this));
  }

  /** Starts a kernel and waits until it answers on both channels; throws a Problem where it does not. */
  static async start(options: KernelClientOptions): Promise<KernelClient> {
    watchThisProcess();
    const folder = mkdtempSync(join(tmpdir(), "memk-"));
    const connection = await newConnection(folder);
    const file = join(folder, "connection.json");
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    const process_ = spawn(process.execPath, [...nodeOptions, kernelProgram, file], {
      cwd: options.folder,
      env: { ...options.environment, JPY_PARENT_PID: String(process.pid) },
      stdio: ["ignore", "pipe", "pipe"],
      // A Ctrl-C in the terminal reaches this process alone, which ends its kernels in order.
      detached: true,
    });
    const client = new KernelClient(folder, connection, process_);
    try {
      await client.#connect(options.startTimeoutMs);
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** What the kernel's process itself printed, in short: empty unless something went wrong. */
  get complaint(): string {
    const lines = this.#complaint.split("\n").filter((line) => line.trim() !== "");
    const fatal = lines.filter((line) => line.startsWith("FATAL ERROR"));
    return (fatal.length > 0 ? fatal : lines.slice(-6)).join("\n");
  }

  /** Sends a request and answers its id. */
  request(channel: "shell" | "control", type: string, content: Content): string {
    const header = newHeader(type, this.#session, new Date());
    const message = { identities: [], header, parent: {}, metadata: {}, content };
    const out = channel === "shell" ? this.#shellOut : this.#controlOut;
    out.post(() => encode(message, this.#connection.key));
    return header.msg_id;
  }

  /** Hears of all that arrives until the answer is called. */
  listen(listener: (arrival: Arrival) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  interrupt(): void {
    this.#signal("SIGINT");
  }

  kill(): void {
    this.#signal("SIGKILL");
  }

  /** Sends a signal to the kernel and to the programs that its cells run: they are one process group. */
  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined || this.#ended) return;
    try {
      if (process.platform === "win32") this.#process.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // The group has ended already.
    }
  }

  /** Asks the kernel to end, and makes it end where it does not within the time. */
  async shutdown(timeoutMs: number): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.request("control", "shutdown_request", { restart: false });
      const timer = setTimeout(() => this.kill(), timeoutMs);
      await this.died;
      clearTimeout(timer);
    }
    this.close();
  }

  /** Ends the process at once and gives back what it held. */
  close(): void {
    this.kill();
    living.delete(this);
    for (const socket of [this.#shell, this.#iopub, this.#control]) {
      if (!socket.closed) socket.close();
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #connect(timeoutMs: number): Promise<void> {
    const { shell_port, iopub_port, control_port } = this.#connection;
    this.#shell.connect(channelAddress(this.#connection, shell_port));
    this.#control.connect(channelAddress(this.#connection, control_port));
    this.#iopub.connect(channelAddress(this.#connection, iopub_port));
    this.#iopub.subscribe();
    void this.#receive("shell", this.#shell);
    void this.#receive("iopub", this.#iopub);
    void this.#receive("control", this.#control);

    // A subscription takes a moment to arrive, and what is published before is lost: so ask again until both answer.
    let replied = false;
    let published = false;
    const asked = new Set<string>();
    await new Promise<void>((resolve, reject) => {
      let asking: NodeJS.Timeout | undefined;
      const end = (problem?: Problem): void => {
        clearTimeout(asking);
        clearTimeout(waiting);
        stop();
        if (problem === undefined) resolve();
        else reject(problem);
      };
      const stop = this.listen(({ channel, message }) => {
        if (!asked.has(message.parent.msg_id ?? "")) return;
        if (channel === "shell") replied = true;
        if (channel === "iopub") published = true;
        if (replied && published) end();
        else if (replied) ask(25);
      });
      const ask = (againMs: number): void => {
        clearTimeout(asking);
        asked.add(this.request("shell", "kernel_info_request", {}));
        asking = setTimeout(() => ask(500), againMs);
      };
      const waiting = setTimeout(
        () => end(new Problem(`The kernel did not answer within ${timeoutMs / 1000} s.`)),
        timeoutMs,
      );
      void this.died.then(() =>
        end(new Problem(`The kernel did not start.${this.complaint && `\n${this.complaint}`}`)),
      );
      ask(500);
    });
  }

  /**
   * Resolves when all that the kernel sent before its end has arrived: libzmq has seen the end of the connection,
   * so it has read all that was in it, and a while has passed in which no message was delivered.
   */
  async #drained(): Promise<void> {
    await Promise.race([this.#disconnected, wait(DRAIN_MS)]);
    for (let seen = -1; seen !== this.#received;) {
      seen = this.#received;
      await wait(50);
    }
  }

  async #receive(channel: Arrival["channel"], socket: zmq.Dealer | zmq.Subscriber): Promise<void> {
    for await (const frames of socket) {
      this.#received++;
      const message = decode(frames, this.#connection.key);
      for (const listener of this.#listeners) listener({ channel, message });
    }
  }
}

/** Ends all kernels that this process has started; they must not outlive it. */
export function closeAllKernels(): void {
  for (const client of [...living]) client.close();
}

function watchThisProcess(): void {
  if (watching) return;
  watching = true;
  process.on("exit", closeAllKernels);
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.once(signal, () => {
      closeAllKernels();
      process.exit(code);
    });
  }
}

async function newConnection(folder: string): Promise<Connection> {
  const common = { key: randomUUID(), signature_scheme: "hmac-sha256", kernel_name: KERNEL_NAME };
  if (process.platform !== "win32") {
    return {
      transport: "ipc",
      ip: join(folder, "k"),
      shell_port: 1,
      iopub_port: 2,
      stdin_port: 3,
      control_port: 4,
      hb_port: 5,
      ...common,
    };
  }
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts();
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  return { transport: "tcp", ip: "127.0.0.1", ...ports, ...common };
}

/** Five ports that are free now, all held at once, so that they differ. */
async function freePorts(): Promise<[number, number, number, number, number]> {
  const servers = await Promise.all(
    [0, 1, 2, 3, 4].map(
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports as [number, number, number, number, number];
}

/**
 * A queue before a ZeroMQ socket that loses nothing.
 * zeromq 6 takes some 500 messages at once and then throws EBUSY until the event loop has turned: what it does
 * not take waits here, in order. Text for one stream of one request that waits is joined into one message.
 * Handing over at once matters where a cell ends its process: what libzmq holds leaves by a thread of its own.
 */

/** The one thing that an outbox needs of a socket. */
export interface Sender {
  send(frames: (Uint8Array | string)[]): Promise<void>;
}

/** Something to send: its frames are made when its turn comes. */
interface Letter {
  readonly frames: () => (Uint8Array | string)[];
}

/** Text that can still grow until it is sent. */
interface TextLetter extends Letter {
  readonly joinKey: string;
  readonly texts: string[];
  length: number;
}

/** Longest text of one message; longer output makes further messages. */
const MAX_TEXT = 1 << 20;

export class Outbox {
  readonly #sender: Sender;
  readonly #waiting: (Letter | TextLetter)[] = [];
  /** The last send that zeromq took. */
  #taken: Promise<void> = Promise.resolve();
  /** Set while zeromq is busy. */
  #busy: Promise<void> | undefined;
  #waitingText = 0;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Characters of text that wait; they grow only while a cell does not let go of the thread. */
  get waitingText(): number {
    return this.#waitingText;
  }

  post(frames: () => (Uint8Array | string)[]): void {
    this.#waiting.push({ frames });
    this.#send();
  }

  /** Posts `text` under `joinKey`; `frames` makes the message of all the text joined under it. */
  postText(joinKey: string, text: string, frames: (text: string) => (Uint8Array | string)[]): void {
    this.#waitingText += text.length;
    const last = this.#waiting.at(-1);
    if (
      last !== undefined &&
      "joinKey" in last &&
      last.joinKey === joinKey &&
      last.length < MAX_TEXT
    ) {
      last.texts.push(text);
      last.length += text.length;
      return;
    }
    const texts = [text];
    this.#waiting.push({
      joinKey,
      texts,
      length: text.length,
      frames: () => frames(texts.join("")),
    });
    this.#send();
  }

  /** Resolves once all that was posted has been handed to the socket. */
  async flushed(): Promise<void> {
    while (this.#busy !== undefined) await this.#busy;
    await this.#taken;
  }

  #send(): void {
    if (this.#busy !== undefined) return;
    for (let letter = this.#waiting[0]; letter !== undefined; letter = this.#waiting[0]) {
      try {
        this.#taken = this.#sender.send(letter.frames());
        // A socket that was closed takes nothing more, and nobody is there to hear.
        this.#taken.catch(() => undefined);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EBUSY") this.#waitUntilFree();
        else this.#waiting.length = 0;
        return;
      }
      this.#waiting.shift();
      if ("length" in letter) this.#waitingText -= letter.length;
    }
  }

  #waitUntilFree(): void {
    this.#busy = this.#taken
      .catch(() => undefined)
      .then(() => {
        this.#busy = undefined;
        this.#send();
      });
  }
}

import { expect, test } from "vitest";
import { Outbox, type Sender } from "./outbox.js";

/** A socket as zeromq 6 makes them: `room` sends at once, then EBUSY until the event loop turns. */
function busySocket(room: number): Sender & { readonly sent: string[] } {
  const sent: string[] = [];
  let left = room;
  let writing = false;
  return {
    sent,
    send(frames): Promise<void> {
      if (writing) throw Object.assign(new Error("busy writing"), { code: "EBUSY" });
      if (left-- > 0) {
        sent.push(String(frames[0]));
        return Promise.resolve();
      }
      writing = true;
      return new Promise((resolve) =>
        setImmediate(() => {
          sent.push(String(frames[0]));
          left = room;
          writing = false;
          resolve();
        }),
      );
    },
  };
}

test("every message leaves, in order, though the socket is busy most of the time", async () => {
  const socket = busySocket(3);
  const outbox = new Outbox(socket);
  for (let i = 0; i < 50; i++) outbox.post(() => [`${i}`]);
  await outbox.flushed();
  expect(socket.sent).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
});

test("text is handed over at once while the socket takes it, and joined while it does not", async () => {
  const socket = busySocket(2);
  const outbox = new Outbox(socket);
  for (let i = 0; i < 10; i++) outbox.postText("stdout", `${i}`, (text) => [text]);
  expect(socket.sent).toEqual(["0", "1"]);
  expect(outbox.waitingText).toBe(7);
  await outbox.flushed();
  expect(socket.sent.join("")).toBe("0123456789");
  expect(socket.sent.length).toBeLessThan(6);
  expect(outbox.waitingText).toBe(0);
});

test("text of another stream keeps its place", async () => {
  const socket = busySocket(0);
  const outbox = new Outbox(socket);
  for (const [key, text] of [
    ["out", "a"],
    ["out", "b"],
    ["err", "c"],
    ["out", "d"],
  ] as const) {
    outbox.postText(key, text, (joined) => [`${key}:${joined}`]);
  }
  await outbox.flushed();
  expect(socket.sent.join(" ")).toBe("out:a out:b err:c out:d");
});

test("a closed socket takes nothing and breaks nothing", async () => {
  const outbox = new Outbox({
    send: () => {
      throw Object.assign(new Error("Socket is closed"), { code: "EBADF" });
    },
  });
  outbox.post(() => ["x"]);
  await outbox.flushed();
});

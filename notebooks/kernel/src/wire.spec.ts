import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import {
  channelAddress,
  decode,
  encode,
  newHeader,
  type Connection,
  type Message,
} from "./wire.js";

const message: Message = {
  identities: [Buffer.from("client")],
  header: newHeader("execute_request", "session", new Date("2026-01-02T03:04:05Z")),
  parent: {},
  metadata: {},
  content: { code: "ünïcode 🂡" },
};
const frames = (key: string): Buffer[] => encode(message, key).map((frame) => Buffer.from(frame));

test("what is encoded is decoded to the same message", () => {
  expect(decode(frames("key"), "key")).toEqual(message);
  expect(decode(frames(""), "")).toEqual(message);
});

test("the signature is the HMAC-SHA256, in hex, of header, parent, metadata and content", () => {
  const [identity, delimiter, signature, ...parts] = frames("key");
  expect([identity?.toString(), delimiter?.toString()]).toEqual(["client", "<IDS|MSG>"]);
  const mac = createHmac("sha256", "key");
  for (const part of parts) mac.update(part);
  expect(signature?.toString()).toBe(mac.digest("hex"));
});

test("a wrong signature, a missing delimiter and a missing part are refused", () => {
  expect(() => decode(frames("key"), "other")).toThrow(/signature/);
  expect(() => decode(frames("key").slice(2), "key")).toThrow(/delimiter/);
  expect(() => decode(frames("key").slice(0, 4), "key")).toThrow(/parts/);
});

test("addresses join by a colon over tcp, by a dash over ipc", () => {
  const connection = { transport: "tcp", ip: "127.0.0.1" } as Connection;
  expect(channelAddress(connection, 5555)).toBe("tcp://127.0.0.1:5555");
  expect(channelAddress({ ...connection, transport: "ipc", ip: "/tmp/k" }, 1)).toBe(
    "ipc:///tmp/k-1",
  );
});

/**
 * Jupyter's messages as they travel over ZeroMQ: frames in, a message out, and back, signed.
 * Source: "Messaging in Jupyter", the wire protocol, version 5.3. Pure: no socket, no clock.
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** What a connection file says: where a kernel listens and with which key messages are signed. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
  readonly kernel_name?: string;
}

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** The header of the message that caused this one; empty where nothing did. */
export type ParentHeader = Header | Record<string, never>;

export type Content = Readonly<Record<string, unknown>>;

export interface Message {
  /** Routing frames that come before the delimiter; a reply carries those of its request. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parent: ParentHeader;
  readonly metadata: Content;
  readonly content: Content;
}

const DELIMITER = "<IDS|MSG>";

/** The address of one channel, as libzmq wants it: ipc joins path and number by a dash. */
export function channelAddress(connection: Connection, port: number): string {
  const separator = connection.transport === "ipc" ? "-" : ":";
  return `${connection.transport}://${connection.ip}${separator}${port}`;
}

/** A new header; the date comes from the caller, since a message is otherwise plain data. */
export function newHeader(type: string, session: string, date: Date): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "memory-course",
    date: date.toISOString(),
    version: "5.3",
  };
}

/** Frames of a message, signed with the connection's key (HMAC-SHA256; an empty key signs nothing). */
export function encode(message: Message, key: string): (Uint8Array | string)[] {
  const parts = [message.header, message.parent, message.metadata, message.content].map((part) =>
    JSON.stringify(part),
  );
  return [...message.identities, DELIMITER, signature(parts, key), ...parts];
}

/** The message in some frames; throws where the delimiter, a part or the signature is wrong. */
export function decode(frames: readonly Uint8Array[], key: string): Message {
  const at = frames.findIndex((frame) => Buffer.from(frame).toString("latin1") === DELIMITER);
  if (at < 0) throw new Error("a message without the delimiter <IDS|MSG>");
  const parts = frames.slice(at + 2, at + 6).map((frame) => Buffer.from(frame).toString("utf8"));
  if (parts.length < 4) throw new Error("a message with fewer than four parts");
  const given = Buffer.from(frames[at + 1] ?? []);
  const wanted = Buffer.from(signature(parts, key));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new Error("a message whose signature does not fit its content");
  }
  const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part) as unknown);
  return {
    identities: frames.slice(0, at),
    header: header as Header,
    parent: parent as ParentHeader,
    metadata: metadata as Content,
    content: content as Content,
  };
}

function signature(parts: readonly string[], key: string): string {
  if (key === "") return "";
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest("hex");
}

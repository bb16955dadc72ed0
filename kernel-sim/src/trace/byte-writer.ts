/** Text put together as bytes, without a string for every line. */
export class ByteWriter {
  bytes: Uint8Array;
  length = 0;

  constructor(capacity = 64 * 1024) {
    this.bytes = new Uint8Array(capacity);
  }

  clear(): void {
    this.length = 0;
  }

  /** Text of characters below 256, as the language's answers are. */
  text(text: string): void {
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.bytes[this.length++] = byte;
  }

  /** `0x…`, as `hex()` writes a number from 0 up. */
  hex(value: number): void {
    this.#reserve(18);
    this.bytes[this.length++] = 0x30;
    this.bytes[this.length++] = 0x78;
    let digits = 1;
    for (let rest = value; rest >= 16; rest = Math.floor(rest / 16)) digits++;
    let rest = value;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const digit = rest % 16;
      this.bytes[at] = digit < 10 ? 0x30 + digit : 0x57 + digit;
      rest = Math.floor(rest / 16);
    }
    this.length += digits;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.length + count));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

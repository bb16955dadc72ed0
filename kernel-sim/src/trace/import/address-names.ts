/** Which mapping of a log holds an address, newest first: a later mapping hides an older one below it. */
export class AddressNames {
  readonly #mappings: { readonly name: string; readonly start: number; readonly end: number }[] =
    [];

  add(name: string, start: number, lengthBytes: number): void {
    this.#mappings.push({ name, start, end: start + lengthBytes });
  }

  /** `NAME` or `NAME+0x…`, or undefined where no mapping of the log holds the address. */
  expression(address: number): string | undefined {
    const found = this.#mappings.findLast(({ start, end }) => start <= address && address < end);
    if (found === undefined) return undefined;
    const distance = address - found.start;
    return distance === 0 ? found.name : `${found.name}+0x${distance.toString(16)}`;
  }
}

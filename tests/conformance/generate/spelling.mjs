/** The ways in which the trace language lets a number be written. */

const suffixes = [
  [2 ** 30, "G"],
  [2 ** 20, "M"],
  [2 ** 10, "K"],
];

/** A decimal number as hexadecimal, or with a suffix where one fits. */
function respelled(random, digits) {
  const value = Number(digits);
  const fitting = suffixes.find(([unit]) => value >= unit && value % unit === 0);
  if (fitting !== undefined && random.chance(0.5)) return `${value / fitting[0]}${fitting[1]}`;
  return `0x${value.toString(16)}`;
}

/** The line with some of its numbers written otherwise: hexadecimal, or with K, M or G; the numbers are the same. */
export function respell(random, line) {
  return line
    .split(" ")
    .map((word) => {
      const found = /^(|(?:at=)?[a-z]\w*[+-]|off=)(\d+)$/.exec(word);
      if (found === null || random.chance(0.4)) return word;
      return found[1] + respelled(random, found[2]);
    })
    .join(" ");
}

/** Measures and changes the page in turns, all blocks together: forty blocks cost one layout, not forty. */

/** Reads the page; what it returns changes the page. */
export type Measure = () => (() => void) | null;

const waiting = new Map<object, Measure>();
let asked = false;

/** A change may ask for another measure: it is done before the same picture, so that no half-made one is seen. */
const mostRounds = 4;

function run(): void {
  try {
    for (let round = 0; round < mostRounds && waiting.size > 0; round++) {
      const measures = [...waiting.values()];
      waiting.clear();
      for (const change of measures.map((measure) => measure())) change?.();
    }
  } finally {
    asked = false;
    if (waiting.size > 0) ask();
  }
}

function ask(): void {
  if (!asked) requestAnimationFrame(run);
  asked = true;
}

/** Runs `measure` before the next picture is drawn; once, however often it is asked for `owner`. */
export function beforeNextFrame(owner: object, measure: Measure): void {
  waiting.set(owner, measure);
  ask();
}

/** Measures and changes the page in turns, all blocks together: forty blocks cost one layout, not forty. */

/** Reads the page; what it returns changes the page. */
export type Measure = () => (() => void) | null;

const waiting = new Map<object, Measure>();

function run(): void {
  const measures = [...waiting.values()];
  waiting.clear();
  for (const change of measures.map((measure) => measure())) change?.();
}

/** Runs `measure` before the next picture is drawn; once, however often it is asked for `owner`. */
export function beforeNextFrame(owner: object, measure: Measure): void {
  if (waiting.size === 0) requestAnimationFrame(run);
  waiting.set(owner, measure);
}

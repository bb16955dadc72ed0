/**
 * Where boxes of a column go that each want to stand at a height of their own: in order, `gap` apart, as near to
 * where they want to be as that allows. They begin at 0 at the least, and end within `room` where they fit in it.
 */
export function stack(
  boxes: readonly { wanted: number; height: number }[],
  gap: number,
  room: number,
): number[] {
  const tops: number[] = [];
  let free = 0;
  for (const { wanted, height } of boxes) {
    const top = Math.max(wanted, free);
    tops.push(top);
    free = top + height + gap;
  }
  let limit = Math.max(room, total(boxes, gap));
  for (let index = boxes.length - 1; index >= 0; index--) {
    const height = boxes[index]?.height ?? 0;
    const top = Math.min(tops[index] ?? 0, limit - height);
    tops[index] = top;
    limit = top - gap;
  }
  return tops;
}

function total(boxes: readonly { height: number }[], gap: number): number {
  return boxes.reduce((sum, { height }) => sum + height + gap, -gap);
}

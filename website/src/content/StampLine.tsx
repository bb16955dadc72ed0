/** Where an answer was taken. */
import type { ReactNode } from "react";
import type { Stamp } from "@memory-course/pages";

export default function StampLine({ stamp }: { readonly stamp: Stamp }): ReactNode {
  const parts = [stamp.simulator, stamp.kernel, stamp.libc, stamp.compiler, stamp.date].filter(
    (part) => part !== undefined,
  );
  if (stamp.recorded === true) parts.push("recorded");
  if (parts.length === 0) return null;
  return <p className="stamp">{parts.join(" · ")}</p>;
}

/** Where an answer was taken. */
import { Fragment } from "react";
import type { ReactNode } from "react";
import type { Stamp } from "@memory-course/pages";

export default function StampLine({ stamp }: { readonly stamp: Stamp }): ReactNode {
  const parts = [stamp.simulator, stamp.kernel, stamp.libc, stamp.compiler, stamp.date].filter(
    (part) => part !== undefined,
  );
  if (stamp.recorded === true) parts.push("recorded");
  if (parts.length === 0) return null;
  return (
    <p className="stamp">
      {parts.map((part, index) => (
        <Fragment key={part}>
          {index > 0 && " · "}
          <span>{part}</span>
        </Fragment>
      ))}
    </p>
  );
}

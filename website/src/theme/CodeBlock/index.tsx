/** Stands for the theme's code block, which needs Prism; every block of this site was highlighted before the build. */
import type { ReactNode } from "react";

export default function CodeBlock({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <div className="code">
      <pre tabIndex={0}>
        <code>{children}</code>
      </pre>
    </div>
  );
}

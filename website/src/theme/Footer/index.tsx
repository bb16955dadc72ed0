import type { ReactNode } from "react";
import RunLink from "@site/src/components/RunLink";

export default function Footer(): ReactNode {
  return (
    <footer className="site-footer">
      <p>
        Every answer on these pages was executed: by the C programs on Linux, by the notebooks on
        the simulator. <RunLink>Run them yourself</RunLink>.
      </p>
      <p>MIT licence.</p>
    </footer>
  );
}

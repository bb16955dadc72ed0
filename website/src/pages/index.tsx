import type { ReactNode } from "react";
import Layout from "@theme/Layout";
import Landing from "@site/src/components/Landing";

export default function Home(): ReactNode {
  return (
    <Layout
      title="A course that runs"
      description="What memory costs on Linux, chapter by chapter: C programs on the real kernel beside a simulator that answers the same."
    >
      <Landing />
    </Layout>
  );
}

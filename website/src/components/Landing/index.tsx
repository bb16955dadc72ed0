/** What this is, in one screen, and where to begin. */
import type { ReactNode } from "react";
import Link from "@docusaurus/Link";
import RunLink from "@site/src/components/RunLink";
import site from "@site/.build/site.json";

const { chapters } = site;

export default function Landing(): ReactNode {
  const first = chapters[0];
  return (
    <main className="landing">
      <section className="intro">
        <h1>Memory, for C programmers: a course that runs</h1>
        <p className="intro-lead">
          What does <code>malloc(1)</code> cost? Where did the memory go that <code>free()</code>{" "}
          gave back? Each chapter asks a program. C runs on real Linux, a notebook asks a simulator
          beside it, and the two answers are compared to the last byte.
        </p>
        <p className="intro-actions">
          {first !== undefined && (
            <Link className="button-main" to={`/${first.path}`}>
              Begin{first.number === null ? "" : ` with chapter ${first.number}`}: {first.title}
            </Link>
          )}
          <RunLink>Run it yourself</RunLink>
        </p>
      </section>
      <section aria-labelledby="chapters">
        <h2 id="chapters">Chapters</h2>
        <ol className="chapter-list">
          {chapters.map((chapter) => (
            <li key={chapter.path}>
              <span className="chapter-number" aria-hidden="true">
                {chapter.number}
              </span>
              <div>
                <Link to={`/${chapter.path}`}>{chapter.title}</Link>
                <p>{chapter.description}</p>
              </div>
            </li>
          ))}
        </ol>
      </section>
    </main>
  );
}

/** What this is, in one screen, and where to begin. */
import type { ReactNode } from "react";
import Link from "@docusaurus/Link";
import useBaseUrl from "@docusaurus/useBaseUrl";
import landing from "@site/.build/landing.json";
import site from "@site/.build/site.json";
import RunLink from "@site/src/components/RunLink";
import Comparison from "@site/src/content/Comparison";
import { formatSize } from "@site/src/content/format-size";

const { chapters } = site;
const { course, showcase } = landing;

function Intro(): ReactNode {
  const first = chapters[0];
  return (
    <div className="intro">
      <h1>Memory, for C programmers: a course that runs</h1>
      <p className="intro-lead">
        What does <code>malloc(1)</code> cost? Where did the memory go that <code>free()</code> gave
        back? Each chapter asks a program. C runs on real Linux, a notebook asks a simulator beside
        it, and the two answers are compared to the last byte.
      </p>
      <p className="intro-actions">
        {first !== undefined && (
          <Link className="button-main" to={`/${first.path}`}>
            Begin{first.number === null ? "" : ` with chapter ${first.number}`}
          </Link>
        )}
        <RunLink>Run it yourself</RunLink>
      </p>
    </div>
  );
}

function Example(): ReactNode {
  if (showcase === null) return null;
  return (
    <figure className="showcase">
      <Comparison output={showcase.output} name="showcase" />
      <figcaption>
        From <Link to={`/${showcase.path}`}>{showcase.chapter.toLowerCase()}</Link>: what a C
        program printed, and what the notebook computed.
      </figcaption>
    </figure>
  );
}

export default function Landing(): ReactNode {
  return (
    <main className="landing">
      <div className="opening">
        <Intro />
        <Example />
      </div>
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
        <p className="take-home">
          <a href={useBaseUrl(course.file)} download={course.name}>
            {course.label}
          </a>{" "}
          ({formatSize(course.sizeBytes)}): notebooks, C programs, pictures.
        </p>
      </section>
    </main>
  );
}

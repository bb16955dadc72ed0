/** The excerpts of a page come to life. Their code and their data are fetched, where the page has excerpts. */
import type { ListingProps } from "annotated-excerpt/html";
import type { ListingData } from "@memory-course/pages";

/** Seconds until a file that did not come is asked for again. */
const patience = [1, 4, 15];

/** Ends after the time, or when the network is there again. */
function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
    window.addEventListener("online", () => resolve(), { once: true, signal });
  });
}

async function fetchData(
  path: string,
  signal: AbortSignal,
  [seconds, ...later] = patience,
): Promise<ListingData> {
  try {
    const answer = await fetch(path, { signal, priority: "low" });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return (await answer.json()) as ListingData;
  } catch (error) {
    // A network that fails is a TypeError; a server that says no will say it again.
    if (seconds === undefined || signal.aborted || !(error instanceof TypeError)) throw error;
    await pause(seconds, signal);
    return fetchData(path, signal, later);
  }
}

function propsIn({ files, excerpts }: ListingData, id: string): ListingProps {
  const excerpt = excerpts[id];
  const file = excerpt && files[excerpt.file];
  if (file === undefined) throw new Error(`The page's data does not know ${id}.`);
  return { ...excerpt, file };
}

/** Notes and menus work as soon as the code is there; the rest when the data of the excerpts is there too. */
export async function enableListings(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const path = root.querySelector<HTMLElement>("[data-listings]")?.dataset["listings"];
  if (path === undefined) return;
  const { enhance, enhancePair } = await import("annotated-excerpt/client");
  if (signal.aborted) return;
  const data = fetchData(path, signal);
  const propsOf = async (id: string): Promise<ListingProps> => propsIn(await data, id);
  const endWithPage = (end: () => void): void => signal.addEventListener("abort", end);
  for (const block of root.querySelectorAll<HTMLElement>("[data-listing]")) {
    endWithPage(enhance(block, propsOf(block.dataset["listing"] ?? "")));
  }
  for (const block of root.querySelectorAll<HTMLElement>("[data-pair]")) {
    const [left = "", right = ""] = block.dataset["pair"]?.split(" ") ?? [];
    const pair = Promise.all([propsOf(left), propsOf(right)]);
    block.querySelectorAll(".ax-side").forEach((side, index) => {
      endWithPage(enhance(side, propsOf(index === 0 ? left : right)));
    });
    endWithPage(
      enhancePair(
        block,
        pair.then((sides) => ({ left: sides[0], right: sides[1] })),
      ),
    );
  }
  await data;
}

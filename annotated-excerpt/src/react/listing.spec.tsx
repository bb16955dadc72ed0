import { renderToStaticMarkup, renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { exampleModel } from "../html/example.testing.js";
import { listingHtml } from "../html/listing-html.js";
import { Listing } from "./listing.js";
import { ListingPair } from "./listing-pair.js";

test("<Listing> renders on the server what listingHtml() writes", async () => {
  const file = await exampleModel();
  const html = listingHtml({ file, region: "sum" });
  expect(renderToStaticMarkup(<Listing file={file} region="sum" />)).toBe(
    `<div class="ax-block">${html}</div>`,
  );
});

test("<ListingPair> renders both on the server", async () => {
  const file = await exampleModel();
  const html = renderToString(
    <ListingPair left={{ file, region: "sum" }} right={{ file, region: "use" }} />,
  );
  expect(html).toContain(listingHtml({ file, region: "sum" }));
  expect(html).toContain(listingHtml({ file, region: "use" }));
});

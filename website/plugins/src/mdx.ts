/** The thin page that Docusaurus reads: front matter, the table of contents, and one component that gets the data. */

export interface MdxPage {
  readonly title: string;
  readonly description: string;
  readonly sidebarLabel: string;
  readonly slug: string;
  /** Name of the JSON file beside the page. */
  readonly dataFile: string;
}

/** YAML reads any JSON string as itself. */
const yaml = (text: string): string => JSON.stringify(text);

export function mdxPage(page: MdxPage): string {
  return `---
title: ${yaml(page.title)}
description: ${yaml(page.description)}
sidebar_label: ${yaml(page.sidebarLabel)}
slug: ${yaml(page.slug)}
hide_title: true
---

import Page from "@site/src/components/Page";
import page from ${JSON.stringify(`./${page.dataFile}`)};

export const toc = page.toc;

<Page page={page} />
`;
}

/** C listings: read once, cut for pages, offered to save. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkUse, cut, ListingError, parseSource } from "annotated-excerpt";
import { listingDownloads } from "annotated-excerpt/download";
import { anchors, fileModel } from "annotated-excerpt/page";
import type { Downloads } from "./downloads.js";
import type { Download, FileModel } from "./model.js";

/** Where an excerpt is cut from: what `listing("FILE#REGION")` says in a notebook. */
export interface ExcerptReference {
  readonly file: string;
  readonly region: string | undefined;
  /** Notebook and cell, for messages. */
  readonly where: string;
}

export interface ShownExcerpt {
  readonly model: FileModel;
  readonly downloads: readonly Download[];
  /** Ids that a link may lead to. */
  readonly anchors: readonly string[];
}

export interface Listings {
  /** The excerpt for a page; throws a ListingError where there is no such file or region. */
  readonly show: (reference: ExcerptReference) => Promise<ShownExcerpt>;
  /** Throws a ListingError for regions that no page shows, in the files that pages do show. */
  readonly checkAllShown: () => void;
}

type Source = ReturnType<typeof parseSource>;

const standardFlags = ["-Wall", "-Wextra", "-Werror", "-O0", "-g"];

/** How to compile and run a listing that was saved as `name`; a first line `// cc: FLAGS` of the file adds flags. */
export function compileCommand(text: string, name: string): string {
  const own = /^\/\/ cc: *(.*)$/.exec(text.split("\n")[0] ?? "")?.[1] ?? "";
  const flags = [...standardFlags, ...own.split(/\s+/).filter((flag) => flag !== "")];
  const libraries = flags.filter((flag) => flag.startsWith("-l"));
  const others = flags.filter((flag) => !flag.startsWith("-l"));
  return `cc ${[...others, name, ...libraries].join(" ")} && ./a.out`;
}

/** The listings in `folder`. */
export function loadListings(folder: string, downloads: Downloads): Listings {
  const sources = new Map<string, Source>();
  const models = new Map<string, Promise<FileModel>>();
  const uses: { file: string; region?: string | undefined; at: string }[] = [];

  const sourceOf = (file: string, where: string): Source => {
    const known = sources.get(file);
    if (known !== undefined) return known;
    const path = join(folder, file);
    if (!existsSync(path)) {
      const names = existsSync(folder) ? readdirSync(folder).filter((n) => n.endsWith(".c")) : [];
      throw new ListingError([
        {
          file: where,
          line: 0,
          message: `there is no listing ${file}`,
          hint: `one of ${names.join(", ") || "none: the folder is empty"}`,
        },
      ]);
    }
    const source = parseSource({ file, text: readFileSync(path, "utf8") });
    sources.set(file, source);
    models.set(file, fileModel(source));
    return source;
  };

  return {
    async show({ file, region, where }) {
      const source = sourceOf(file, where);
      uses.push({ file, region, at: where });
      cut(source, region);
      const model = await models.get(file);
      if (model === undefined) throw new Error(`${file} has no model.`);
      const offered = listingDownloads(source, region, {
        command: (name) => compileCommand(source.text, name),
      }).map((download) => downloads.offer({ ...download, path: `listings/${download.name}` }));
      const places = anchors(model, region);
      return {
        model,
        downloads: offered,
        anchors: [
          places.excerpt,
          ...[...places.lines, ...places.notes].map(({ anchor }) => anchor),
        ],
      };
    },
    checkAllShown() {
      const problems = checkUse([...sources.values()], uses);
      if (problems.length > 0) throw new ListingError(problems);
    },
  };
}

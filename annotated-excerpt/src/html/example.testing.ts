/** A file for specs: notes of both places, one of several lines, hidden lines, a nested region. */
import { parseSource } from "../model/parse.js";
import type { Source } from "../model/source.js";
import { fileModel } from "../page/make-model.js";
import type { FileModel } from "../page/file-model.js";

export const exampleText = `#include <stdio.h>
#include <stdlib.h>

// #region sum
static int sum(const int *values, int count) //! Not \`long\`: see [C](https://en.cppreference.com/w/c).
{
    int all = 0;
    //! [2] Both lines, **one** thought & <no> tag.
    for (int i = 0; i < count; i++)
        all += values[i];
    return all;
}
// #endregion

int main(void)
{
    // #region use
    int values[] = { 1, 2, 3 };
    // #region hidden
    if (values[0] != 1)
        return EXIT_FAILURE;
    // #endregion
    //! Six.
    printf("%d\\n", sum(values, 3));
    // #endregion
    return EXIT_SUCCESS;
}
`;

export function exampleSource(): Source {
  return parseSource({ file: "sum.c", text: exampleText });
}

export async function exampleModel(): Promise<FileModel> {
  return fileModel(exampleSource());
}

/** The allocations of a real compiler (gcc's cc1), recorded, as a trace. */
import { execFileSync } from "node:child_process";
import { createWriteStream, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { compile, workDirectory } from "./measure.mjs";

/** A C program of that many functions, for the compiler to have something to do. */
export function sourceOf(functions) {
  const parts = [
    "struct node { struct node *left, *right; int key; double weight; char name[16]; };",
  ];
  for (let i = 0; i < functions; i++) {
    const other = i > 0 ? ` + visit_${i - 1}(node->left, depth)` : "";
    parts.push(`static int visit_${i}(struct node *node, int depth) {
  int sum = 0;
  if (node == 0 || depth > ${(i % 17) + 3}) return ${i};
  for (int k = 0; k < ${(i % 9) + 2}; k++) {
    switch ((node->key + k) % 4) {
      case 0: sum += node->key * ${i + 1} + k; break;
      case 1: sum -= node->name[k & 15]; break;
      default: sum ^= (int)(node->weight * ${(i % 5) + 1}.5);
    }
  }
  return sum + visit_${i}(node->left, depth + 1) - visit_${i}(node->right, depth + 2)${other};
}`);
  }
  parts.push(
    `int main(void) { struct node root = {0}; return visit_${functions - 1}(&root, 0); }\n`,
  );
  return parts.join("\n");
}

/** Records cc1 -O2 on such a program; the path of the trace. Recorded once, then kept. */
export async function compilerTrace(functions) {
  const trace = join(workDirectory, `compiler-${functions}.trace`);
  if (existsSync(trace)) return trace;
  const shim = compile("record-allocations.c", "record-allocations.so", [
    "-fPIC",
    "-shared",
    "-fno-builtin",
  ]);
  const source = join(workDirectory, "compiled.c");
  const records = join(workDirectory, "allocations.bin");
  writeFileSync(source, sourceOf(functions));
  const cc1 = execFileSync("gcc", ["-print-prog-name=cc1"], { encoding: "utf8" }).trim();
  execFileSync(cc1, ["-quiet", "-O2", source, "-o", "/dev/null"], {
    env: { ...process.env, LD_PRELOAD: shim, RECORD_ALLOCATIONS: records },
    stdio: "ignore",
  });
  await writeTrace(readFileSync(records), trace);
  rmSync(records);
  return trace;
}

/** Pointers become names: each result a new one, `a1`, `a2`, … Calls that a program makes with NULL and memory older than the recording are left out. */
async function writeTrace(bytes, path) {
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 8));
  const names = new Map();
  const output = createWriteStream(path);
  let count = 0;
  let text = "";
  const fresh = (address) => {
    const name = `a${++count}`;
    names.set(address, name);
    return name;
  };
  for (let at = 0; at + 3 < words.length; at += 4) {
    const [call, a, b, result] = [words[at], words[at + 1], words[at + 2], words[at + 3]];
    if (call === 0n) text += `malloc ${fresh(result)} ${a}\n`;
    else if (call === 1n) text += `calloc ${fresh(result)} ${a} ${b}\n`;
    else if (call === 4n) text += `memalign ${fresh(result)} ${a} ${b}\n`;
    else {
      const old = names.get(a);
      names.delete(a);
      if (call === 3n && old !== undefined) text += `free ${old}\n`;
      if (call === 2n) {
        if (old === undefined) text += `malloc ${fresh(result)} ${b}\n`;
        else text += `realloc ${b === 0n ? `a${++count}` : fresh(result)} ${old} ${b}\n`;
      }
    }
    if (text.length > 1 << 20) {
      if (!output.write(text)) await once(output, "drain");
      text = "";
    }
  }
  output.end(text);
  await once(output, "finish");
}

/** The first `count` commands of a trace, as a trace of its own. */
export function prefixOf(trace, count) {
  const path = trace.replace(/\.trace$/, `-${count}.trace`);
  if (!existsSync(path)) {
    writeFileSync(path, readFileSync(trace, "latin1").split("\n", count).join("\n") + "\n");
  }
  return path;
}

/** The floors of kernel-sim and the rooms around it: an import goes down only, never up, never in a circle. */
const floors = {
  core: [],
  hardware: ["core"],
  abi: ["core"],
  kernel: ["core", "hardware", "abi"],
  libc: ["core", "abi"],
  program: ["core", "abi", "libc"],
  report: ["core", "abi"],
  view: ["core", "report"],
  trace: ["core", "hardware", "abi", "kernel", "libc", "program", "report", "view"],
};

const floorRules = Object.entries(floors).map(([floor, below]) => ({
  name: `floor-${floor}`,
  comment: `${floor} may import only from itself${below.length > 0 ? `, ${below.join(", ")}` : ""}.`,
  severity: "error",
  from: { path: `^kernel-sim/src/${floor}/`, pathNot: "\\.(spec|testing)\\.ts$" },
  to: {
    path: "^kernel-sim/src/",
    pathNot: [`^kernel-sim/src/(${[floor, ...below].join("|")})/`],
  },
}));

/** Which rooms a room may import from (its own files aside). */
const rooms = {
  "kernel-sim": [],
  "annotated-excerpt": [],
  notebooks: ["kernel-sim", "annotated-excerpt"],
  website: ["annotated-excerpt", "notebooks", "kernel-sim"],
};

const roomRules = Object.entries(rooms).map(([room, others]) => ({
  name: `room-${room}`,
  comment: `${room}/ may import only from itself${others.length > 0 ? ` and ${others.join(", ")}` : ""}.`,
  severity: "error",
  from: { path: `^${room}/` },
  to: {
    path: "^(kernel-sim|annotated-excerpt|notebooks|website|tests|scripts)/",
    pathNot: [`^(${[room, ...others].join("|")})/`],
  },
}));

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unresolvable",
      severity: "error",
      from: { pathNot: "^website/" },
      to: { couldNotResolve: true },
    },
    {
      name: "kernel-sim-depends-on-nothing",
      comment: "Below cli, kernel-sim runs in a browser: no node: module, no package.",
      severity: "error",
      from: {
        path: "^kernel-sim/src/",
        pathNot: "(^kernel-sim/src/cli|\\.(spec|testing)\\.ts$)",
      },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-peer", "npm-optional"] },
    },
    {
      name: "floor-assembly",
      comment: "The allocator's module lies on libc's floor, and shares its constants with it.",
      severity: "error",
      from: { path: "^kernel-sim/assembly/" },
      to: {
        path: "^kernel-sim/",
        pathNot: "^kernel-sim/(assembly|src/core|src/abi|src/libc)/",
      },
    },
    {
      name: "only-cli-imports-cli",
      severity: "error",
      from: { path: "^kernel-sim/src/", pathNot: "^kernel-sim/src/cli" },
      to: { path: "^kernel-sim/src/cli" },
    },
    {
      name: "machine-is-the-top",
      comment: "No floor knows the machine: it composes them.",
      severity: "error",
      from: {
        path: "^kernel-sim/src/[^/]+/",
        pathNot: "(^kernel-sim/src/cli/|\\.(spec|testing)\\.ts$)",
      },
      to: { path: "^kernel-sim/src/(machine|index)\\.ts$" },
    },
    {
      name: "facade-below-the-process",
      comment: "The facade hangs on a process: only process and machine import it.",
      severity: "error",
      from: {
        path: "^kernel-sim/src/",
        pathNot:
          "(^kernel-sim/src/facade/|^kernel-sim/src/(process|machine|index)\\.ts$|\\.(spec|testing)\\.ts$)",
      },
      to: { path: "^kernel-sim/src/facade/" },
    },
    ...floorRules,
    ...roomRules,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|dist|build|\\.build|\\.docusaurus)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".cjs"],
      conditionNames: ["import", "require", "node", "default"],
    },
  },
};

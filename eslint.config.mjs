import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/node_modules/",
      "**/dist/",
      "**/build/",
      "**/.build/",
      "**/.cache/",
      "**/.docusaurus/",
      "website/static/",
      // AssemblyScript: its decorators on functions are not TypeScript's.
      "kernel-sim/assembly/*.ts",
      "**/*.wasm.ts",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.ts"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/explicit-module-boundary-types": "error",
    },
  },
  {
    files: ["**/*.mjs", "**/*.cjs", "**/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "process",
          "console",
          "Buffer",
          "URL",
          "setTimeout",
          "clearTimeout",
          "setInterval",
          "clearInterval",
          "setImmediate",
          "require",
          "module",
          "exports",
          "__dirname",
          "__filename",
          "AbortController",
          "AbortSignal",
          "performance",
          "fetch",
          "structuredClone",
          "TextDecoder",
          "TextEncoder",
          "window",
          "document",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    // Below cli nothing knows the clock, the host's chance or the process: the same input gives the same bytes.
    files: ["kernel-sim/src/**/*.ts"],
    ignores: [
      "kernel-sim/src/cli/**",
      "kernel-sim/src/**/*.spec.ts",
      "kernel-sim/src/**/*.testing.ts",
    ],
    rules: {
      "no-restricted-globals": [
        "error",
        "process",
        "console",
        "Date",
        "performance",
        "Buffer",
        "setTimeout",
      ],
      "no-restricted-properties": ["error", { object: "Math", property: "random" }],
    },
  },
  prettier,
);

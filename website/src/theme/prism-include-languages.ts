/** Prism is not used: code was highlighted before the build. */
export default function prismIncludeLanguages(): void {}

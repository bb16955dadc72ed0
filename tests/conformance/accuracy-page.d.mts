export function drawPage(): Promise<string>;
export function writePage(): Promise<string>;

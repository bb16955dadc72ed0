export interface Simulator {
  answers(
    text: string,
    options?: { checks?: "each" | "often" | "end" | "never"; seconds?: number },
  ): Promise<string[]>;
  close(): unknown;
}

export const noEnd: string;
export function openSimulator(directory?: string): Simulator;

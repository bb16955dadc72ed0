export interface Settings {
  readonly thp?: string;
  readonly hugePages?: number;
  readonly overcommitMemory?: number;
  readonly commitRoomKiB?: number;
  readonly legacyLayout?: number;
}

export function whyNotSettable(settings: Settings): string | undefined;
export function whyNotProcess(process: { readonly user?: string }): string | undefined;
export function leftBehind(settings: Settings): {
  readonly hugePages?: number;
  readonly lostHugePages?: number;
};
export function withSettings<T>(settings: Settings, use: () => Promise<T>): Promise<T>;

// What we use of modules that bring no types along.

declare module 'node:sqlite' {
	export class DatabaseSync {
		constructor(file: string);
		exec(sql: string): void;
		prepare(sql: string): { all(): Array<Record<string, unknown>> };
		close(): void;
	}
}

declare module 'gulp' {
	export function src(glob: string, options?: object): NodeJS.ReadWriteStream;
	export function dest(folder: string): NodeJS.ReadWriteStream;
	export function parallel(...tasks: Array<() => NodeJS.ReadWriteStream>): () => void;
}

declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	export const SOURCE_FILE_PATTERNS: string[];
	export function analyzePackage(
		directory: string,
		patterns: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}

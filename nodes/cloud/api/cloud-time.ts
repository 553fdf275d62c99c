/**
 * A time as a cloud writes it, in milliseconds since 1970; undefined where it is none. Nova's times are
 * UTC, and some of them do not say so (`start_time` of an action, `OS-SRV-USG:terminated_at`).
 */
export function parseCloudTime(value: unknown): number | undefined {
	if (typeof value !== 'string') return undefined;
	const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(value);
	const at = Date.parse(hasZone ? value : `${value}Z`);
	return Number.isNaN(at) ? undefined : at;
}

/** A time in whole seconds, as clouds write it, such as `2026-11-28T14:50:46Z`. */
export function formatCloudTime(at: number): string {
	return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

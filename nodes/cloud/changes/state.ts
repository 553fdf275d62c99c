import { isObject } from '../api/answer';
import type { Known } from './known';
import { packEntries, packIds, unpackEntries, unpackIds } from './pack';

/** What is stored of `Known` between two polls: flat, and small however many servers there are. */
export interface State {
	version: 1;
	/** A mark of what is watched, and where. */
	scope: string;
	stockAt: number;
	since: number;
	fullAt: number;
	servers: string;
	/** Empty where it is not needed. */
	fitting: string;
}

export function toState(scope: string, known: Known): State {
	const { stockAt, since, fullAt, servers, fitting } = known;
	return {
		version: 1,
		scope,
		stockAt,
		since,
		fullAt,
		servers: packEntries(servers),
		fitting: fitting ? `=${packIds(fitting)}` : '',
	};
}

/**
 * What was stored for this scope, or undefined where that cannot be used: there is none, it is damaged, it is
 * of another scope, or it lacks the IDs of all that fit, which are needed now.
 */
export function fromState(value: unknown, scope: string, needsFitting: boolean): Known | undefined {
	if (!isObject(value) || value.version !== 1 || value.scope !== scope) return undefined;
	const { stockAt, since, fullAt, servers, fitting } = value;
	if (!isTime(stockAt) || !isTime(since) || !isTime(fullAt)) return undefined;
	if (typeof servers !== 'string' || typeof fitting !== 'string') return undefined;
	const entries = unpackEntries(servers);
	if (!entries) return undefined;
	const ids = fitting.startsWith('=') ? unpackIds(fitting.slice(1)) : undefined;
	if (needsFitting && !ids) return undefined;
	return { servers: entries, fitting: needsFitting ? ids : undefined, stockAt, since, fullAt };
}

function isTime(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value);
}

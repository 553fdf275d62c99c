import { type Entry, isKnownGone } from './known';
import { OVERLAP_MS, type Shown } from './shown';
import type { Watch } from './watch';

/** Of what a complete read does not show, only that it was deleted is worth remembering. */
export function forgetOthers(
	servers: Map<string, Entry>,
	fitting: Set<string> | undefined,
	{ rows }: Shown,
): void {
	const shown = new Set(rows.map(({ server }) => server.id));
	for (const id of servers.keys()) {
		if (!shown.has(id) && !isKnownGone({ servers }, id)) servers.delete(id);
	}
	for (const id of fitting ?? []) if (!shown.has(id)) fitting?.delete(id);
}

/** What no later read can show again need not be remembered; a chosen one that is gone stays so. */
export function forgetPassed({ choice }: Watch, servers: Map<string, Entry>, since: number): void {
	for (const [id, { kind, at }] of servers) {
		const mayPass = kind === 'there' || (kind === 'deleted' && choice.kind !== 'chosen');
		if (mayPass && at < since - 2 * OVERLAP_MS) servers.delete(id);
	}
}

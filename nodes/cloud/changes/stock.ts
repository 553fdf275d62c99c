import { isGone } from '../api/server';
import type { Entry, Known } from './known';
import { createdOf, lastingKind, OVERLAP_MS, type Shown, updatedOf } from './shown';
import { fits, needsFitting, type Watch } from './watch';

/** What was there before the first poll is no news. */
export function takeStock(watch: Watch, { rows, readAt }: Omit<Shown, 'records'>): Known {
	const servers = new Map<string, Entry>();
	const fitting = rows.filter((row) => fits(watch, row) && !isGone(row.server));
	for (const row of fitting) {
		const kind = lastingKind(row);
		const created = createdOf(row);
		if (kind) servers.set(row.server.id, { kind, at: updatedOf(row, readAt) });
		else if (created >= readAt - 2 * OVERLAP_MS) {
			servers.set(row.server.id, { kind: 'there', at: created });
		}
	}
	const ids = new Set(fitting.map(({ server }) => server.id));
	return {
		servers,
		fitting: needsFitting(watch) ? ids : undefined,
		stockAt: readAt,
		since: readAt,
		fullAt: readAt,
	};
}

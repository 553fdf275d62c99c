import { condition } from '../api/server';
import type { Row } from '../session/reader';
import { isKnownGone, type Known } from './known';
import { isNew, isUnchanged } from './news';
import { type Shown, updatedOf } from './shown';
import { fits, type Watch } from './watch';

/**
 * The servers whose list of actions tells more than the servers themselves: those that are off, but for those
 * that were seen in this very state before. Those come first of which it is not known that they are off.
 */
export function toLookAt(
	watch: Watch,
	known: Known,
	{ rows, readAt }: Pick<Shown, 'rows' | 'readAt'>,
): Row[] {
	if (!watch.events.has('stopped')) return [];
	const off = rows.filter((row) => fits(watch, row) && condition(row.server) === 'stopped');
	const isKnownOff = (row: Row) => known.servers.get(row.server.id)?.kind === 'off';
	const news = off.filter((row) => {
		const entry = known.servers.get(row.server.id);
		if (entry?.kind === 'off') return entry.at !== updatedOf(row, readAt);
		if (!entry && isUnchanged(watch, known, row, readAt)) return false;
		return !(isNew(known, row, entry) && watch.events.has('appeared'));
	});
	return [...news.filter((row) => !isKnownOff(row)), ...news.filter(isKnownOff)];
}

/** The IDs that must be among the rows of a complete read; one that is not may be gone. */
export function missing(watch: Watch, known: Known, { rows }: Pick<Shown, 'rows'>): string[] {
	const { choice, events } = watch;
	if (!events.has('deleted')) return [];
	const expected = choice.kind === 'chosen' ? choice.ids : (known.fitting ?? []);
	const shown = new Set(rows.map(({ server }) => server.id));
	return [...expected].filter((id) => !shown.has(id) && !isKnownGone(known, id));
}

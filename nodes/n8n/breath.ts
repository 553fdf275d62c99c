import type { Clock } from '../cloud/session/clock';

/** n8n serves everybody else on the same event loop. */
const BREATH_EVERY_MS = 20;
const AT_A_TIME = 10;

/**
 * What `each` makes of the items, in their order, ten at a time; between those it lets others run, at the
 * latest every 20 milliseconds; collecting garbage comes on top.
 */
export async function mapInBreaths<T, R>(
	clock: Clock,
	items: T[],
	each: (item: T, index: number) => R | Promise<R>,
): Promise<R[]> {
	const results: R[] = [];
	let rested = clock.now();
	for (let from = 0; from < items.length; from += AT_A_TIME) {
		const some = items.slice(from, from + AT_A_TIME);
		results.push(...(await Promise.all(some.map((item, index) => each(item, from + index)))));
		if (clock.now() - rested < BREATH_EVERY_MS) continue;
		await clock.sleep(1, new AbortController().signal);
		rested = clock.now();
	}
	return results;
}

/**
 * What the work of the items comes to, in their order. All of it goes on at the same time; only its
 * beginning is spread, as above. The work must not reject.
 */
export async function beginInBreaths<T, R>(
	clock: Clock,
	items: T[],
	work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
	const begun = await mapInBreaths(clock, items, (item, index) => ({ end: work(item, index) }));
	return await Promise.all(begun.map(async ({ end }) => await end));
}

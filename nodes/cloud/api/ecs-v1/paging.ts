/** What is known when a page has come. */
interface Come {
	length: number;
	/** How many servers match in all, as the cloud says. */
	count: unknown;
	limit: number;
	after?: string;
}

/** How a list goes on. */
interface Paging {
	query(limit: number, after?: string): Record<string, string>;
	follows(come: Come): { more: boolean; next?: string; total?: number };
}

/** After the last server of the page before. */
export const afterLastOf: Paging = {
	query: (_, after): Record<string, string> => (after ? { marker: after } : {}),
	follows({ length, count, limit, after }) {
		const isAll = after === undefined && typeof count === 'number' && count <= length;
		return { more: length >= limit && !isAll };
	},
};

/**
 * By the number of the page (`offset`, from 1). What it goes on from is how many servers there have been: a page of
 * another length that holds the next one may begin before it, so that servers may come twice, but none is left out.
 * Where the total has become smaller, all have moved up, and one may have moved onto a page that was read before.
 */
export const byNumber: Paging = {
	query(limit, after): Record<string, string> {
		const number = Math.floor(Number(after ?? 0) / limit) + 1;
		return number > 1 ? { offset: String(number) } : {};
	},
	follows({ length, count, limit, after }) {
		const passed = Math.floor(Number(after ?? 0) / limit) * limit + length;
		const total = typeof count === 'number' ? count : undefined;
		const isAll = total !== undefined && total <= passed;
		return length >= limit && !isAll
			? { more: true, next: String(passed), total }
			: { more: false, total };
	},
};

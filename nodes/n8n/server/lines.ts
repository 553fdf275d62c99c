import type { Row } from '../../cloud/session/reader';
import { statusTitle } from './server-field';

/** As people sort: whatever the case, and `web-2` before `web-10`. */
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * What a list in the editor shows of servers, each with its ID as the value, sorted by name. The beginning of the ID is
 * shown, too, where a name alone does not tell servers apart, or does not hold the text that they were found by.
 */
export function linesOf(rows: Row[], text = ''): Array<{ name: string; value: string }> {
	const wanted = text.toLowerCase();
	const seen = new Set<string | undefined>();
	const repeated = new Set<string | undefined>();
	for (const { server } of rows) (seen.has(server.name) ? repeated : seen).add(server.name);
	const isTold = (name: string) => !repeated.has(name) && name.toLowerCase().includes(wanted);
	return rows
		.map(({ server: { id, name, status } }) => {
			const told =
				name === undefined || isTold(name) ? (name ?? id) : `${name}, ${id.slice(0, 8)}…`;
			return { name: `${told} (${statusTitle(status)})`, value: id };
		})
		.sort((a, b) => byName.compare(a.name, b.name));
}

import type { Row } from '../../cloud/session/reader';
import { statusTitle } from './server-field';

/** As people sort: whatever the case, and `web-2` before `web-10`. */
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** What a list in the editor shows of servers, each with its ID as the value, sorted by name. */
export function linesOf(rows: Row[]): Array<{ name: string; value: string }> {
	return rows
		.map(({ server: { id, name, status } }) => ({
			name: `${name ?? id} (${statusTitle(status)})`,
			value: id,
		}))
		.sort((a, b) => byName.compare(a.name, b.name));
}

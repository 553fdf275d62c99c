import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { explainRead } from '../cloud/servers/explain';
import { findServers } from '../cloud/servers/inventory';
import { connectEditor } from '../n8n/connect';
import { toEditorError } from '../n8n/errors';
import { statusTitle } from '../n8n/server/server-field';

/** As many as the editor shows in a list that it cannot search. */
const MOST = 1_000;

/** The servers of the project, by their names. */
export async function getServers(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const connection = await connectEditor(this, 'login');
	if (connection.kind === 'refused') throw toEditorError(this, connection.failure);
	const { session } = connection;
	const found = await findServers(session, {}, MOST).finally(session.close);
	if (found.kind === 'unread') {
		throw toEditorError(this, explainRead('The list of servers', found));
	}
	const options = found.rows.map(({ server: { id, name, status } }) => ({
		name: `${name ?? id} (${statusTitle(status)})`,
		value: id,
	}));
	return options.sort((a, b) => a.name.localeCompare(b.name));
}

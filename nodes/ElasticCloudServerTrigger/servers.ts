import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { explainRead } from '../cloud/servers/explain';
import { findServers } from '../cloud/servers/inventory';
import { connectEditor } from '../n8n/connect/editor';
import { toEditorError } from '../n8n/errors';
import { linesOf } from '../n8n/server/lines';

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
	return linesOf(found.rows);
}

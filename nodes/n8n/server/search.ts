import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { statusTitle } from './server-field';
import { explainRead } from '../../cloud/servers/explain';
import { findPage } from '../../cloud/servers/inventory';
import { connectEditor } from '../connect';
import { toEditorError } from '../errors';

/** A page of servers for the list in the editor: their names and statuses, searched by the cloud. */
export async function searchServers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await connectEditor(this);
	if (connection.kind === 'refused') throw toEditorError(this, connection.failure);
	const { session } = connection;
	const page = await findPage(session, filter?.trim() ?? '', paginationToken).finally(
		session.close,
	);
	if (page.kind === 'unread') throw toEditorError(this, explainRead('The list of servers', page));
	return {
		results: page.rows.map(({ server }) => ({
			name: `${server.name ?? server.id} (${statusTitle(server.status)})`,
			value: server.id,
		})),
		paginationToken: page.marker,
	};
}

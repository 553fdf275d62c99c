import { type ILoadOptionsFunctions, type INodeListSearchResult, NodeApiError } from 'n8n-workflow';

import { statusTitle } from './server-field';
import type { Failure } from '../../cloud/words/failure';
import { explainRead } from '../../cloud/servers/explain';
import { findPage } from '../../cloud/servers/inventory';
import { connectEditor } from '../connect';

/** A page of servers for the list in the editor: their names and statuses, searched by the cloud. */
export async function searchServers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await connectEditor(this);
	if (connection.kind === 'refused') throw toError(this, connection.failure);
	const { session } = connection;
	const page = await findPage(session, filter?.trim() ?? '', paginationToken).finally(session.close);
	if (page.kind === 'unread') throw toError(this, explainRead('The list of servers', page));
	return {
		results: page.rows.map(({ server }) => ({
			name: `${server.name ?? server.id} (${statusTitle(server.status)})`,
			value: server.id,
		})),
		paginationToken: page.marker,
	};
}

/** The editor shows the description of a NodeApiError, and of no other error. */
function toError(context: ILoadOptionsFunctions, { message, hint }: Failure): NodeApiError {
	const error = new NodeApiError(context.getNode(), { message }, { message, description: hint });
	// n8n puts a text of its own in place of a message that holds a network code.
	error.message = message;
	return error;
}

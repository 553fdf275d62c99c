import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { explainRead } from '../../cloud/servers/explain';
import { findPage } from '../../cloud/servers/inventory';
import type { Failure } from '../../cloud/words/failure';
import { connectEditor } from '../connect/editor';
import { toEditorError } from '../errors';
import { linesOf } from './lines';

/** n8n says itself that nothing fits a text, but of an empty project no more than that. */
const NO_SERVERS: Failure = {
	reason: 'notFound',
	message: 'This project has no servers',
	hint: 'Check the region and the project of the credential',
};

/**
 * A page of servers for the list in the editor: their names and statuses, sorted by name.
 * @throws NodeApiError where the list cannot be read, and where the project has no servers.
 */
export async function searchServers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const connection = await connectEditor(this);
	if (connection.kind === 'refused') throw toEditorError(this, connection.failure);
	const { session } = connection;
	const text = filter?.trim() ?? '';
	const page = await findPage(session, text, paginationToken).finally(session.close);
	if (page.kind === 'unread') throw toEditorError(this, explainRead('The list of servers', page));
	const isAll = !text && !paginationToken;
	if (isAll && page.rows.length === 0) throw toEditorError(this, NO_SERVERS);
	return { results: linesOf(page.rows, text), paginationToken: page.marker };
}

import { type INode, type JsonObject, NodeApiError } from 'n8n-workflow';

/** n8n tells a credential of no node; which one it was, n8n shows beside the error. */
const NO_NODE: INode = {
	id: '',
	name: 'Elastic Cloud Server Login',
	type: 'elasticCloudServerLoginApi',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/**
 * The error of a credential in the one class that n8n hands on as the instance that it is, with the error as
 * its cause. Of any other error n8n makes a new one, which before 2.41 has no cause.
 */
export function carried(error: unknown): NodeApiError {
	return Object.assign(new NodeApiError(NO_NODE, error as JsonObject), { cause: error });
}

import type { INodeProperties } from 'n8n-workflow';

import { inConsole } from '../../cloud/words/hints';

const UUID_REGEX =
	'^\\s*[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\\s*$';

/** Which server; a node adds when to show it. */
export const serverIdField: INodeProperties = {
	displayName: 'Server',
	name: 'serverId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The server to work with: pick it from the list, or give its ID or its complete name, each also by an expression',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a server…',
			typeOptions: { searchListMethod: 'searchServers', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 616fb98f-46ca-475e-917e-2563e5a8cd19',
			hint: `The ID is on the page of the server ${inConsole('server list')}`,
			validation: [
				{
					type: 'regex',
					properties: {
						regex: UUID_REGEX,
						errorMessage: 'Not a server ID. It looks like 616fb98f-46ca-475e-917e-2563e5a8cd19',
					},
				},
			],
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. web-1',
			hint: 'The complete name; only one server of the project may have it',
		},
	],
};

/** A status as people read it, such as `Shelved Offloaded`. */
export function statusTitle(status: string): string {
	return status
		.split('_')
		.map((word) => word.charAt(0) + word.slice(1).toLowerCase())
		.join(' ');
}

import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { isTool } from '../n8n/tool';

/** What the model of an agent has to know of a server; n8n gives it a parameter's name, and no description. */
const WHICH =
	'Needs the complete name of one server, in the same upper and lower case, or its ID (a UUID).';

/** What an operation does, for the model of an agent. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
	start: `Start a server that is off, and wait until it runs. A server that runs already is left alone. ${WHICH}`,
	stop: `Shut down a server that runs, and wait until it is off. A server that is off already is left alone. ${WHICH}`,
	restart: `Reboot a server that runs, and wait until it runs again. Do not repeat it if it fails. ${WHICH}`,
	get: `Get the status, the addresses and more of one server. ${WHICH}`,
	getMany:
		'Find servers: gives the ID, the name, the status (ACTIVE runs, SHUTOFF is off), the addresses and more of each. Where it can be filtered, an empty text is no filter, Name is a part of the name, Status one status, and Tags are separated by commas, each as key=value or only the key.',
};

/** As a tool: what the model reads of it, by operation, for the user to change. */
export const toolDescriptionFields: INodeProperties[] = Object.entries(DESCRIPTIONS).map(
	([operation, description]) => ({
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: description,
		required: true,
		description: 'What the model reads of this tool: what it does, and what to fill in',
		displayOptions: { show: { '@tool': [true], resource: ['server'], operation: [operation] } },
	}),
);

/** As a tool: the field has a name that tells the model what to give, as that is all that it reads of it. */
export function serverFields({ displayOptions, ...field }: INodeProperties): INodeProperties[] {
	return [
		{ ...field, displayOptions: { ...displayOptions, hide: { '@tool': [true] } } },
		{
			...field,
			displayName: 'Server Name or ID',
			default: { mode: 'name', value: '' },
			displayOptions: { ...displayOptions, show: { ...displayOptions?.show, '@tool': [true] } },
		},
	];
}

/** As a tool: nothing found in words, as the model would read an empty text. */
export function inWords(
	context: IExecuteFunctions,
	found: INodeExecutionData[],
	message: string,
): INodeExecutionData[] {
	if (found.length > 0 || !isTool(context)) return found;
	const json: IDataObject = { message };
	return [{ json, pairedItem: { item: 0 } }];
}

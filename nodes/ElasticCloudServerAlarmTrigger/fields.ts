import type { INodeProperties } from 'n8n-workflow';

const forCustomCloud = { show: { cloud: ['custom'] } };

/** What the editor shows. */
export const properties: INodeProperties[] = [
	{
		displayName:
			'Add the Production URL above to your topic as an HTTPS subscription. The node confirms it by itself once the workflow is published.',
		name: 'notice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Cloud',
		name: 'cloud',
		type: 'options',
		options: [
			{ name: 'Custom', value: 'custom' },
			{ name: 'Flexible Engine', value: 'flexibleEngine' },
			{ name: 'Huawei Cloud', value: 'huawei' },
			{ name: 'Open Telekom Cloud', value: 'otc' },
		],
		default: 'otc',
		description: 'Whose notification service (SMN) sends the messages',
	},
	{
		displayName: 'SMN Domain',
		name: 'smnDomain',
		type: 'string',
		required: true,
		displayOptions: forCustomCloud,
		default: '',
		placeholder: 'e.g. hc.cloud.ru',
		description:
			"What follows <code>smn.&lt;region&gt;.</code> in the certificate's address, such as <code>hc.cloud.ru</code>",
	},
	{
		displayName: 'Console Domain',
		name: 'consoleDomain',
		type: 'string',
		required: true,
		displayOptions: forCustomCloud,
		default: '',
		placeholder: 'e.g. console.hc.cloud.ru',
		description:
			"The console's host in the link that confirms, such as <code>console.hc.cloud.ru</code>",
	},
	{
		displayName: 'Topic URN',
		name: 'topicUrn',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. urn:smn:eu-de:0123456789abcdef0123456789abcdef:n8n-alarms',
		description:
			'The only topic to listen to. Messages of other topics are refused, even with a valid signature.',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [
			{ name: 'Alarm', value: 'alarm', description: 'An alarm rule was triggered' },
			{
				name: 'Insufficient Data',
				value: 'insufficientData',
				description: 'An alarm rule has had no data for three hours',
			},
			{ name: 'OK', value: 'ok', description: 'What an alarm was raised for is over' },
			{ name: 'Other', value: 'other', description: 'Any other message, such as free text' },
			{
				name: 'System Event',
				value: 'systemEvent',
				description: 'The cloud reports an event, such as a fault of a host',
			},
			{
				name: 'Trace',
				value: 'trace',
				description: 'Cloud Trace Service reports what somebody did',
			},
		],
		required: true,
		default: ['alarm', 'systemEvent'],
		description: 'What to start the workflow for',
	},
	{
		displayName: 'Event Names',
		name: 'eventIds',
		type: 'string',
		default: '',
		placeholder: 'e.g. faultPowerOn,VMFaultsByHostProcessExceptions',
		description:
			'With System Event and Trace: only these, comma-separated, such as <code>faultPowerOn,VMFaultsByHostProcessExceptions</code>. Leave empty for all.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Max Age (Minutes)',
				name: 'maxAge',
				type: 'number',
				typeOptions: { minValue: 5, maxValue: 2880 },
				default: 60,
				description: 'Older messages are taken, but start nothing',
			},
			{
				displayName: 'Only About Servers',
				name: 'onlyServers',
				type: 'boolean',
				default: true,
				description: 'Whether to leave out messages in which no server is found',
			},
		],
	},
];

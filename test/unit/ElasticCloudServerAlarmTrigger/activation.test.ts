/** What the trigger listens to, and what it says when it is published with parameters that mean nothing. */
import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { ElasticCloudServerAlarmTrigger } from '../../../nodes/ElasticCloudServerAlarmTrigger/ElasticCloudServerAlarmTrigger.node';
import { readListener } from '../../../nodes/ElasticCloudServerAlarmTrigger/listener';
import { sharedBy } from '../../../nodes/cloud/process/sharing';
import { contextWith } from '../context';
import { vector } from '../cloud/alarms/vectors';
import { VirtualClock } from '../virtual-clock';

const TOPIC = 'urn:smn:eu-de:0123456789abcdef0123456789abcdef:n8n-alarms';
const CUSTOM = { cloud: 'custom', smnDomain: 'hc.cloud.ru', consoleDomain: 'console.hc.cloud.ru' };

function hookWith(parameters: Record<string, unknown>) {
	const saved: Record<string, unknown> = { topicUrn: TOPIC, ...parameters };
	return {
		...contextWith({}),
		getWorkflow: () => ({ id: 'workflow' }),
		getMode: () => 'trigger',
		getNodeParameter(name: string, preset: unknown) {
			const value = name in saved ? saved[name] : preset;
			if (value instanceof Error) throw value;
			return value;
		},
	} as unknown as IHookFunctions & IWebhookFunctions;
}

const { webhookMethods } = new ElasticCloudServerAlarmTrigger();

test.each([{}, CUSTOM, { cloud: 'huawei' }, { 'options.maxAge': '5' }])(
	'with %j it is published, and asks nobody for it',
	async (parameters) => {
		const hook = hookWith(parameters);
		expect(await webhookMethods.default.checkExists.call(hook)).toBe(true);
		expect(await webhookMethods.default.create.call(hook)).toBe(true);
		expect(await webhookMethods.default.delete.call(hook)).toBe(true);
	},
);

test.each([
	[{ topicUrn: '' }, "'Topic URN' is not the URN of a topic"],
	[{ topicUrn: 'n8n-alarms' }, "'Topic URN' is not the URN of a topic"],
	[{ cloud: 'aws' }, "'Cloud' must be custom, flexibleEngine, huawei or otc"],
	[{ ...CUSTOM, smnDomain: '' }, "'SMN Domain' or 'Console Domain' is not a domain"],
	[{ ...CUSTOM, consoleDomain: undefined }, "'SMN Domain' or 'Console Domain' is not a domain"],
	[{ events: [] }, "'Events' is empty, so nothing would start the workflow"],
	[{ events: ['alarm', 'nonsense'] }, /'Events' must be some of alarm, /],
	[{ eventIds: 'faultPowerOn,,stopServer' }, /'Event Names' must be names/],
	[{ 'options.onlyServers': 'perhaps' }, "'Only About Servers' must be true or false"],
	[{ 'options.maxAge': 4 }, "'Max Age' must be from 5 to 2880 minutes"],
	[{ 'options.maxAge': 2881 }, "'Max Age' must be from 5 to 2880 minutes"],
	[{ topicUrn: new Error('no such variable') }, /no such variable/],
])('with %j it is not published', async (parameters, message) => {
	const published = webhookMethods.default.checkExists.call(hookWith(parameters));
	await expect(published).rejects.toMatchObject({
		message: expect.stringMatching(message instanceof RegExp ? message : `^${message}$`),
		description: expect.stringMatching(/[\w>]\.$/),
	});
});

test('it listens to alarms and system events of an hour, about servers, unless told otherwise', () => {
	expect(readListener(hookWith({}))).toMatchObject({
		id: 'workflow 1 trigger',
		topic: { urn: TOPIC, region: 'eu-de' },
		choice: {
			events: ['alarm', 'systemEvent'],
			eventNames: [],
			onlyServers: true,
			maxAgeMinutes: 60,
		},
	});
});

test.each([
	['faultPowerOn, stopServer', ['faultPowerOn', 'stopServer']],
	['', []],
])('the event names %j are %j', (eventIds, eventNames) => {
	expect(readListener(hookWith({ eventIds })).choice).toMatchObject({ eventNames });
});

test('a parameter that cannot be read while a message comes starts nothing, and throws nothing', async () => {
	const clock = new VirtualClock();
	const answers: unknown[] = [];
	const response = {
		status(code: number) {
			answers.push(code);
			return response;
		},
		json: (body: unknown) => void answers.push(body),
	};
	const context = {
		...hookWith({ topicUrn: new Error('no such variable') }),
		getRequestObject: () => ({
			rawBody: Buffer.from(JSON.stringify(vector('alarm'))),
			headers: {},
		}),
		getResponseObject: () => response,
	} as unknown as IWebhookFunctions;

	const done = await new ElasticCloudServerAlarmTrigger(clock).webhook?.call(context);

	expect(done).toEqual({ noWebhookResponse: true });
	expect(answers).toEqual([403, { message: 'Not this topic' }]);
	expect(sharedBy(clock).alarms.fetching.size).toBe(0);
});

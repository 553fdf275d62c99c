import fc from 'fast-check';

import { type Notification, readMessage } from '../../../../nodes/cloud/alarms/message';
import { readNotice } from '../../../../nodes/cloud/alarms/notice';
import { vector } from './vectors';
import { TOPIC } from './world';

const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';

const read = (name: string) =>
	readNotice(readMessage(Buffer.from(JSON.stringify(vector(name)))) as Notification, TOPIC);
const about = (message: unknown) => {
	const text = typeof message === 'string' ? message : JSON.stringify(message);
	return readNotice({ ...vector('alarm'), message: text } as unknown as Notification, TOPIC);
};

it.each([
	[
		'alarm',
		{
			kind: 'alarm',
			name: 'alarm-web',
			severity: 'major',
			metric: 'cpu_util',
			value: '97.08%',
			requestedBy: null,
		},
	],
	['alarm-ok', { kind: 'ok', name: 'alarm-web', metric: 'cpu_util' }],
	[
		'alarm-template-v1',
		{ kind: 'alarm', name: 'alarm-web', metric: 'CPU Usage', at: '2026-11-30T13:51:26.000Z' },
	],
	[
		'cts-stop',
		{
			kind: 'trace',
			name: 'stopServer',
			requestedBy: 'ops',
			severity: null,
			at: '2026-11-30T13:51:26.000Z',
		},
	],
])('%s is read', (name, expected) => {
	expect(read(name)).toMatchObject({
		serverId: ID,
		serverName: 'web-1',
		region: 'eu-de',
		...expected,
	});
});

it('free text tells no more than itself', () => {
	expect(read('plain-text-no-subject')).toMatchObject({
		kind: 'other',
		serverId: null,
		at: null,
		subject: null,
		details: 'server web-1 is down',
	});
});

it.each([
	[{ type: 'EVENT.SYS', metric_name: 'unheardOf' }, 'unheardOf'],
	[{ alarm_type: 'EVENT.SYS', alarm_name: 'rule' }, 'rule'],
	[{ message_type: 'event' }, null],
	[{ metric_name: 'faultPowerOn', alarm_status: 'alarm' }, 'faultPowerOn'],
	[{ metric_name: 'instance_reboot_scheduled' }, 'instance_reboot_scheduled'],
])('%j is a system event', (message, name) => {
	expect(about(message)).toMatchObject({ kind: 'systemEvent', name, metric: null });
});

it.each([
	[{ dimension: `instance_id:${ID.toUpperCase()}` }, ID],
	[{ dimension: `disk:vda,instance_id:${ID}` }, ID],
	[{ dimension: `resource_id:${ID}`, namespace: 'SYS.ECS' }, ID],
	[{ dimension: `rds_instance_id:${ID}` }, null],
	[{ dimension: `instance_id:${ID}`, namespace: 'SYS.RDS' }, null],
	[{ template_variable: { ResourceId: ID } }, ID],
	[{ version: 'v1', data: { ResourceId: 'web-1' } }, null],
	[{ trace_name: 'a', trace_id: 'b', service_type: 'EVS', resource_id: ID }, null],
])('in %j the server is %s', (message, serverId) => {
	expect(about({ alarm_status: 'alarm', ...message }).serverId).toBe(serverId);
});

it.each([[1e300], ['2026/13/40 00:00:00 GMT+01:00'], ['11 30, 2026'], [null]])(
	'%j is no time',
	(time) => {
		expect(about({ time }).at).toBeNull();
	},
);

it('a message of any form tells something, with every field', () => {
	const fields = Object.keys(read('alarm')).sort();
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.json()), (message) => {
			expect(Object.keys(about(message)).sort()).toEqual(fields);
		}),
	);
});

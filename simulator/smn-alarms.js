// @ts-check
'use strict';

/**
 * What Cloud Eye and Cloud Trace Service send about a server, in every form that is documented. The
 * classic alarm and template v1 follow real messages; the system event is derived from the API of alarm
 * rules, and the trace from the fields that the manual names: no message of either kind was published.
 */

/**
 * @typedef {import('./server').Server} Server
 * @typedef {import('./smn').Mail} Mail
 *
 * @typedef {object} Told
 * @property {Pick<Server, 'id' | 'name'>} server
 * @property {number} at milliseconds since 1970
 * @property {string} name of the rule, the event or the trace
 *
 * @typedef {'alarm' | 'ok' | 'insufficientData' | 'templateAlarm' | 'templateOk' | 'systemEvent'
 *   | 'trace' | 'text'} Form
 */

const REGION = 'EU-DE';

/**
 * @param {'alarm' | 'ok' | 'insufficient_data'} status
 * @param {string} subject what it says of the metric
 * @returns {(told: Told) => Mail}
 */
const classic = (status, subject) => (told) => ({
	subject: `[Major ${status === 'alarm' ? 'Alarm' : 'Ok'}]From Cloud Eye: The CPU Usage of ECS "${told.server.name}" ${subject}`,
	// Written over several lines, as the real one is: the signature is over these very bytes.
	message: JSON.stringify(
		{
			message_type: 'alarm',
			alarm_id: 'al1700000000000AbCdEfGhI',
			alarm_name: told.name,
			alarm_status: status,
			time: told.at,
			namespace: 'SYS.ECS',
			metric_name: 'cpu_util',
			dimension: `instance_id:${told.server.id}`,
			period: 300,
			filter: 'average',
			comparison_operator: '>=',
			value: 80,
			unit: '%',
			count: 3,
			alarmValue: [{ time: told.at - 26_000, value: 97.08 }],
			sms_content: `[${REGION}][Major Alarm] …`,
			template_variable: variables(told, status === 'alarm'),
		},
		undefined,
		2,
	),
});

/** @param {Told} told @param {boolean} isAlarm */
const variables = ({ server, at, name }, isAlarm) => ({
	AccountName: 'OTC0000',
	Namespace: 'Elastic Cloud Server',
	DimensionName: 'ECSs',
	ResourceName: server.name,
	MetricName: 'CPU Usage',
	IsAlarm: isAlarm,
	AlarmLevel: 'Major',
	Region: REGION,
	ResourceId: server.id,
	CurrentData: '97.08%',
	AlarmTime: new Date(at).toUTCString(),
	AlarmRuleName: name,
	EventContent: '',
});

/**
 * Of an account whose language is Chinese: whatever can be read is translated.
 *
 * @param {boolean} isAlarm
 * @returns {(told: Told) => Mail}
 */
const template = (isAlarm) => (told) => ({
	subject: `弹性云服务器 „${told.server.name}“ 告警`,
	message: JSON.stringify({
		version: 'v1',
		data: {
			...variables(told, isAlarm),
			Namespace: '弹性云服务器',
			DimensionName: '云服务器',
			MetricName: 'CPU使用率',
			AlarmLevel: '重要',
			Region: '欧洲-德国',
			RegionId: 'eu-de',
			AlarmTime: `${new Date(told.at).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')} GMT+00:00`,
			AlarmRecordID: 'ah1700000000000AbCdEfGhI',
			ComparisonOperator: '>=',
			Value: '80 %',
			Unit: '%',
			Count: 3,
		},
	}),
});

/** @type {Record<Form, (told: Told) => Mail>} */
const FORMS = {
	alarm: classic('alarm', 'has triggered an alarm.'),
	ok: classic('ok', 'has changed to OK from Alarm.'),
	insufficientData: classic('insufficient_data', 'has insufficient data.'),
	templateAlarm: template(true),
	templateOk: template(false),
	systemEvent: ({ server, at, name }) => ({
		subject: `[Critical]From Cloud Eye: event ${name} of ECS "${server.name}"`,
		message: JSON.stringify({
			message_type: 'alarm',
			type: 'EVENT.SYS',
			alarm_name: 'events-of-servers',
			alarm_status: 'alarm',
			time: at,
			namespace: 'SYS.ECS',
			metric_name: name,
			dimension: `resource_id:${server.id}`,
			template_variable: {
				ResourceName: server.name,
				ResourceId: server.id,
				AlarmLevel: 'Critical',
			},
		}),
	}),
	trace: ({ server, at, name }) => ({
		subject: 'CTS',
		message: JSON.stringify({
			time: at,
			user: JSON.stringify({ name: 'ops', id: '26e96eda18034ae9a44130bacb967b96' }),
			service_type: 'ECS',
			resource_type: 'ecs',
			resource_name: server.name,
			resource_id: server.id,
			source_ip: '10.0.0.1',
			trace_name: name,
			trace_rating: 'normal',
			trace_type: 'ConsoleAction',
			api_version: '1.0',
			record_time: at,
			trace_id: '4abc3a67-b773-11e6-8412-8f0ed3cc97c6',
		}),
	}),
	// As Publish Message without a subject.
	text: ({ server, name }) => ({ message: `${name}: server ${server.name} is down` }),
};

/** @type {Partial<Record<Form, string>>} */
const NAMES = { systemEvent: 'faultPowerOn', trace: 'stopServer' };

/**
 * @param {Form} form
 * @param {Pick<Told, 'server' | 'at'> & { name?: string }} about
 * @returns {Mail}
 * @throws for a form that there is not
 */
function mailOf(form, about) {
	if (!Object.hasOwn(FORMS, form)) {
		throw new Error(`'form' must be one of ${Object.keys(FORMS).join(', ')}`);
	}
	return FORMS[form]({ ...about, name: about.name ?? NAMES[form] ?? 'alarm-of-servers' });
}

module.exports = { mailOf };
